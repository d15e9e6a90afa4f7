import type { Column } from '../../kql/types.ts';
import { countOf } from '../../lib/text.ts';
import type { Rule } from '../../rules/rule.ts';
import type { ResultWarning } from '../hit.ts';

/** What a person should know about a run's result, each sentence saying what follows from it. */
export function resultWarnings(
  rule: Rule,
  columns: readonly Column[],
  found: { readonly notNumbers: number; readonly unknownColumns: readonly string[] },
): readonly ResultWarning[] {
  const warnings = [
    missingColumns(rule, columns),
    notNumbers(rule, found.notNumbers),
    unknownColumns(found.unknownColumns),
  ];
  return warnings.filter((warning) => warning !== null);
}

function missingColumns(rule: Rule, columns: readonly Column[]): ResultWarning | null {
  const { measure, column, groupBy } = rule.threshold;
  const named = [
    ...groupBy,
    ...(measure === 'rows' || column === null ? [] : [column]),
    ...(rule.alert.dedupColumns ?? []),
    ...(rule.alert.severityColumn === null ? [] : [rule.alert.severityColumn]),
  ];
  const present = new Set(columns.map((one) => one.name));
  const missing = [...new Set(named)].filter((name) => !present.has(name));
  if (missing.length === 0) return null;
  const message = `The result has no column ${missing.join(', ')}, which the rule names: the rule does without it.`;
  return { kind: 'missing-column', columns: missing, rows: 0, message };
}

function notNumbers(rule: Rule, rows: number): ResultWarning | null {
  const { column, measure } = rule.threshold;
  if (rows === 0 || column === null) return null;
  const message = `${countOf(rows, 'row')} without a number in ${column} ${rows === 1 ? 'was' : 'were'} left out of ${measure}.`;
  return { kind: 'not-a-number', columns: [column], rows, message };
}

function unknownColumns(columns: readonly string[]): ResultWarning | null {
  if (columns.length === 0) return null;
  const message = `Exceptions name ${columns.join(', ')}, which the result does not have: these entries match nothing.`;
  return { kind: 'exception-column', columns, rows: 0, message };
}

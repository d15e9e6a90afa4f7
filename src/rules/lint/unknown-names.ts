import type { PreparedQuery, QueryFinding } from '../../kql/prepared.ts';
import { RENAMED } from '../../kql/renamed.ts';
import type { Rule } from '../rule.ts';
import type { Remark } from './check.ts';
import { querySpan } from './query-span.ts';

/** What is the matter with a name that the schema does not have. */
export type UnknownKind = 'retired' | 'case' | 'dialect' | 'table' | 'column';

const UNKNOWN_COLUMN = 'KS142';
const UNKNOWN_TABLE = 'KS204';

/** Which check tells a finding of the analysis; null: it is about no name. */
export function unknownKindOf(finding: QueryFinding, query: string): UnknownKind | null {
  const { code, severity, start, end, meant } = finding;
  if ((code !== UNKNOWN_COLUMN && code !== UNKNOWN_TABLE) || severity !== 'warning') return null;
  const name = query.slice(start, end);
  if (RENAMED.has(name)) return 'retired';
  if (name === 'TimeGenerated') return 'dialect';
  if (meant !== undefined && meant !== name && meant.toLowerCase() === name.toLowerCase()) return 'case';
  return code === UNKNOWN_TABLE ? 'table' : 'column';
}

/** The findings of one kind. What differs in letter case alone, or is the same table under a new name, has a fix. */
export function unknownNames(rule: Rule, prepared: PreparedQuery, kind: UnknownKind): readonly Remark[] {
  const found = prepared.findings.filter((finding) => unknownKindOf(finding, rule.query) === kind);
  return found.map((finding) => {
    const { start, end, message, hint, meant, sure } = finding;
    const isSafe =
      (kind === 'case' && sure === true) ||
      (kind === 'retired' && RENAMED.get(rule.query.slice(start, end))?.same === true);
    return {
      ...querySpan(rule.map, finding),
      message,
      suggestion: hint,
      ...((sure || kind === 'case') && { severity: sure ? ('error' as const) : ('warning' as const) }),
      ...(isSafe && meant !== undefined && { fix: [{ start, end, text: meant }] }),
    };
  });
}

import type { PreparedQuery } from '../../kql/prepared.ts';
import { WORKSPACE_TABLES } from '../../kql/workspace/workspace-tables.ts';
import { queryCode } from '../query-code.ts';
import type { Rule } from '../rule.ts';
import type { LintCheck, Remark } from './check.ts';
import { unknownNames } from './unknown-names.ts';

/** The two products name the time of an event differently. */
export const timeDialect: LintCheck = {
  id: 'time-dialect',
  description:
    '`TimeGenerated` on a table that has `Timestamp` in Defender, or `Timestamp` on a table of a Sentinel workspace.',
  why: 'Through the Defender API a table has one of the two names; both work only where Sentinel is connected.',
  mend: 'Write the name that the table has where the rule runs.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule, { prepared }) => [...unknownNames(rule, prepared, 'dialect'), ...ofWorkspace(rule, prepared)],
};

/** Where every table is one of a workspace, nothing has a Timestamp that the query does not make. */
function ofWorkspace({ query, map }: Rule, { tables }: PreparedQuery): readonly Remark[] {
  if (tables.length === 0 || tables.some(({ table }) => !WORKSPACE_TABLES.has(table))) return [];
  const code = queryCode(query);
  const first = code.search(/\bTimestamp\b/);
  if (first < 0 || /\bTimestamp\s*=[^=~]|\bTimestamp\s*:/.test(code)) return [];
  const [name = ''] = tables.map(({ table }) => table);
  const message = `${name} is a table of a Sentinel workspace, whose time column is TimeGenerated.`;
  return [{ place: map.place(first), message, suggestion: 'Write TimeGenerated.' }];
}

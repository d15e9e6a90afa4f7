import type { PreparedQuery, TableReference } from '../../kql/prepared.ts';
import { RENAMED } from '../../kql/renamed.ts';
import type { Rule } from '../rule.ts';
import type { LintCheck, Remark } from './check.ts';
import { querySpan } from './query-span.ts';
import { unknownNames } from './unknown-names.ts';

/** Told of names that the schema no longer has, and of tables that it still has beside their successors. */
export const nameRetired: LintCheck = {
  id: 'name-retired',
  description: 'A table or column that Microsoft has renamed or taken out.',
  why: 'Queries through the API are not changed with the schema: the old name fails, or will.',
  mend: 'Write the name that took its place; `--fix` does so where the rows are the same.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule, { prepared }) => [
    ...unknownNames(rule, prepared, 'retired'),
    ...prepared.tables.filter(({ known }) => known).flatMap((table) => stillThere(rule, prepared, table)),
  ],
};

/** `union *` names none of the tables that it stands for. */
function stillThere({ map }: Rule, { text }: PreparedQuery, table: TableReference): readonly Remark[] {
  const renamed = RENAMED.get(table.table);
  if (!renamed || text.slice(table.start, table.end).includes('*')) return [];
  const when = renamed.since ? ` (${renamed.since})` : '';
  const message = `${table.table} has been replaced by ${renamed.name}${when}.`;
  return [{ ...querySpan(map, table), message, suggestion: `Write ${renamed.name}, and compare the columns.` }];
}

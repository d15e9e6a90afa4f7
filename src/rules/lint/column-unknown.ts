import type { LintCheck } from './check.ts';
import { unknownNames } from './unknown-names.ts';

export const columnUnknown: LintCheck = {
  id: 'column-unknown',
  description:
    'A column that its table does not have, with the nearest that it has: an error where it can be no other.',
  why: 'The service refuses the query, unless Microsoft has added the column since the schema was read.',
  mend: 'Write the column that was meant.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule, { prepared }) => unknownNames(rule, prepared, 'column'),
};

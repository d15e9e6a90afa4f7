import type { LintCheck } from './check.ts';
import { unknownNames } from './unknown-names.ts';

export const tableUnknown: LintCheck = {
  id: 'table-unknown',
  description:
    'A table that the schema does not have, with the nearest that it has: an error where it can be no other.',
  why: 'The service refuses the query, unless the tenant has such a table of its own.',
  mend: 'Write the table that was meant. A table of your tenant: say so with `# huntwire-disable table-unknown: reason`.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule, { prepared }) => unknownNames(rule, prepared, 'table'),
};

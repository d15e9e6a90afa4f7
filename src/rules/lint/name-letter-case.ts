import type { LintCheck } from './check.ts';
import { unknownNames } from './unknown-names.ts';

export const nameLetterCase: LintCheck = {
  id: 'name-letter-case',
  description: 'A table or column that differs from one of the schema in letter case alone.',
  why: 'Names are case sensitive: the service refuses the query.',
  mend: 'Write the name as the schema has it; `--fix` does. A warning where the schema itself writes a column in two ways (`ISP`, `Isp`): look in the portal.',
  severity: 'error',
  analyzed: false,
  refuses: [],
  check: (rule, { prepared }) => unknownNames(rule, prepared, 'case'),
};

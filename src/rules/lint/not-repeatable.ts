import { DEFENDER_FUNCTIONS } from '../../kql/stored-functions.ts';
import { queryCode } from '../query-code.ts';
import type { LintCheck } from './check.ts';

const NAMES = ['rand', 'new_guid', 'externaldata', ...DEFENDER_FUNCTIONS.map((one) => one.name)];
const CALL = new RegExp(`(?<![\\w.])(${NAMES.join('|')})\\s*\\(`, 'g');

/** A run that is asked again must give the same answer, or hits are lost or told twice. */
export const notRepeatable: LintCheck = {
  id: 'not-repeatable',
  description: '`rand`, `new_guid`, `externaldata`, `FileProfile` and other stored functions.',
  why: 'A window that is asked again gives other rows, so that a hit may be told twice or look like another.',
  mend: 'Name columns that do not depend on the call in `alert.dedup.columns`.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule) =>
    [...queryCode(rule.query).matchAll(CALL)].map((match) => ({
      place: rule.map.place(match.index),
      message: `${match[1]}() may answer differently when the same window is asked again.`,
      suggestion: 'Name columns that do not depend on it in "alert.dedup.columns".',
    })),
};

import type { LintCheck } from './check.ts';

/** Told where comments are read (disables/apply.ts), once all checks have looked. */
export const disableUnused: LintCheck = {
  id: 'disable-unused',
  description: 'A `huntwire-disable` comment for a check that finds nothing there.',
  why: 'What it was written for is gone; the next finding of that check there would be silent.',
  mend: 'Take the comment out.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: () => [],
};

import type { LintCheck } from './check.ts';

/** Looked for only where the whole set of rules is looked at. */
export const overlayUnmatched: LintCheck = {
  id: 'overlay-unmatched',
  description: 'An id or pattern of an overlay that no rule has, or an overlay that is laid over none.',
  why: 'A rule was renamed or removed, or the name has a slip: what the overlay says reaches nothing.',
  mend: 'Write the id or pattern as it is now, or take the entry out.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: () => [],
  finish: (_rules, { unmatched = [] }) =>
    unmatched.map(({ file, line, column, message, suggestion }) => ({
      file,
      place: { line, column },
      message,
      suggestion,
    })),
};

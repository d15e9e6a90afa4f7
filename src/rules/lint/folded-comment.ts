import { queryComments } from '../query-code.ts';
import type { LintCheck } from './check.ts';

/** A comment ends with its line. Where YAML joins lines, it goes on over the code of the next: that filter is gone, in silence. */
export const foldedComment: LintCheck = {
  id: 'folded-comment',
  description:
    'A `//` comment in a query whose lines YAML joins (`query: >`): it takes in the code of the next line. Write `query: |`.',
  why: 'A comment ends with its line. Where YAML joins lines, it takes in the next filter, in silence.',
  mend: 'Write `query: |`.',
  severity: 'error',
  analyzed: false,
  refuses: ['stream', 'set', 'snapshot'],
  check: ({ query, map }) => {
    const folds = map.folds ?? [];
    const swallowed = queryComments(query).flatMap(({ start, end }) => {
      const first = folds.find((at) => at > start && at < end && !query.startsWith('//', at));
      return first === undefined ? [] : [first];
    });
    return swallowed.map((at) => ({
      place: map.place(at),
      message: 'The comment before this line takes it in, because YAML joins the lines of this query: it is not run.',
      suggestion: 'Write "query: |", which keeps the lines.',
    }));
  },
};

import type { LintCheck } from './check.ts';

/** Joined lines move every place that the service names, and the next comment swallows code. */
export const foldedQuery: LintCheck = {
  id: 'folded-query',
  description: 'Any query whose lines YAML joins.',
  why: 'A comment put in later would take in all code behind it.',
  mend: 'Write `query: |`.',
  severity: 'info',
  analyzed: false,
  refuses: [],
  check: ({ map }) => {
    if (map.folds === null) return [];
    const message = 'YAML joins the lines of this query to one: a comment in it would take in the code behind it.';
    return [{ place: map.placeOf(['query']), message, suggestion: 'Write "query: |", which keeps the lines.' }];
  },
};

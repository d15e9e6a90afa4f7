import { queryCode } from '../query-code.ts';
import type { LintCheck } from './check.ts';

const LIMITING = /\|\s*(take|limit|sample|sample-distinct|top|top-nested|top-hitters)(?![\w-])/g;

/** What these operators leave out is not told by anyone. */
export const limitedRows: LintCheck = {
  id: 'limited-rows',
  description: '`take`, `limit`, `sample`, `top`: what they drop is not told.',
  why: 'Which rows are dropped is up to the service, and nobody is told.',
  mend: 'Take the operator out: `alert.limit` bounds the alerts and tells the true count.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule) =>
    [...queryCode(rule.query).matchAll(LIMITING)].map((match) => ({
      place: rule.map.place(match.index + match[0].length - (match[1]?.length ?? 0)),
      message: `"${match[1]}" drops rows, and what it drops is not told.`,
      suggestion:
        match[1] === 'top-nested'
          ? 'Write summarize, and a where for what makes a group worth telling.'
          : 'Take it out: "alert.limit" bounds the alerts and tells the true count.',
    })),
};

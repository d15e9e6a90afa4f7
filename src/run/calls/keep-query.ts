import { createHash } from 'node:crypto';
import { type SentTimes, templateOf } from '../../kql/query-template.ts';
import type { RenderedQuery } from '../../kql/render.ts';
import type { KeptQuery } from '../../state/journal-store.ts';

/** A query with a long watchlist in front may have megabytes, and would be kept anew with each change of the list. */
const LONGEST = 256 * 1024;

/** What is kept of a query that was sent; null where it is too long to be kept. */
export function keptQuery(sent: RenderedQuery, times: SentTimes): KeptQuery | null {
  if (sent.text.length > LONGEST) return null;
  const template = templateOf(sent, times);
  return { hash: createHash('sha256').update(template).digest('hex').slice(0, 32), template };
}

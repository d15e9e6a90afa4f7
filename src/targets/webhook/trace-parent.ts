import { createHash } from 'node:crypto';

/**
 * A `traceparent` (W3C Trace Context, version 00): the trace is the alert or batch, so that all attempts meet in one, the span this attempt.
 * `id` is a message id or one of a batch, `now` epoch ms.
 */
export function traceParent(id: string, now: number): string {
  const trace = /(?:^|-)([0-9a-f]{32})(?:-|$)/.exec(id)?.[1] ?? hexOf(id, 32);
  return `00-${trace}-${hexOf(`${id} ${now}`, 16)}-01`;
}

function hexOf(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

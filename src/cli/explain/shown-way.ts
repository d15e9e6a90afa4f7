import type { Config } from '../../config/config.ts';
import { formatDuration } from '../../lib/duration.ts';
import type { Destination } from '../../outbox/routes.ts';
import type { ExplainedTarget } from '../../trial/explain/explanation.ts';

/** A destination as people and programs read it: durations as texts, and who stands in. */
export function shownWay(
  { target, because, digestMs, escalation }: Destination,
  { fallbacks }: Pick<Config, 'fallbacks'>,
): ExplainedTarget {
  const fallback = fallbacks.get(target);
  return {
    target,
    because,
    ...(digestMs !== undefined && { digest: { every: formatDuration(digestMs) } }),
    ...(escalation && { escalate: { after: formatDuration(escalation.everyMs), to: escalation.targets } }),
    ...(fallback && { fallback: { target: fallback.target, after: formatDuration(fallback.afterMs) } }),
  };
}

/** How alerts reach it, in words. */
export function howText({ digest, escalate, fallback }: ExplainedTarget): string {
  const parts = [
    ...(digest ? [`in a digest every ${digest.every}`] : []),
    ...(escalate ? [`not acknowledged: to ${escalate.to.join(', ')} after ${escalate.after} each`] : []),
    ...(fallback ? [`down for ${fallback.after}: to ${fallback.target}, too`] : []),
  ];
  return parts.length === 0 ? 'at once' : parts.join('; ');
}

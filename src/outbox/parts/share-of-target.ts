import type { Target } from '../../targets/target.ts';
import type { ShardPart } from './delivery-part.ts';

/**
 * A target as one of its shards may use it. What counts for all of a target is divided, so that all shards together keep to it wherever they
 * are served; each may deliver one at a time, at least.
 */
export function shareOfTarget(target: Target, shard: ShardPart | null): Target {
  if (shard === null) return target;
  const { concurrency, ratePerSecond } = target.traits;
  const { index, of } = shard;
  const own = Math.floor(concurrency / of) + (index < concurrency % of ? 1 : 0);
  const rate = ratePerSecond === null ? null : ratePerSecond / of;
  return { ...target, traits: { ...target.traits, concurrency: Math.max(1, own), ratePerSecond: rate } };
}

import type { Clock } from '../lib/clock.ts';

export interface RateLimit {
  /** Whether one more may go now, which counts it; else in how many ms. */
  take(key: string): { readonly kind: 'go' } | { readonly kind: 'wait'; readonly waitMs: number };
  /** Whether the next one may go; counts nothing. */
  isFull(key: string): boolean;
}

interface Bucket {
  readonly left: number;
  readonly at: number;
}

/** Keys beyond this are forgotten, the oldest first: a stranger can make up any number. */
const MOST_KEYS = 2000;

/** By key: `burst` at once, and `perMinute` in the long run. */
export function createRateLimit(
  { burst, perMinute }: { readonly burst: number; readonly perMinute: number },
  { monotonic }: Pick<Clock, 'monotonic'>,
): RateLimit {
  const buckets = new Map<string, Bucket>();
  const perMs = perMinute / 60_000;
  const leftOf = (key: string, now: number): number => {
    const bucket = buckets.get(key);
    return bucket ? Math.min(burst, bucket.left + (now - bucket.at) * perMs) : burst;
  };
  return {
    take: (key) => {
      const now = monotonic();
      const left = leftOf(key, now);
      if (left < 1) return { kind: 'wait', waitMs: Math.ceil((1 - left) / perMs) };
      buckets.delete(key);
      buckets.set(key, { left: left - 1, at: now });
      const [oldest] = buckets.keys();
      if (buckets.size > MOST_KEYS && oldest !== undefined) buckets.delete(oldest);
      return { kind: 'go' };
    },
    isFull: (key) => leftOf(key, monotonic()) < 1,
  };
}

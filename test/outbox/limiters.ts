import type { DeliveryResult } from '../../src/targets/target.ts';
import { DELIVERED } from './scene.ts';

/** A receiver's limit: what it says to a request that comes at `now` (ms). */
export type Limiter = (now: number) => DeliveryResult;

/** A 429 with Retry-After in whole seconds, or without. */
export const tooMany = (waitMs: number | null): DeliveryResult => ({
  kind: 'again',
  reason: 'HTTP 429',
  status: 429,
  retryAfterMs: waitMs === null ? null : Math.ceil(waitMs / 1000) * 1000,
});

/** So many in each window of the clock; Retry-After, in whole seconds, points to the next one. */
export function fixedWindow(count: number, windowMs: number): Limiter {
  let window = -1;
  let used = 0;
  return (now) => {
    const current = Math.floor(now / windowMs);
    if (current !== window) used = 0;
    window = current;
    used += 1;
    return used <= count ? DELIVERED : tooMany((current + 1) * windowMs - now);
  };
}

/** A token every `everyMs`, at most `burst` of them saved up; Retry-After tells when the next one is there. */
export function tokenBucket(burst: number, everyMs: number): Limiter {
  let tokens = burst;
  let filledAt = 0;
  return (now) => {
    tokens = Math.min(burst, tokens + (now - filledAt) / everyMs);
    filledAt = now;
    if (tokens < 1) return tooMany((1 - tokens) * everyMs);
    tokens -= 1;
    return DELIVERED;
  };
}

/** So many in any stretch of `windowMs`; it says 429 and no more. */
export function slidingWindow(count: number, windowMs: number): Limiter {
  const taken: number[] = [];
  return (now) => {
    while (taken[0] !== undefined && taken[0] <= now - windowMs) taken.shift();
    if (taken.length >= count) return tooMany(null);
    taken.push(now);
    return DELIVERED;
  };
}

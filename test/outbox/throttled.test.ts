import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/duration.ts';
import type { DeliveryResult } from '../../src/targets/target.ts';
import { commitAlerts } from '../state/samples.ts';
import { tries } from '../tries.ts';
import { fixedWindow, type Limiter, slidingWindow, tokenBucket, tooMany } from './limiters.ts';
import { again, createScene, DELIVERED, fakeTarget, ORIGIN } from './scene.ts';

const ids = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `a${String(index).padStart(4, '0')}`);

/** Hands `count` alerts to a receiver with this limit, 20 ms a request; when (ms from the start) each request came, and the end. */
async function flood(count: number, limiter: Limiter, concurrency: number) {
  const requests: number[] = [];
  let deliveredAt = 0;
  const soar = fakeTarget(
    'soar',
    async () => {
      const at = scene.clock.monotonic() - ORIGIN;
      requests.push(at);
      await scene.clock.sleep(20);
      const answer = limiter(at);
      if (answer.kind === 'delivered') deliveredAt = scene.clock.monotonic() - ORIGIN;
      return answer;
    },
    { concurrency },
  );
  const scene = createScene({ targets: [soar] });
  await commitAlerts(scene.store, ids(count), ['soar']);
  await scene.start();
  for (let minute = 0; minute < 120 && (await scene.pending('soar')).length > 0; minute += 1)
    await scene.clock.advance(MINUTE_MS);
  const left = await scene.pending('soar');
  await scene.stop();
  return { requests, deliveredAt, left };
}

describe('a target that says 429', () => {
  it.each<{ name: string; limiter: Limiter; concurrency: number; leastMs: number }>([
    { name: '30 a minute', limiter: fixedWindow(30, MINUTE_MS), concurrency: 4, leastMs: 5 * MINUTE_MS },
    { name: '30 a minute, 64 at a time', limiter: fixedWindow(30, MINUTE_MS), concurrency: 64, leastMs: 5 * MINUTE_MS },
    { name: '10 at once, one a second', limiter: tokenBucket(10, SECOND_MS), concurrency: 4, leastMs: 146 * SECOND_MS },
    { name: '20 in any 30 s', limiter: slidingWindow(20, 30 * SECOND_MS), concurrency: 4, leastMs: 210 * SECOND_MS },
  ])('takes 156 alerts with hardly more requests: $name', async ({ limiter, concurrency, leastMs }) => {
    const { requests, deliveredAt, left } = await flood(156, limiter, concurrency);
    expect(left).toEqual([]);
    expect(requests.length).toBeLessThanOrEqual(156 * 1.1 + concurrency);
    expect(deliveredAt).toBeLessThanOrEqual(1.3 * leastMs);
  });

  it('takes all of them, and hardly more requests, whatever its limit', async () => {
    const limit = fc.record({
      count: fc.integer({ min: 5, max: 100 }),
      windowMs: fc.integer({ min: 5, max: 120 }).map((seconds) => seconds * SECOND_MS),
      concurrency: fc.integer({ min: 1, max: 16 }),
    });
    await fc.assert(
      fc.asyncProperty(limit, async ({ count, windowMs, concurrency }) => {
        const { requests, left } = await flood(100, fixedWindow(count, windowMs), concurrency);
        expect(left).toEqual([]);
        const windows = Math.ceil(100 / count);
        expect(requests.length).toBeLessThanOrEqual(100 + concurrency + 2 * windows);
      }),
      { numRuns: tries(4, 10) },
    );
  });

  it('once and for an hour is served at its old pace again a while later', async () => {
    let requests = 0;
    const once: Limiter = () => (requests++ === 3 ? tooMany(HOUR_MS) : DELIVERED);
    const { deliveredAt, left } = await flood(500, once, 1);
    expect(left).toEqual([]);
    expect(deliveredAt).toBeGreaterThan(HOUR_MS + 10 * MINUTE_MS);
    expect(deliveredAt).toBeLessThan(HOUR_MS + 45 * MINUTE_MS);
  });
});

describe('Retry-After', () => {
  it('holds for the target: while it runs nothing goes out, and then one alone', async () => {
    let open = false;
    const soar = fakeTarget('soar', () => (open ? DELIVERED : again(10 * MINUTE_MS)));
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ids(50), ['soar']);
    await scene.start();
    await scene.clock.advance(9 * MINUTE_MS);
    expect(soar.seen.length).toBeLessThanOrEqual(4);
    await scene.clock.advance(2 * MINUTE_MS);
    expect(soar.seen.length).toBeLessThanOrEqual(5);
    open = true;
    await scene.clock.advance(HOUR_MS);
    await scene.stop();
    expect(await scene.pending('soar')).toEqual([]);
  });

  it('that is not told is the pause of a back-off, from its first step on', async () => {
    const tooMany: DeliveryResult = { kind: 'again', reason: 'HTTP 429', status: 429, retryAfterMs: null };
    const at: number[] = [];
    const answers = [tooMany, tooMany, tooMany];
    const soar = fakeTarget(
      'soar',
      () => {
        at.push(scene.clock.monotonic() - ORIGIN);
        return answers.shift() ?? DELIVERED;
      },
      { concurrency: 1 },
    );
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ids(1), ['soar']);
    await scene.start();
    await scene.clock.advance(MINUTE_MS);
    await scene.stop();
    expect(at.slice(1).map((time, index) => time - (at[index] ?? 0))).toEqual([1500, 2500, 4500]);
  });

  it('outlasts a restart, but not a drain that leaves no entry out', async () => {
    for (const ignoreBackoff of [false, true]) {
      const soar = fakeTarget('soar', () => again(MINUTE_MS), { concurrency: 1 });
      const scene = createScene({ targets: [soar] });
      await commitAlerts(scene.store, ids(3), ['soar']);
      await scene.start();
      await scene.clock.advance(1000);
      await scene.stop();
      expect(soar.seen).toHaveLength(1);
      soar.answer = () => DELIVERED;
      const next = createScene({ targets: [soar], store: scene.store, clock: scene.clock });
      if (ignoreBackoff) {
        expect(await next.drain(0, true)).toMatchObject([{ delivered: 3 }]);
        continue;
      }
      await next.start();
      await next.clock.advance(58_000);
      expect(soar.seen).toHaveLength(1);
      await next.clock.advance(10_000);
      expect(await next.pending('soar')).toEqual([]);
      await next.stop();
    }
  });

  it('of one target holds for no other', async () => {
    const soar = fakeTarget('soar', () => again(10 * MINUTE_MS));
    const mail = fakeTarget('mail');
    const scene = createScene({ targets: [soar, mail] });
    await commitAlerts(scene.store, ids(50), ['soar', 'mail']);
    await scene.start();
    await scene.clock.advance(1000);
    await scene.stop();
    expect(mail.seen).toHaveLength(50);
  });

  it('beyond the deadline ends a drain at once, and what was not tried stays pending', async () => {
    const soar = fakeTarget('soar', () => again(HOUR_MS));
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ids(50), ['soar']);
    expect(await scene.drain(30_000)).toEqual([{ target: 'soar', delivered: 0, pending: 50, dead: 0 }]);
    expect(soar.seen).toHaveLength(4);
    expect(scene.clock.monotonic() - ORIGIN).toBeLessThan(1000);
  });

  it('within the deadline is waited for', async () => {
    const soar = fakeTarget('soar', fixedAnswer([again(5000)]));
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ids(50), ['soar']);
    expect(await scene.drain(2 * MINUTE_MS)).toMatchObject([{ delivered: 50, pending: 0 }]);
    expect(soar.seen).toHaveLength(51);
  });
});

const fixedAnswer = (answers: ReturnType<typeof again>[]) => () => answers.shift() ?? DELIVERED;

import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../src/lib/duration.ts';
import { followUp } from '../../src/outbox/follow-up.ts';
import type { OutboxEntry } from '../../src/state/outbox-store.ts';
import { START, sampleAlert } from '../state/samples.ts';
import { again, BLOCKED, DELIVERED, REFUSED } from './scene.ts';

const entry = (attempts = 0): OutboxEntry => ({
  id: 1,
  messageId: 'a1',
  target: 'soar',
  orderKey: 'k',
  attempts,
  createdAt: START,
  firstAttemptAt: null,
  alert: sampleAlert('a1'),
});

const at = (now: number, random: number) => ({ now, random, pauseMs: 0 });

describe('what follows a delivery', () => {
  it('is decided by its result', () => {
    expect(followUp(entry(), DELIVERED, at(START, 0))).toEqual({ kind: 'delivered' });
    expect(followUp(entry(), REFUSED, at(START, 0))).toEqual({
      kind: 'bury',
      reason: 'HTTP 422',
      status: 422,
      answer: 'no such field',
    });
    expect(followUp(entry(), BLOCKED, at(START, 0))).toEqual({
      kind: 'retry',
      nextAttemptAt: START,
      reason: 'HTTP 401',
    });
    expect(followUp(entry(), again(), at(START, 0))).toEqual({
      kind: 'retry',
      nextAttemptAt: START + 1000,
      reason: 'HTTP 503',
    });
  });

  it('lets an entry that got a 429 wait as long as its target, however often it got one', () => {
    const result = { ...again(3000), status: 429 };
    for (const attempts of [0, 20])
      expect(followUp(entry(attempts), result, { now: START, random: 1, pauseMs: 3500 })).toMatchObject({
        nextAttemptAt: START + 3500,
      });
  });

  it('counts the attempt that has just failed', () => {
    const delays = [0, 1, 2].map((attempts) => followUp(entry(attempts), again(), at(START, 1 - Number.EPSILON)));
    expect(delays).toMatchObject([2000, 4000, 8000].map((delay) => ({ nextAttemptAt: START + delay })));
  });

  it('ends the waiting of an entry after 72 hours, and a delivery still counts then', () => {
    const late = START + 72 * HOUR_MS;
    for (const result of [again(), BLOCKED]) {
      expect(followUp(entry(), result, at(late - 1, 0)).kind).toBe('retry');
      expect(followUp(entry(), result, at(late, 0))).toMatchObject({
        kind: 'bury',
        status: result.kind === 'again' ? 503 : 401,
      });
    }
    expect(followUp(entry(), DELIVERED, at(late, 0))).toEqual({ kind: 'delivered' });
  });
});

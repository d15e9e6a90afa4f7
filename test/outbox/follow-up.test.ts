import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../src/lib/duration.ts';
import { followUp } from '../../src/outbox/follow-up.ts';
import type { OutboxEntry } from '../../src/state/outbox-store.ts';
import { freshTarget, START, sampleAlert } from '../state/samples.ts';
import { again, BLOCKED, DELIVERED, REFUSED } from './scene.ts';

const entry = (attempts = 0): OutboxEntry => ({
  characters: 2,
  id: 1,
  messageId: 'a1',
  target: 'soar',
  orderKey: 'k',
  attempts,
  createdAt: START,
  firstAttemptAt: null,
  agedMs: 0,
  triedAt: null,
  probedFrom: null,
  receipt: null,
  alert: sampleAlert('a1'),
});

const at = (now: number, random: number) => ({ now, random, pauseMs: 0, target: freshTarget('soar') });

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
      triedAt: START,
      agedMs: 0,
      reason: 'HTTP 401',
    });
    expect(followUp(entry(), again(), at(START, 0))).toEqual({
      kind: 'retry',
      nextAttemptAt: START + 1000,
      triedAt: START,
      agedMs: 0,
      reason: 'HTTP 503',
    });
  });

  it('lets an entry that got a 429 wait as long as its target, however often it got one', () => {
    const result = { ...again(3000), status: 429 };
    for (const attempts of [0, 20])
      expect(followUp(entry(attempts), result, { ...at(START, 1), pauseMs: 3500 })).toMatchObject({
        nextAttemptAt: START + 3500,
      });
  });

  it('counts the attempt that has just failed', () => {
    const delays = [0, 1, 2].map((attempts) => followUp(entry(attempts), again(), at(START, 1 - Number.EPSILON)));
    expect(delays).toMatchObject([2000, 4000, 8000].map((delay) => ({ nextAttemptAt: START + delay })));
  });

  it('ends the waiting of an entry after 72 hours, and a delivery still counts then', () => {
    const old = { ...entry(), triedAt: START, agedMs: 71 * HOUR_MS };
    const late = START + HOUR_MS;
    for (const result of [again(), BLOCKED]) {
      expect(followUp(old, result, at(late - 1, 0)).kind).toBe('retry');
      expect(followUp(old, result, at(late, 0))).toMatchObject({
        kind: 'bury',
        status: result.kind === 'again' ? 503 : 401,
      });
    }
    expect(followUp(old, DELIVERED, at(late, 0))).toEqual({ kind: 'delivered' });
  });
});

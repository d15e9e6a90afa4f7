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

describe('what follows a delivery', () => {
  it('is decided by its result', () => {
    expect(followUp(entry(), DELIVERED, START, 0)).toEqual({ kind: 'delivered' });
    expect(followUp(entry(), REFUSED, START, 0)).toEqual({
      kind: 'bury',
      reason: 'HTTP 422',
      status: 422,
      answer: 'no such field',
    });
    expect(followUp(entry(), BLOCKED, START, 0)).toEqual({ kind: 'retry', nextAttemptAt: START, reason: 'HTTP 401' });
    expect(followUp(entry(), again(), START, 0)).toEqual({
      kind: 'retry',
      nextAttemptAt: START + 1000,
      reason: 'HTTP 503',
    });
  });

  it('counts the attempt that has just failed', () => {
    const delays = [0, 1, 2].map((attempts) => followUp(entry(attempts), again(), START, 1 - Number.EPSILON));
    expect(delays).toMatchObject([2000, 4000, 8000].map((delay) => ({ nextAttemptAt: START + delay })));
  });

  it('ends the waiting of an entry after 72 hours, and a delivery still counts then', () => {
    const late = START + 72 * HOUR_MS;
    for (const result of [again(), BLOCKED]) {
      expect(followUp(entry(), result, late - 1, 0).kind).toBe('retry');
      expect(followUp(entry(), result, late, 0)).toMatchObject({
        kind: 'bury',
        status: result.kind === 'again' ? 503 : 401,
      });
    }
    expect(followUp(entry(), DELIVERED, late, 0)).toEqual({ kind: 'delivered' });
  });
});

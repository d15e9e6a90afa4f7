import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DeliveryResult } from '../../src/targets/target.ts';
import { sampleAlert, sampleCommit, sampleMessage, sampleRun } from '../state/samples.ts';
import { tries } from '../tries.ts';
import { again, BLOCKED, createScene, DELIVERED, fakeTarget, REFUSED } from './scene.ts';

const answer = fc.oneof(
  { weight: 4, arbitrary: fc.constant(DELIVERED) },
  { weight: 2, arbitrary: fc.constant(again()) },
  { weight: 1, arbitrary: fc.constant(REFUSED) },
  { weight: 1, arbitrary: fc.constant(BLOCKED) },
);

interface Plan {
  /** The order key of each alert, as a number. */
  readonly keys: readonly number[];
  readonly answers: readonly DeliveryResult[];
  readonly concurrency: number;
  /** After so many answers the loop is stopped and started anew. */
  readonly restarts: readonly number[];
}

const plan: fc.Arbitrary<Plan> = fc.record({
  keys: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 25 }),
  answers: fc.array(answer, { maxLength: 30 }),
  concurrency: fc.integer({ min: 1, max: 5 }),
  restarts: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 2 }),
});

async function play({ keys, answers, concurrency, restarts }: Plan) {
  const left = [...answers];
  const finished: string[] = [];
  const soar = fakeTarget(
    'soar',
    async ({ messageId }) => {
      const result = left.shift() ?? DELIVERED;
      if (result.kind === 'delivered' || result.kind === 'refused') finished.push(messageId);
      return result;
    },
    { concurrency },
  );
  const scene = createScene({ targets: [soar] });
  const alerts = keys.map((_, index) => sampleAlert(`a${index}`));
  const messages = alerts.map((alert, index) => sampleMessage(alert, 'soar', `key-${keys[index]}`));
  await scene.store.commit(sampleCommit(scene.store, { alerts, messages, run: sampleRun('run-1') }));
  for (const pauseMs of restarts) {
    await scene.start();
    await scene.clock.advance(pauseMs * 100);
    await scene.stop();
  }
  await scene.start();
  await scene.clock.advance(200_000);
  await scene.stop();
  return { finished, counts: await scene.store.targetCounts() };
}

describe('order and completeness', () => {
  it('finishes every alert exactly once, in order per order key, whatever the target answers', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (one) => {
        const { finished, counts } = await play(one);
        expect([...finished].sort()).toEqual(one.keys.map((_, index) => `a${index}`).sort());
        for (const key of new Set(one.keys)) {
          const expected = one.keys.flatMap((other, index) => (other === key ? [`a${index}`] : []));
          expect(finished.filter((id) => expected.includes(id))).toEqual(expected);
        }
        expect(counts.filter((count) => count.pending > 0)).toEqual([]);
      }),
      { numRuns: tries(20, 60) },
    );
  });
});

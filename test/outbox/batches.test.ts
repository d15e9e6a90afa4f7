import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE_MS, SECOND_MS } from '../../src/lib/duration.ts';
import type { BatchTraits, Delivery, DeliveryResult, Target, TargetTraits } from '../../src/targets/target.ts';
import { commitAlerts, sampleAlert, sampleCommit, sampleMessage, sampleRun } from '../state/samples.ts';
import { tries } from '../tries.ts';
import { again, BLOCKED, createScene, DELIVERED, fakeTarget, REFUSED } from './scene.ts';

const BATCH: BatchTraits = { max: 3, everyMs: SECOND_MS, maxCharacters: 1_000_000 };

type Batch = readonly string[];
type AnswerMany = (ids: Batch, deliveries: readonly Delivery[]) => readonly DeliveryResult[] | Promise<never>;

interface BatchTarget extends Target {
  readonly batches: Batch[];
  answerMany: AnswerMany;
}

const deliverAll: AnswerMany = (ids) => ids.map(() => DELIVERED);

function batchTarget(
  answerMany: AnswerMany = deliverAll,
  batch: Partial<BatchTraits> = {},
  traits: Partial<TargetTraits> = {},
): BatchTarget {
  const target: BatchTarget = {
    ...fakeTarget('soar', () => REFUSED, { ...traits, batch: { ...BATCH, ...batch } }),
    batches: [],
    answerMany,
    deliverMany: async (deliveries) => {
      const ids = deliveries.map(({ messageId }) => messageId);
      target.batches.push(ids);
      return target.answerMany(ids, deliveries);
    },
  };
  return target;
}

const names = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `a${from + at}`);

describe('a target that takes batches', () => {
  it('gets what is there after the time that an entry may wait, and no sooner', async () => {
    const soar = batchTarget();
    const scene = createScene({ targets: [soar] });
    await scene.start();
    await commitAlerts(scene.store, ['a0'], ['soar']);
    scene.loop.poke();
    await scene.clock.advance(SECOND_MS / 2);
    await commitAlerts(scene.store, ['a1'], ['soar']);
    scene.loop.poke();
    await scene.clock.advance(SECOND_MS / 2 - 1);
    expect(soar.batches).toEqual([]);
    await scene.clock.advance(1);
    expect(soar.batches).toEqual([['a0', 'a1']]);
    await scene.clock.advance(100);
    expect(await scene.pending('soar')).toEqual([]);
    await scene.stop();
  });

  it('gets a full batch at once, and the rest in its time', async () => {
    const soar = batchTarget();
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, names(7), ['soar']);
    await scene.start();
    expect(soar.batches).toEqual([names(3), names(3, 3)]);
    await scene.clock.advance(SECOND_MS);
    expect(soar.batches).toEqual([names(3), names(3, 3), ['a6']]);
    await scene.stop();
  });

  it('gets no batch that is larger than it may be, but an entry that is too large by itself', async () => {
    const soar = batchTarget(deliverAll, { maxCharacters: 2500, max: 100 });
    const scene = createScene({ targets: [soar] });
    const alerts = [400, 400, 5000, 400].map((length, at) =>
      sampleAlert(`a${at}`, { description: 'd'.repeat(length) }),
    );
    const messages = alerts.map((alert) => sampleMessage(alert, 'soar'));
    await scene.store.commit(sampleCommit(scene.store, { alerts, messages, run: sampleRun('run-1') }));
    await scene.start();
    await scene.clock.advance(SECOND_MS);
    expect(soar.batches).toEqual([['a0', 'a1'], ['a2'], ['a3']]);
    await scene.stop();
  });

  it('gets a large backlog in full batches without waiting', async () => {
    const soar = batchTarget(deliverAll, { max: 1000, everyMs: MINUTE_MS }, { concurrency: 1 });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, names(3000), ['soar']);
    await scene.start();
    await scene.clock.advance(SECOND_MS);
    expect(soar.batches.map(({ length }) => length)).toEqual([1000, 1000, 1000]);
    await scene.stop();
  });

  it('gets everything at once in a drain', async () => {
    const soar = batchTarget(deliverAll, { everyMs: MINUTE_MS });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, names(4), ['soar']);
    const started = scene.clock.now();
    expect(await scene.drain()).toMatchObject([{ delivered: 4, pending: 0 }]);
    expect(scene.clock.now()).toBe(started);
    expect(soar.batches).toEqual([names(3), ['a3']]);
  });

  it('gets as many batches at a time and a second as it takes', async () => {
    const times: number[] = [];
    const soar = batchTarget(
      (ids) => {
        times.push(scene.clock.now() - started);
        return deliverAll(ids, []);
      },
      {},
      { ratePerSecond: 2 },
    );
    const scene = createScene({ targets: [soar] });
    const started = scene.clock.now();
    await commitAlerts(scene.store, names(9), ['soar']);
    await scene.start();
    await scene.clock.advance(2 * SECOND_MS);
    await scene.stop();
    expect(times).toEqual([0, 500, 1000]);
  });

  it('has a result for each entry: taken, tried again, buried', async () => {
    const answers = [[DELIVERED, REFUSED, again()], [DELIVERED]];
    const soar = batchTarget((ids) => answers.shift() ?? deliverAll(ids, []));
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, names(3), ['soar']);
    await scene.start();
    await scene.clock.advance(MINUTE_MS);
    await scene.stop();
    expect(soar.batches).toEqual([names(3), ['a2']]);
    expect(await scene.store.targetCounts()).toMatchObject([{ target: 'soar', pending: 0, dead: 1 }]);
  });

  it.each([
    { name: 'throws', answer: () => Promise.reject(new Error('a defect')), sent: ['a0', 'a1'] },
    { name: 'says too little', answer: () => [DELIVERED], sent: ['a1'] },
  ])('gets again what it said nothing of: one that $name', async ({ answer, sent }) => {
    const soar = batchTarget(answer);
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, names(2), ['soar']);
    await scene.start();
    await scene.clock.advance(SECOND_MS);
    soar.answerMany = deliverAll;
    await scene.clock.advance(MINUTE_MS);
    await scene.stop();
    expect(soar.batches.slice(1).flat().sort()).toEqual(sent);
    expect(await scene.pending('soar')).toEqual([]);
  });

  it('is closed once by a batch that it does not take, and probed with one entry', async () => {
    const soar = batchTarget((ids) => ids.map(() => BLOCKED));
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, names(3), ['soar']);
    await scene.start();
    expect(await scene.store.targetState('soar')).toMatchObject({ probes: 1 });
    soar.answerMany = deliverAll;
    await scene.clock.advance(MINUTE_MS);
    expect(soar.batches.map(({ length }) => length)).toEqual([3, 1, 2]);
    expect(await scene.store.targetState('soar')).toMatchObject({ blockedSince: null });
    await scene.stop();
  });

  it('has one pause for a batch of 429, and its other entries count', async () => {
    const tooMany: DeliveryResult = { ...again(30 * SECOND_MS), status: 429 } as DeliveryResult;
    const soar = batchTarget((ids) => ids.map((_, at) => (at === 0 ? DELIVERED : tooMany)));
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, names(3), ['soar']);
    await scene.start();
    await scene.clock.advance(29 * SECOND_MS);
    expect(soar.batches).toEqual([names(3)]);
    soar.answerMany = deliverAll;
    await scene.clock.advance(MINUTE_MS);
    await scene.stop();
    expect(soar.batches.flat().sort()).toEqual(['a0', 'a1', 'a1', 'a2', 'a2']);
  });
});

describe('batches of any make', () => {
  const result = fc.constantFrom(DELIVERED, DELIVERED, again(), REFUSED, BLOCKED);
  const plan = fc.record({
    keys: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 25 }),
    answers: fc.array(result, { maxLength: 30 }),
    max: fc.integer({ min: 1, max: 6 }),
    concurrency: fc.integer({ min: 1, max: 3 }),
    restarts: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 2 }),
  });

  it('finish every alert once, in order per order key, and never hold two of one key', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ keys, answers, max, concurrency, restarts }) => {
        const left = [...answers];
        const finished: string[] = [];
        const answer: AnswerMany = (ids) =>
          ids.map((id) => {
            const one = left.shift() ?? DELIVERED;
            if (one.kind === 'delivered' || one.kind === 'refused') finished.push(id);
            return one;
          });
        const soar = batchTarget(answer, { max }, { concurrency });
        const scene = createScene({ targets: [soar] });
        const alerts = keys.map((_, at) => sampleAlert(`a${at}`));
        const messages = alerts.map((alert, at) => sampleMessage(alert, 'soar', `key-${keys[at]}`));
        await scene.store.commit(sampleCommit(scene.store, { alerts, messages, run: sampleRun('run-1') }));
        for (const pause of [...restarts.map((one) => one * 100), 200_000]) {
          await scene.start();
          await scene.clock.advance(pause);
          await scene.stop();
        }
        expect([...finished].sort()).toEqual(names(keys.length).sort());
        for (const key of new Set(keys)) {
          const expected = names(keys.length).filter((_, at) => keys[at] === key);
          expect(finished.filter((id) => expected.includes(id))).toEqual(expected);
          for (const ids of soar.batches) expect(ids.filter((id) => expected.includes(id)).length).toBeLessThan(2);
        }
      }),
      { numRuns: tries(15, 40) },
    );
  });
});

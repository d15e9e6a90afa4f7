import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createChains } from '../../src/outbox/chains.ts';
import type { Delivery, DeliveryResult } from '../../src/targets/target.ts';
import { sampleAlert, sampleCommit, sampleMessage, sampleRun } from '../state/samples.ts';
import { tries } from '../tries.ts';
import { sampleEntry } from './bare-session.ts';
import { again, BLOCKED, createScene, DELIVERED, fakeTarget, NEVER, REFUSED, type Scene } from './scene.ts';

async function commit(scene: Scene, keys: readonly string[]): Promise<void> {
  const alerts = keys.map((_, at) => sampleAlert(`a${at}`));
  const messages = alerts.map((alert, at) => sampleMessage(alert, 'siem', keys[at] ?? ''));
  await scene.store.commit(sampleCommit(scene.store, { alerts, messages, run: sampleRun('run-1') }));
}

/** A receiver behind a connection: what is in flight is taken in its order, and all of it fails together. */
function connection(refuses: (id: string) => boolean = () => false) {
  const arrived: string[] = [];
  let flight: { id: string; resolve: (result: DeliveryResult) => void }[] = [];
  const target = fakeTarget(
    'siem',
    ({ messageId }: Delivery) => {
      if (refuses(messageId)) return REFUSED;
      arrived.push(messageId);
      return new Promise((resolve) => flight.push({ id: messageId, resolve }));
    },
    { concurrency: 100, keepsOrder: true },
  );
  const prove = (count: number): void => {
    for (const { resolve } of flight.splice(0, count)) resolve(DELIVERED);
  };
  const breakOff = (result: DeliveryResult): void => {
    const lost = flight;
    flight = [];
    for (const { resolve } of lost) resolve(result);
  };
  return { target, arrived, prove, breakOff, inFlight: () => flight.map(({ id }) => id) };
}

describe('a target that keeps the order of what it is handed', () => {
  it('is handed the entries of one order key one behind another, without waiting', async () => {
    const { target, arrived, inFlight, prove } = connection();
    const scene = createScene({ targets: [target] });
    await commit(scene, ['k', 'k', 'other', 'k', 'k']);
    await scene.start();
    expect(arrived).toEqual(['a0', 'a2', 'a1', 'a3', 'a4']);
    prove(inFlight().length);
    await scene.clock.advance(1000);
    expect(await scene.pending('siem')).toEqual([]);
    await scene.stop();
  });

  it('is handed what comes later behind what is in flight', async () => {
    const { target, arrived } = connection();
    const scene = createScene({ targets: [target] });
    await commit(scene, ['k']);
    await scene.start();
    const later = sampleAlert('later');
    await scene.store.commitHealth({ alerts: [later], messages: [sampleMessage(later, 'siem', 'k')], health: [] });
    scene.loop.poke();
    await scene.clock.advance(0);
    expect(arrived).toEqual(['a0', 'later']);
    await scene.stop();
  });

  it('gets nothing behind what it did not take, before it has taken that', async () => {
    const { target, arrived, prove, breakOff } = connection();
    const scene = createScene({ targets: [target] });
    await commit(scene, ['k', 'k', 'k', 'k']);
    await scene.start();
    prove(1);
    breakOff(again());
    await scene.clock.advance(100);
    expect(arrived.slice(4)).toEqual([]);
    const before = arrived.length;
    await scene.clock.advance(20_000);
    expect(arrived.slice(before)).toEqual(['a1', 'a2', 'a3']);
    prove(3);
    await scene.clock.advance(1000);
    expect(await scene.pending('siem')).toEqual([]);
    await scene.stop();
  });

  it('waits for nobody behind an entry that it refused', async () => {
    const { target, arrived, prove } = connection((id) => id === 'a1');
    const scene = createScene({ targets: [target] });
    await commit(scene, ['k', 'k', 'k']);
    await scene.start();
    expect(arrived).toEqual(['a0', 'a2']);
    prove(2);
    await scene.clock.advance(1000);
    expect(await scene.pending('siem')).toEqual([]);
    await scene.stop();
  });

  it('is handed one at a time where it does not say so', async () => {
    const target = fakeTarget('siem', () => NEVER, { concurrency: 100 });
    const scene = createScene({ targets: [target] });
    await commit(scene, ['k', 'k']);
    await scene.start();
    expect(target.seen).toEqual(['a0']);
    await scene.stop();
  });
});

const step = fc.oneof(
  fc.record({ kind: fc.constant('prove' as const), count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('break' as const), result: fc.constantFrom(again(), again(), BLOCKED) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 5000 }) }),
  fc.record({ kind: fc.constant('restart' as const) }),
);

describe('order and completeness on a connection that breaks', () => {
  it('every entry arrives, and behind every arrival come again all that stand behind it', async () => {
    const keys = fc.array(fc.constantFrom('k', 'l', 'm'), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(keys, fc.array(step, { maxLength: 25 }), async (all, steps) => {
        const { target, arrived, prove, breakOff } = connection();
        const scene = createScene({ targets: [target] });
        await commit(scene, all);
        await scene.start();
        for (const one of steps) {
          if (one.kind === 'prove') prove(one.count);
          if (one.kind === 'break') breakOff(one.result);
          if (one.kind === 'restart') {
            breakOff(again());
            await scene.stop();
            await scene.start();
          }
          await scene.clock.advance(one.kind === 'wait' ? one.ms : 0);
        }
        for (let round = 0; round < 40; round += 1) {
          prove(100);
          await scene.clock.advance(60_000);
        }
        await scene.stop();
        expect(await scene.pending('siem')).toEqual([]);
        for (const key of new Set(all)) {
          const expected = all.flatMap((one, at) => (one === key ? [`a${at}`] : []));
          const places = arrived.filter((id) => expected.includes(id)).map((id) => expected.indexOf(id));
          // What comes is what came last, something before it again, or the next one: nothing is ever left out.
          for (const [at, place] of places.entries()) expect(place).toBeLessThanOrEqual((places[at - 1] ?? -1) + 1);
          expect(places.at(-1)).toBe(expected.length - 1);
        }
      }),
      { numRuns: tries(15, 60) },
    );
  });
});

describe('the chains of what is held', () => {
  const entry = (id: number, orderKey = 'k') => sampleEntry(id, { orderKey });

  it('end in the last entry of each order key', () => {
    const chains = createChains();
    chains.begin(entry(1));
    chains.begin(entry(2, 'l'));
    chains.follow(entry(3));
    expect([...chains.tails]).toEqual([2, 3]);
    chains.release(1);
    chains.release(2);
    expect([...chains.tails]).toEqual([3]);
    chains.release(3);
    chains.release(3);
    expect(chains.tails.size).toBe(0);
  });

  it('have no end behind which anything goes once they are cut, until they begin anew', () => {
    const chains = createChains();
    chains.begin(entry(1));
    chains.follow(entry(2));
    chains.lookedTo = 2;
    chains.cut(1);
    expect([[...chains.tails], chains.isCut(1), chains.isCut(2), chains.lookedTo]).toEqual([[], true, true, 0]);
    chains.follow(entry(3));
    expect(chains.isCut(3)).toBe(true);
    chains.begin(entry(1));
    expect([[...chains.tails], chains.isCut(1), chains.isCut(2)]).toEqual([[1], false, true]);
    chains.release(2);
    chains.release(3);
    expect([...chains.tails]).toEqual([1]);
    chains.follow(entry(2));
    expect([...chains.tails]).toEqual([2]);
  });

  it('take nothing behind entries that are not held', () => {
    const chains = createChains();
    chains.follow(entry(2));
    expect([chains.tails.size, chains.isCut(2), chains.isCut(9)]).toEqual([0, true, false]);
    chains.cut(9);
    chains.release(9);
  });
});

import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { HOUR_MS } from '../../src/lib/duration.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import type { DeliveryResult } from '../../src/targets/target.ts';
import { START, sampleAlert, sampleCommit, sampleMessage } from '../state/samples.ts';
import { createScene, DELIVERED, fakeTarget } from './scene.ts';

const MEBI = 1024 * 1024;
const COUNT = 150;
const CHARACTERS = MEBI / 4;

/** A store that counts how often the outbox is asked. */
function counted(store: Store): { readonly store: Store; readonly asked: () => number } {
  let asked = 0;
  const count =
    <Args extends readonly unknown[], Result>(work: (...given: Args) => Result) =>
    (...given: Args): Result => {
      asked += 1;
      return work(...given);
    };
  return { store: { ...store, pending: count(store.pending), nextDue: count(store.nextDue) }, asked: () => asked };
}

describe('a target that takes nothing', () => {
  it('has at most some large alerts in memory, and gets the rest when it takes them', async () => {
    const clock = createManualClock(START);
    const { store, asked } = counted(openMemoryStore({ clock }));
    const alerts = Array.from({ length: COUNT }, (_, at) =>
      sampleAlert(`a${String(at).padStart(4, '0')}`, { description: 'x'.repeat(CHARACTERS) }),
    );
    for (const alert of alerts) {
      await store.commit(sampleCommit(store, { alerts: [alert], messages: [sampleMessage(alert, 'siem')] }));
    }
    const waiting: ((result: DeliveryResult) => void)[] = [];
    const siem = fakeTarget('siem', () => new Promise((resolve) => waiting.push(resolve)), { concurrency: 8192 });
    const scene = createScene({ targets: [siem], clock, store });
    await scene.start();
    const held = siem.seen.length;
    expect(held * CHARACTERS).toBeGreaterThanOrEqual(16 * MEBI);
    expect(held * CHARACTERS).toBeLessThanOrEqual(29 * MEBI);
    const before = asked();
    await clock.advance(HOUR_MS);
    expect(siem.seen).toHaveLength(held);
    // Every 15 seconds, and not all the time.
    expect(asked() - before).toBeLessThanOrEqual(2 * 240);
    while (siem.seen.length < COUNT || waiting.length > 0) {
      for (const resolve of waiting.splice(0)) resolve(DELIVERED);
      await clock.advance(100);
    }
    await scene.stop();
    expect(siem.seen).toEqual(alerts.map(({ id }) => id));
    expect(await scene.pending('siem')).toEqual([]);
  });
});

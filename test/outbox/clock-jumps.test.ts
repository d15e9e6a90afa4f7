import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/duration.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import { commitAlerts, START } from '../state/samples.ts';
import { tooMany } from './limiters.ts';
import { again, BLOCKED, createScene, DELIVERED, type FakeTarget, fakeTarget, ORIGIN, type Scene } from './scene.ts';

/** The wall clock is wrong by `skew` for `ms`, and then right. */
async function wrongFor(scene: Scene, skew: number, ms: number): Promise<void> {
  scene.clock.jump(skew);
  await scene.clock.advance(ms);
  scene.clock.jump(-skew);
}

async function start(soar: FakeTarget): Promise<Scene> {
  const scene = createScene({ targets: [soar], random: () => 0 });
  await commitAlerts(scene.store, ['a1'], ['soar']);
  await scene.start();
  return scene;
}

describe.each([
  ['a day ahead', DAY_MS],
  ['four days ahead', 4 * DAY_MS],
  ['a day behind', -DAY_MS],
])('a clock that is %s for a minute and then right', (_name, skew) => {
  it('does not make a pending delivery wait until tomorrow', async () => {
    const soar = fakeTarget('soar', () => again());
    const scene = await start(soar);
    await wrongFor(scene, skew, MINUTE_MS);
    soar.answer = () => DELIVERED;
    await scene.clock.advance(MINUTE_MS);
    expect(await scene.pending('soar')).toEqual([]);
    await commitAlerts(scene.store, ['a2'], ['soar']);
    await scene.clock.advance(MINUTE_MS);
    await scene.stop();
    expect(await scene.pending('soar')).toEqual([]);
  });

  it('does not make alerts that were committed meanwhile wait', async () => {
    const soar = fakeTarget('soar', () => again());
    const scene = await start(soar);
    scene.clock.jump(skew);
    await commitAlerts(scene.store, ['a2'], ['soar']);
    await scene.clock.advance(MINUTE_MS);
    scene.clock.jump(-skew);
    soar.answer = () => DELIVERED;
    await scene.clock.advance(MINUTE_MS);
    await scene.stop();
    expect(soar.seen).toContain('a2');
    expect(await scene.pending('soar')).toEqual([]);
  });

  it('does not make a blocked target wait for its probe until tomorrow', async () => {
    const soar = fakeTarget('soar', () => BLOCKED);
    const scene = await start(soar);
    await wrongFor(scene, skew, MINUTE_MS);
    soar.answer = () => DELIVERED;
    await scene.clock.advance(MINUTE_MS);
    await scene.stop();
    expect(await scene.pending('soar')).toEqual([]);
  });

  it('gives nothing up', async () => {
    const soar = fakeTarget('soar', () => again());
    const blocked = fakeTarget('blocked', () => BLOCKED);
    const scene = createScene({ targets: [soar, blocked], random: () => 0.9 });
    await commitAlerts(scene.store, ['a1', 'a2'], ['soar', 'blocked']);
    await scene.start();
    for (let times = 0; times < 5; times += 1) {
      await wrongFor(scene, skew, MINUTE_MS);
      await scene.clock.advance(MINUTE_MS);
    }
    await scene.stop();
    expect(await scene.store.deadLetters({ target: null, ids: null })).toEqual([]);
  });

  it('ends a drain no later than its deadline', async () => {
    const soar = fakeTarget('soar', () => again());
    const scene = createScene({ targets: [soar], random: () => 0 });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    soar.answer = () => {
      scene.clock.jump(soar.seen.length === 1 ? skew : 0);
      return again();
    };
    await scene.drain(30 * SECOND_MS);
    expect(scene.clock.monotonic() - ORIGIN).toBeLessThanOrEqual(31 * SECOND_MS);
    expect(await scene.pending('soar')).toEqual(['a1']);
  });
});

describe('after a restart', () => {
  let folder = '';
  let path = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'huntwire-restart-'));
    path = join(folder, 'state.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Two lives on one state; `pass` is what the wall clock shows to have passed between them. */
  async function twoLives(soar: FakeTarget, first: (scene: Scene) => Promise<void>, pass: number) {
    const before = createManualClock(START);
    const store = openSqliteStore({ path, clock: before });
    await commitAlerts(store, ['a1'], ['soar']);
    const scene = createScene({ targets: [soar], store, clock: before, random: () => 0 });
    await scene.start();
    await first(scene);
    await scene.stop();
    await store.close();
    const seen = soar.seen.length;
    const after = createManualClock(before.now() + pass);
    const reopened = openSqliteStore({ path, clock: after });
    const next = createScene({ targets: [soar], store: reopened, clock: after, random: () => 0 });
    await next.start();
    return {
      /** Minutes until the next request, or null within two hours. */
      firstAfter: async () => {
        for (let minute = 0; minute < 120; minute += 1) {
          if (soar.seen.length > seen) return minute;
          await after.advance(MINUTE_MS);
        }
        return null;
      },
      end: async () => {
        await next.stop();
        await reopened.close();
      },
    };
  }

  it.each([
    ['ten minutes later', 10 * MINUTE_MS, 20],
    ['at once', 0, 30],
    ['with the clock a day behind', -DAY_MS, 30],
    ['with the clock a day ahead', DAY_MS, 0],
  ])('what was asked to wait waits for what remained: %s', async (_name, pass, minutes) => {
    const soar = fakeTarget('soar', () => tooMany(HOUR_MS / 2));
    const { firstAfter, end } = await twoLives(soar, async () => undefined, pass);
    expect(await firstAfter()).toBe(minutes);
    await end();
  });

  it.each([
    ['ten minutes later', 10 * MINUTE_MS, 20],
    ['with the clock a day behind', -DAY_MS, 30],
    ['with the clock a day ahead', DAY_MS, 0],
  ])('a blocked target is probed when it was to be: %s', async (_name, pass, minutes) => {
    const soar = fakeTarget('soar', () => ({ ...BLOCKED, retryAfterMs: HOUR_MS / 2 }));
    const { firstAfter, end } = await twoLives(soar, async () => undefined, pass);
    expect(await firstAfter()).toBe(minutes);
    await end();
  });

  it('what was written while the clock was a day ahead does not wait until then', async () => {
    const soar = fakeTarget('soar', () => again(HOUR_MS / 2));
    const { firstAfter, end } = await twoLives(soar, async (scene) => scene.clock.jump(DAY_MS), -DAY_MS);
    expect(await firstAfter()).toBe(30);
    await end();
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { MINUTE_MS } from '../../src/lib/duration.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { openMemoryStore, openSqliteStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import { commitAlerts, freshTarget, START } from '../state/samples.ts';
import { again, BLOCKED, createScene, DELIVERED, fakeTarget, REFUSED } from './scene.ts';

const full = new HuntwireError('STATE_FULL', 'the disk is full', { retryable: true });

/** A store of which the named methods fail as long as `failing` says so. */
function spoiled(store: Store, methods: readonly (keyof Store)[], state: { failing: boolean }): Store {
  const fail =
    (work: (...given: never[]) => unknown) =>
    async (...given: never[]) => {
      if (state.failing) throw full;
      return work(...given);
    };
  const wrapped = methods.map((name) => [name, fail(store[name] as (...given: never[]) => unknown)]);
  return { ...store, ...Object.fromEntries(wrapped) };
}

describe('a store that fails for a while', () => {
  it('loses no acknowledgement: they are kept, and nothing is sent twice', async () => {
    const clock = createManualClock(START);
    const state = { failing: true };
    const store = openMemoryStore({ clock });
    const soar = fakeTarget('soar');
    const scene = createScene({ targets: [soar], clock, store: spoiled(store, ['delivered'], state) });
    await commitAlerts(store, ['a1', 'a2'], ['soar']);
    await scene.start();
    await clock.advance(10_000);
    expect(await scene.pending('soar')).toEqual(['a1', 'a2']);
    const kept = scene.logged.filter((line) => line.fields?.code === 'STATE_FULL');
    expect(kept).toHaveLength(1);
    state.failing = false;
    await clock.advance(2000);
    await scene.stop();
    expect(soar.seen).toEqual(['a1', 'a2']);
    expect(await scene.pending('soar')).toEqual([]);
  });

  it('keeps results of every kind', async () => {
    const clock = createManualClock(START);
    const state = { failing: true };
    const store = openMemoryStore({ clock });
    const refusing = fakeTarget('refusing', () => REFUSED);
    const retrying = fakeTarget('retrying', () => again(MINUTE_MS));
    const options = { targets: [refusing, retrying], clock };
    const scene = createScene({ ...options, store: spoiled(store, ['bury', 'retryLater'], state) });
    await commitAlerts(store, ['a1'], ['refusing', 'retrying']);
    await scene.start();
    await clock.advance(5000);
    state.failing = false;
    await clock.advance(2000);
    await scene.stop();
    expect([refusing.seen, retrying.seen]).toEqual([['a1'], ['a1']]);
    expect(await store.deadLetters({ target: null, ids: null })).toMatchObject([{ target: 'refusing' }]);
    expect(await store.nextDue('retrying', START)).toBe(START + MINUTE_MS);
  });

  it('is read again later', async () => {
    const clock = createManualClock(START);
    const state = { failing: true };
    const store = openMemoryStore({ clock });
    const soar = fakeTarget('soar');
    const scene = createScene({ targets: [soar], clock, store: spoiled(store, ['pending', 'nextDue'], state) });
    await commitAlerts(store, ['a1'], ['soar']);
    await scene.start();
    await clock.advance(5000);
    expect(soar.seen).toEqual([]);
    state.failing = false;
    await clock.advance(1000);
    await scene.stop();
    expect(soar.seen).toEqual(['a1']);
  });

  it('gets its health alert once it works', async () => {
    const clock = createManualClock(START);
    const state = { failing: true };
    const store = openMemoryStore({ clock });
    const mail = fakeTarget('mail');
    const options = { targets: [fakeTarget('soar', () => BLOCKED), mail], healthTargets: ['mail'], clock };
    const scene = createScene({ ...options, store: spoiled(store, ['commitHealth', 'setTargetState'], state) });
    await commitAlerts(store, ['a1'], ['soar']);
    await scene.start();
    await clock.advance(500);
    expect(mail.seen).toEqual([]);
    state.failing = false;
    await clock.advance(MINUTE_MS);
    await scene.stop();
    expect(mail.seen).toEqual(['firing target-blocked soar']);
  });

  it('ends the loop with the failure where nothing can be stored any more', async () => {
    const clock = createManualClock(START);
    const store = openMemoryStore({ clock });
    const delivered: Store['delivered'] = () => Promise.reject(new HuntwireError('STATE_GONE', 'the file is gone'));
    const scene = createScene({ targets: [fakeTarget('soar')], clock, store: { ...store, delivered } });
    await commitAlerts(store, ['a1'], ['soar']);
    await scene.start();
    await clock.advance(MINUTE_MS);
    await expect(scene.stop()).rejects.toMatchObject({ code: 'STATE_GONE' });
  });

  it('fails the end of a drain whose results cannot be stored', async () => {
    const clock = createManualClock(START);
    const store = openMemoryStore({ clock });
    const scene = createScene({
      targets: [fakeTarget('soar')],
      clock,
      store: spoiled(store, ['delivered'], { failing: true }),
    });
    await commitAlerts(store, ['a1'], ['soar']);
    await expect(scene.drain()).rejects.toMatchObject({ code: 'STATE_FULL' });
    expect(await scene.pending('soar')).toEqual(['a1']);
  });
});

describe('a crash', () => {
  it('between send and acknowledgement repeats the message under the same id', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'huntwire-crash-'));
    const clock = createManualClock(START);
    const path = join(folder, 'state.db');
    const soar = fakeTarget('soar');
    const before = openSqliteStore({ path, clock });
    await commitAlerts(before, ['a1'], ['soar']);
    const lost = createScene({ targets: [soar], clock, store: spoiled(before, ['delivered'], { failing: true }) });
    await lost.start();
    expect(soar.seen).toEqual(['a1']);
    await expect(lost.stop()).rejects.toMatchObject({ code: 'STATE_FULL' });
    await before.close();

    const after = openSqliteStore({ path, clock });
    const scene = createScene({ targets: [soar], clock, store: after });
    await scene.start();
    await scene.stop();
    expect(soar.seen).toEqual(['a1', 'a1']);
    expect(await scene.pending('soar')).toEqual([]);
    await after.close();
    rmSync(folder, { recursive: true });
  });

  it('after a burial and before its health alert is made good at the next start', async () => {
    const clock = createManualClock(START);
    const store = openMemoryStore({ clock });
    const mail = fakeTarget('mail');
    await commitAlerts(store, ['a1'], ['soar']);
    await store.buryPending('soar', { reason: 'r', at: START });
    const scene = createScene({ targets: [fakeTarget('soar'), mail], healthTargets: ['mail'], clock, store });
    await scene.drain();
    await scene.drain();
    expect(mail.seen).toEqual(['firing dead-letter soar']);
  });

  it('after a target was opened and before its resolve is made good at the next start', async () => {
    const clock = createManualClock(START);
    const store = openMemoryStore({ clock });
    const [soar, mail] = [fakeTarget('soar', () => BLOCKED), fakeTarget('mail')];
    const scene = createScene({ targets: [soar, mail], healthTargets: ['mail'], clock, store });
    await commitAlerts(store, ['a1'], ['soar']);
    await scene.drain();
    await store.setTargetState(freshTarget('soar'));
    soar.answer = () => DELIVERED;
    await scene.drain();
    expect(mail.seen).toEqual(['firing target-blocked soar', 'resolved target-blocked soar']);
  });
});

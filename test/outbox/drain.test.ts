import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/duration.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import { commitAlerts, START } from '../state/samples.ts';
import { again, BLOCKED, createScene, DELIVERED, fakeTarget, NEVER, REFUSED } from './scene.ts';

describe('a drain', () => {
  it('delivers what is pending and counts it per target', async () => {
    const targets = [fakeTarget('soar'), fakeTarget('siem', () => REFUSED), fakeTarget('mail', () => again())];
    const scene = createScene({ targets });
    await commitAlerts(scene.store, ['a1', 'a2'], ['soar', 'siem', 'mail']);
    expect(await scene.drain()).toEqual([
      { target: 'soar', delivered: 2, pending: 0, dead: 0 },
      { target: 'siem', delivered: 0, pending: 0, dead: 2 },
      { target: 'mail', delivered: 0, pending: 2, dead: 0 },
    ]);
    expect(scene.clock.now()).toBe(START);
  });

  it('ends at once when nothing is pending', async () => {
    const scene = createScene({ targets: [fakeTarget('soar')] });
    expect(await scene.drain(MINUTE_MS)).toEqual([{ target: 'soar', delivered: 0, pending: 0, dead: 0 }]);
    expect(scene.clock.now()).toBe(START);
  });

  it('delivers a chain of one order key to its end', async () => {
    const soar = fakeTarget('soar');
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1', 'a2', 'a3'], ['soar'], 'one-key');
    await scene.drain();
    expect(soar.seen).toEqual(['a1', 'a2', 'a3']);
  });

  it('makes one attempt for every entry whatever its back-off, and no more without time', async () => {
    const soar = fakeTarget('soar', () => again(HOUR_MS));
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1', 'a2'], ['soar']);
    await scene.drain();
    await scene.drain();
    expect(soar.seen.sort()).toEqual(['a1', 'a1', 'a2', 'a2']);
    await scene.drain(0, false);
    expect(soar.seen).toHaveLength(4);
  });

  it('retries until its deadline', async () => {
    const answers = [again(), again()];
    const soar = fakeTarget('soar', () => answers.shift() ?? DELIVERED);
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    expect(await scene.drain(30_000)).toEqual([{ target: 'soar', delivered: 1, pending: 0, dead: 0 }]);
    expect(soar.seen).toHaveLength(3);
  });

  it('leaves what falls due after the deadline', async () => {
    const soar = fakeTarget('soar', () => again(60_000));
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    expect(await scene.drain(30_000)).toEqual([{ target: 'soar', delivered: 0, pending: 1, dead: 0 }]);
    expect(soar.seen).toHaveLength(1);
    expect(scene.clock.now()).toBe(START);
  });

  it('probes a target that was blocked before, and sends everything when it works again', async () => {
    const soar = fakeTarget('soar', () => BLOCKED);
    const scene = createScene({ targets: [soar] });
    const ids = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'];
    await commitAlerts(scene.store, ids, ['soar']);
    await scene.drain();
    expect((await scene.store.targetState('soar')).blockedSince).toBe(START);
    await scene.drain();
    expect(soar.seen).toHaveLength(5);
    soar.answer = () => DELIVERED;
    expect(await scene.drain()).toEqual([{ target: 'soar', delivered: 6, pending: 0, dead: 0 }]);
  });

  it('also delivers the health alerts it causes', async () => {
    const soar = fakeTarget('soar', () => BLOCKED);
    const mail = fakeTarget('mail');
    const scene = createScene({ targets: [mail, soar], healthTargets: ['mail'] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.drain();
    expect(mail.seen).toEqual(['firing target-blocked soar']);
  });

  it('also delivers those that it causes after their target was done', async () => {
    const mail = fakeTarget('mail');
    const soar = fakeTarget('soar', async () => {
      await scene.clock.sleep(10_000);
      return BLOCKED;
    });
    const scene = createScene({ targets: [mail, soar], healthTargets: ['mail'] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    expect(await scene.drain()).toMatchObject([{ target: 'mail', delivered: 1 }, { pending: 1 }]);
    expect(mail.seen).toEqual(['firing target-blocked soar']);
  });

  it('reads the outbox of a target no more once that has failed', async () => {
    const clock = createManualClock(START);
    const whole = openMemoryStore({ clock });
    let reads = 0;
    const pending: Store['pending'] = async (target, query) => {
      if (target !== 'siem') return whole.pending(target, query);
      reads += 1;
      throw new HuntwireError('STATE_BUSY', 'locked', { retryable: true });
    };
    const targets = [fakeTarget('siem'), fakeTarget('soar', () => BLOCKED), fakeTarget('mail')];
    const scene = createScene({ targets, clock, store: { ...whole, pending }, healthTargets: ['mail'] });
    await commitAlerts(whole, ['a1'], ['siem', 'soar']);
    await expect(scene.drain()).rejects.toMatchObject({ code: 'STATE_BUSY' });
    expect(reads).toBe(1);
  });

  it('gives up a delivery that never ends, and the other targets get theirs', async () => {
    const soar = fakeTarget('soar');
    const scene = createScene({ targets: [fakeTarget('hanging', () => NEVER), soar] });
    await commitAlerts(scene.store, ['a1'], ['hanging', 'soar']);
    const counts = await scene.drain(1000);
    expect(counts).toMatchObject([{ delivered: 0, pending: 1 }, { delivered: 1 }]);
    expect(scene.clock.now() - START).toBeLessThan(MINUTE_MS);
  });

  it('stops when it is told to', async () => {
    const scene = createScene({ targets: [fakeTarget('soar')] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    const signal = AbortSignal.abort();
    const counts = await scene.loop.drain({ deadline: scene.clock.monotonic() + HOUR_MS, ignoreBackoff: true, signal });
    expect(counts).toEqual([{ target: 'soar', delivered: 0, pending: 1, dead: 0 }]);
  });

  it('stores what the other targets took before it fails', async () => {
    const clock = createManualClock(START);
    const whole = openMemoryStore({ clock });
    const pending: Store['pending'] = async (target, query) => {
      if (target === 'siem') throw new HuntwireError('STATE_BUSY', 'locked', { retryable: true });
      return whole.pending(target, query);
    };
    const targets = [fakeTarget('siem'), fakeTarget('soar')];
    const scene = createScene({ targets, clock, store: { ...whole, pending } });
    await commitAlerts(whole, ['a1'], ['siem', 'soar']);
    await expect(scene.drain()).rejects.toMatchObject({ code: 'STATE_BUSY' });
    expect(await whole.targetCounts()).toMatchObject([{ target: 'siem', pending: 1 }]);
  });

  it('fails when the outbox cannot be read', async () => {
    const scene = createScene({ targets: [fakeTarget('soar')] });
    await scene.store.close();
    await expect(scene.drain()).rejects.toMatchObject({ code: 'STATE_FAILED' });
  });
});

import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/duration.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { trackTarget } from '../../src/outbox/blocking.ts';
import { refreshSoon } from '../../src/outbox/refresh-conditions.ts';
import { addChore, choresDone, openSession, putBack } from '../../src/outbox/session.ts';
import { createSessionEnd } from '../../src/outbox/session-end.ts';
import type { DeliveryResult } from '../../src/targets/target.ts';
import { commitAlerts, freshTarget, START } from '../state/samples.ts';
import { openBareSession, sampleEntries, sampleEntry } from './bare-session.ts';
import { again, BLOCKED, createScene, DELIVERED, fakeTarget, NEVER, ORIGIN, REFUSED } from './scene.ts';

describe('a session', () => {
  it.each([
    { name: 'keeps what is left of a pause', mode: { kind: 'run' as const }, in: MINUTE_MS, left: MINUTE_MS },
    { name: 'forgets a pause that is over', mode: { kind: 'run' as const }, in: -MINUTE_MS, left: 0 },
    {
      name: 'keeps the pause in a drain that keeps to the times of its entries',
      mode: { kind: 'drain' as const, deadline: ORIGIN, ignoreBackoff: false },
      in: MINUTE_MS,
      left: MINUTE_MS,
    },
    {
      name: 'leaves no pause in a drain that tries everything',
      mode: { kind: 'drain' as const, deadline: ORIGIN, ignoreBackoff: true },
      in: MINUTE_MS,
      left: 0,
    },
  ])('$name', async ({ mode, in: inMs, left }) => {
    const { session, store, clock } = await openBareSession([fakeTarget('soar')]);
    await store.setTargetState({ ...freshTarget('soar'), pausedUntil: START + inMs });
    const next = await openSession(session, mode, createSessionEnd(new AbortController().signal));
    expect(next.queues.map(({ throttle }) => throttle.pauseMs(clock.monotonic()))).toEqual([left]);
    expect(next.queues.map(({ throttle }) => throttle.waitMs(clock.monotonic()))).toEqual([left]);
  });

  it('wakes only the target whose results were stored', async () => {
    const { session, store, clock } = await openBareSession([fakeTarget('soar'), fakeTarget('mail')]);
    await commitAlerts(store, ['a1'], ['soar', 'mail']);
    for (const queue of session.queues) {
      queue.stale = false;
      queue.held.add(queue.target.name === 'soar' ? 1 : 2);
    }
    session.results.add(sampleEntry(1), { kind: 'delivered' });
    await session.results.flush();
    const seen = session.queues.map(({ target, stale, held }) => [target.name, stale, [...held]]);
    expect(seen).toEqual([
      ['soar', true, []],
      ['mail', false, [2]],
    ]);
    const rung = Promise.all(session.queues.map(({ bell }) => bell.wait(0)));
    await clock.advance(0);
    expect(await rung).toEqual([true, false]);
  });

  it('gives back what was fetched and not started', async () => {
    const { queue } = await openBareSession([fakeTarget('soar')]);
    queue.ready.push(...sampleEntries(2));
    for (const id of [1, 2, 3]) queue.held.add(id);
    putBack(queue);
    expect([queue.ready, [...queue.held]]).toEqual([[], [3]]);
  });

  it('logs a chore that failed, goes on with the next, and ends where nothing can be stored any more', async () => {
    const { session, errors } = await openBareSession([fakeTarget('soar')]);
    const done: string[] = [];
    addChore(session, () => Promise.reject(new HuntwireError('STATE_BUSY', 'locked', { retryable: true })));
    addChore(session, async () => void done.push('next'));
    await choresDone(session);
    expect([done, session.signal.aborted]).toEqual([['next'], false]);
    addChore(session, () => Promise.reject(new HuntwireError('STATE_GONE', 'the file is gone')));
    await choresDone(session);
    expect(session.end.failure()).toMatchObject({ code: 'STATE_GONE' });
    expect(session.signal.aborted).toBe(true);
    expect(errors).toEqual([
      { code: 'STATE_BUSY', reason: 'locked' },
      { code: 'STATE_GONE', reason: 'the file is gone' },
    ]);
  });

  it('waits for the chores that chores have added', async () => {
    const { session } = await openBareSession([fakeTarget('soar')]);
    const done: string[] = [];
    addChore(session, async () => {
      addChore(session, async () => void done.push('inner'));
      done.push('outer');
    });
    await choresDone(session);
    expect(done).toEqual(['outer', 'inner']);
  });

  it('leaves nothing on the signal of its caller, and ends at once where that has aborted', () => {
    const caller = new AbortController();
    const end = createSessionEnd(caller.signal);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(1);
    end.release();
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
    expect(end.signal.aborted).toBe(false);
    expect(createSessionEnd(AbortSignal.abort()).signal.aborted).toBe(true);
  });

  it('ends with the first failure', () => {
    const end = createSessionEnd(new AbortController().signal);
    expect(end.failure()).toBeNull();
    const failures = ['first', 'second'].map((reason) => new HuntwireError('STATE_GONE', reason));
    for (const failure of failures) end.fail(failure);
    expect(end.failure()).toBe(failures[0]);
    expect(end.signal.reason).toBe(failures[0]);
  });

  it('that has ended leaves nothing on the signal of its caller', async () => {
    const scene = createScene({ targets: [fakeTarget('soar')] });
    const { signal } = new AbortController();
    await scene.loop.drain({ deadline: scene.clock.monotonic(), ignoreBackoff: true, signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('ends with the failure of a chore behind which nothing can be stored', async () => {
    const bare = await openBareSession([fakeTarget('soar')]);
    const deadCounts = bare.store.deadCounts;
    let failing = false;
    const store = {
      ...bare.store,
      deadCounts: () => (failing ? Promise.reject(new HuntwireError('STATE_GONE', 'the file is gone')) : deadCounts()),
    };
    const scene = createScene({ targets: [fakeTarget('soar')], store, clock: bare.clock });
    await scene.start();
    failing = true;
    await scene.clock.advance(MINUTE_MS);
    await expect(scene.stop()).rejects.toMatchObject({ code: 'STATE_GONE' });
  });

  it('does not look at conditions once more when it is told to stop', async () => {
    const bare = await openBareSession([fakeTarget('soar')]);
    let reads = 0;
    const deadCounts = () => {
      reads += 1;
      return bare.store.deadCounts();
    };
    const scene = createScene({
      targets: [fakeTarget('soar')],
      store: { ...bare.store, deadCounts },
      clock: bare.clock,
    });
    await scene.start();
    const atStart = reads;
    await scene.clock.advance(MINUTE_MS);
    expect(reads).toBe(atStart + 1);
    await scene.stop();
    expect(reads).toBe(atStart + 1);
  });
});

describe('the loop', () => {
  it('may be poked while it does not run', async () => {
    const soar = fakeTarget('soar');
    const scene = createScene({ targets: [soar] });
    scene.loop.poke();
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.drain();
    scene.loop.poke();
    expect(soar.seen).toEqual(['a1']);
  });

  it('ends with what made it end, though the end fails for another reason', async () => {
    const bare = await openBareSession([fakeTarget('soar')]);
    const failing = { code: 'STATE_FULL' as 'STATE_FULL' | 'STATE_GONE' };
    const fail = () =>
      Promise.reject(new HuntwireError(failing.code, 'no', { retryable: failing.code === 'STATE_FULL' }));
    const deadCounts = () => (failing.code === 'STATE_GONE' ? fail() : bare.store.deadCounts());
    const store = { ...bare.store, delivered: fail, deadCounts };
    const scene = createScene({ targets: [fakeTarget('soar')], store, clock: bare.clock });
    await commitAlerts(bare.store, ['a1'], ['soar']);
    await scene.start();
    await scene.clock.advance(MINUTE_MS - 2 * SECOND_MS);
    failing.code = 'STATE_GONE';
    const watched = scene.clock.advance(2 * SECOND_MS);
    await watched;
    failing.code = 'STATE_FULL';
    await expect(scene.stop()).rejects.toMatchObject({ code: 'STATE_GONE' });
  });

  it('ends where the outbox is gone, and says why it cannot be read where it is not', async () => {
    const bare = await openBareSession([fakeTarget('soar')]);
    const failing = { code: 'STATE_BUSY' as 'STATE_BUSY' | 'STATE_GONE' };
    const pending = () =>
      Promise.reject(new HuntwireError(failing.code, 'no', { retryable: failing.code === 'STATE_BUSY' }));
    const scene = createScene({ targets: [fakeTarget('soar')], store: { ...bare.store, pending }, clock: bare.clock });
    await scene.start();
    expect(scene.logged).toEqual([
      {
        level: 'error',
        message: 'The outbox cannot be read; it is tried again.',
        fields: { target: 'soar', code: 'STATE_BUSY', reason: 'no' },
      },
    ]);
    failing.code = 'STATE_GONE';
    await scene.clock.advance(SECOND_MS);
    await expect(scene.stop()).rejects.toMatchObject({ code: 'STATE_GONE' });
  });

  it('tries a retry that falls due while the store is read', async () => {
    const bare = await openBareSession([fakeTarget('soar')]);
    let slow = true;
    const nextDue: typeof bare.store.nextDue = async (target, after) => {
      const due = await bare.store.nextDue(target, after);
      if (due !== null && slow) await bare.clock.sleep(due - bare.store.outboxNow());
      slow = due === null;
      return due;
    };
    const times: number[] = [];
    const answers = [again()];
    const soar = fakeTarget('soar', () => {
      times.push(bare.clock.now() - START);
      return answers.shift() ?? DELIVERED;
    });
    const scene = createScene({ targets: [soar], store: { ...bare.store, nextDue }, clock: bare.clock });
    await commitAlerts(bare.store, ['a1'], ['soar']);
    await scene.start();
    await scene.clock.advance(5 * SECOND_MS);
    await scene.stop();
    expect(times).toEqual([0, 1501]);
  });
});

describe('the conditions of targets are brought up to date', () => {
  it('once for changes that come together', async () => {
    const { session, calls } = await openBareSession([fakeTarget('soar')]);
    for (let times = 0; times < 3; times += 1) refreshSoon(session);
    await choresDone(session);
    expect(calls).toEqual(['deadCounts']);
    refreshSoon(session);
    await choresDone(session);
    expect(calls).toEqual(['deadCounts', 'deadCounts']);
  });

  it('and wake the targets only where something is told', async () => {
    const { session, queue } = await openBareSession([fakeTarget('soar'), fakeTarget('mail')]);
    const told = { ...session, healthTargets: ['mail'] };
    const conditions = (await openSession(told, session.mode, session.end)).conditions;
    const shared = { ...session, conditions };
    queue.state = { ...freshTarget('soar'), blockedSince: START, reason: 'HTTP 401', nextProbeAt: START };
    for (const expected of [true, false]) {
      for (const one of shared.queues) one.stale = false;
      shared.told = false;
      refreshSoon(shared);
      await choresDone(shared);
      expect([shared.told, ...shared.queues.map(({ stale }) => stale)]).toEqual([expected, expected, expected]);
    }
  });

  it.each([
    {
      ids: ['a1'],
      text: 'Target soar has dead letters: so far an alert is a dead letter and will not be sent any more.',
    },
    {
      ids: ['a1', 'a2'],
      text: 'Target soar has dead letters: so far 2 alerts are dead letters and will not be sent any more.',
    },
  ])('with words for so many: $text', async ({ ids, text }) => {
    const scene = createScene({ targets: [fakeTarget('soar', () => REFUSED)], healthTargets: [] });
    await commitAlerts(scene.store, ids, ['soar']);
    await scene.drain();
    const [said] = scene.logged.filter(({ fields }) => fields?.code === 'dead-letter');
    expect(said?.message).toContain(text);
    expect(await scene.store.openHealth()).toMatchObject([{ code: 'dead-letter', since: START }]);
  });
});

describe('a failed probe', () => {
  it.each([
    { buried: 3, refreshes: 2 },
    { buried: 0, refreshes: 1 },
  ])('that buries $buried has this told', async ({ buried, refreshes }) => {
    const { session, queue, calls } = await openBareSession([fakeTarget('soar')], () => ({
      ageWaiting: async () => buried,
      retryLater: async () => undefined,
    }));
    session.results.add(sampleEntry(1), { kind: 'retry', nextAttemptAt: 0, triedAt: 0, agedMs: 0, reason: 'HTTP 401' });
    trackTarget(session, queue, sampleEntry(1), BLOCKED);
    await choresDone(session);
    expect(queue.buried).toBe(buried);
    expect(calls.filter((name) => name === 'deadCounts')).toHaveLength(refreshes);
  });

  it('counts for what waits behind the results that are not stored yet', async () => {
    const { session, queue, calls } = await openBareSession([fakeTarget('soar')], () => ({
      setTargetState: () => Promise.reject(new HuntwireError('STATE_BUSY', 'locked', { retryable: true })),
      deadCounts: async () => new Map(),
    }));
    session.refreshing = true;
    session.results.add(sampleEntry(1), { kind: 'retry', nextAttemptAt: 0, triedAt: 0, agedMs: 0, reason: 'HTTP 401' });
    trackTarget(session, queue, sampleEntry(1), BLOCKED);
    await choresDone(session);
    expect(calls).toEqual(['setTargetState', 'retryLater', 'ageWaiting']);
  });

  it('closes its target for longer each time, and one that works opens it', async () => {
    const { session, queue, clock, store } = await openBareSession([fakeTarget('soar')]);
    queue.ready.push(sampleEntry(2));
    queue.held.add(2);
    const track = async (result: DeliveryResult) => {
      queue.probe = 1;
      trackTarget(session, queue, sampleEntry(1), result);
      await choresDone(session);
    };
    await track(BLOCKED);
    expect([queue.ready, [...queue.held], queue.probe]).toEqual([[], [], null]);
    const closed = { target: 'soar', blockedSince: START, reason: 'HTTP 401', pausedUntil: null, downSince: null };
    const first = { ...closed, nextProbeAt: START + 1500, probes: 1, probedMs: 0, probedAt: START };
    expect([queue.state, await store.targetState('soar')]).toEqual([first, first]);
    await clock.advance(2000);
    await track(BLOCKED);
    const second = { ...closed, nextProbeAt: START + 4500, probes: 2, probedMs: 2000, probedAt: START + 2000 };
    expect([queue.state, await store.targetState('soar')]).toEqual([second, second]);
    queue.stale = false;
    await track(DELIVERED);
    const opened = { ...second, blockedSince: null, reason: null, nextProbeAt: null, probes: 0 };
    expect([queue.state, await store.targetState('soar')]).toEqual([opened, opened]);
    expect([queue.stale, queue.eager]).toEqual([true, true]);
  });
});

describe('a drain', () => {
  it('makes a retry that falls due exactly at its deadline', async () => {
    const answers = [again()];
    const soar = fakeTarget('soar', () => answers.shift() ?? DELIVERED);
    const scene = createScene({ targets: [soar], random: () => 0.999_999 });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    expect(await scene.drain(2000)).toMatchObject([{ delivered: 1 }]);
    expect(scene.clock.now() - START).toBe(2000);
  });

  it('waits for what is under way though its target asks for a pause beyond the deadline', async () => {
    const soar = fakeTarget('soar', async ({ messageId }, signal) => {
      if (messageId === 'a2') return again(HOUR_MS);
      await scene.clock.sleep(8 * SECOND_MS);
      return signal.aborted ? again() : DELIVERED;
    });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1', 'a2'], ['soar']);
    expect(await scene.drain(SECOND_MS)).toMatchObject([{ delivered: 1, pending: 1 }]);
    expect(scene.clock.now() - START).toBe(8 * SECOND_MS);
  });

  it('makes a retry in its time though another delivery is under way', async () => {
    const times: [string, number][] = [];
    const answers = [again()];
    const soar = fakeTarget('soar', async ({ messageId }) => {
      times.push([messageId, scene.clock.now() - START]);
      if (messageId === 'a1') await scene.clock.sleep(20 * SECOND_MS);
      return (messageId === 'a2' && answers.shift()) || DELIVERED;
    });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1', 'a2'], ['soar']);
    await scene.drain(HOUR_MS, false);
    expect(times).toEqual([
      ['a1', 0],
      ['a2', 0],
      ['a2', 1500],
    ]);
    expect(scene.clock.now() - START).toBe(20 * SECOND_MS);
  });

  it('looks no more often than every 15 seconds while a delivery is under way', async () => {
    const bare = await openBareSession([fakeTarget('soar')]);
    const reads = new Set<number>();
    const pending: typeof bare.store.pending = (target, query) => {
      reads.add(query.now - START);
      return bare.store.pending(target, query);
    };
    const scene = createScene({
      targets: [fakeTarget('soar', () => NEVER)],
      store: { ...bare.store, pending },
      clock: bare.clock,
    });
    await commitAlerts(bare.store, ['a1'], ['soar']);
    await scene.drain(MINUTE_MS);
    expect([...reads]).toEqual([0, 15, 30, 45, 60, 75, 90].map((seconds) => seconds * SECOND_MS));
  });
});

import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, SECOND_MS } from '../../src/lib/duration.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { fill, startReady } from '../../src/outbox/queue.ts';
import type { Queue } from '../../src/outbox/session.ts';
import type { DeliveryResult } from '../../src/targets/target.ts';
import { commitAlerts, freshTarget, START, sampleRetry } from '../state/samples.ts';
import { openBareSession, sampleEntries } from './bare-session.ts';
import { BLOCKED, createScene, DELIVERED, fakeTarget, NEVER } from './scene.ts';

describe('a queue is filled', () => {
  it.each([
    { ready: 199, stale: true, reads: 1 },
    { ready: 200, stale: true, reads: 0 },
    { ready: 0, stale: false, reads: 0 },
  ])('where less than half of what one read brings is ready and more may be there: $ready, $stale', async (one) => {
    const { session, queue, calls } = await openBareSession([fakeTarget('soar')]);
    queue.ready.push(...sampleEntries(one.ready));
    queue.stale = one.stale;
    await fill(session, queue);
    expect(calls).toEqual(Array(one.reads).fill('pending'));
    expect(queue.stale).toBe(one.stale && one.reads === 0);
  });

  it('once more where something came, because more may be there', async () => {
    const { session, queue, store } = await openBareSession([fakeTarget('soar')]);
    await commitAlerts(store, ['a1', 'a2'], ['soar']);
    await fill(session, queue);
    expect([queue.ready.length, queue.stale]).toEqual([2, true]);
    await fill(session, queue);
    expect([queue.ready.length, queue.stale]).toEqual([2, false]);
  });
});

describe('deliveries are started', () => {
  it('not a millisecond before the rate allows it', async () => {
    const soar = fakeTarget('soar', () => NEVER, { ratePerSecond: 4 });
    const { session, queue, clock } = await openBareSession([soar]);
    queue.ready.push(...sampleEntries(2));
    expect(startReady(session, queue)).toBe(250);
    await clock.advance(249);
    expect(startReady(session, queue)).toBe(1);
    expect(soar.seen).toEqual(['a1']);
    await clock.advance(1);
    expect(startReady(session, queue)).toBeNull();
    expect(soar.seen).toEqual(['a1', 'a2']);
  });

  it('no more once the session is to end', async () => {
    const stop = new AbortController();
    const soar = fakeTarget('soar', () => NEVER);
    const { session, queue } = await openBareSession([soar], undefined, { signal: stop.signal });
    queue.ready.push(...sampleEntries(2));
    stop.abort();
    expect(startReady(session, queue)).toBeNull();
    expect([soar.seen, queue.ready.length, queue.inFlight]).toEqual([[], 2, 0]);
  });
});

describe('the loop of a target is woken by a delivery that ends', () => {
  /** Two are under way and one of them ends; `left` were ready behind them. How often the bell has rung. */
  async function ringsAfter(left: number, stale: boolean, ratePerSecond: number | null = null) {
    let end: (result: DeliveryResult) => void = () => undefined;
    const answer = ({ messageId }: { messageId: string }) =>
      messageId === 'a2' ? new Promise<DeliveryResult>((resolve) => (end = resolve)) : NEVER;
    const soar = fakeTarget('soar', answer, { concurrency: 2, ratePerSecond });
    const { session, queue, clock } = await openBareSession([soar]);
    let rings = 0;
    const bell = { ring: () => (rings += 1), wait: () => Promise.resolve(false) };
    const heard: Queue = { ...queue, bell };
    heard.ready.push(...sampleEntries(2 + left));
    heard.stale = stale;
    startReady(session, heard);
    await clock.advance(SECOND_MS);
    startReady(session, heard);
    end(DELIVERED);
    await clock.advance(0);
    return rings;
  }

  it.each([
    { name: 'where little is left and more may be there', left: 100, stale: true, rings: 1 },
    { name: 'not where enough is left', left: 101, stale: true, rings: 0 },
    { name: 'not where nothing more is there', left: 100, stale: false, rings: 0 },
  ])('$name', async ({ left, stale, rings }) => {
    expect(await ringsAfter(left, stale)).toBe(rings);
  });

  it('where the next one has to wait for the rate', async () => {
    expect(await ringsAfter(1, false, 1)).toBe(1);
  });

  it('so that at a slow rate the next goes out in its time, though another hangs', async () => {
    const times: number[] = [];
    const soar = fakeTarget(
      'soar',
      async ({ messageId }) => {
        times.push(scene.clock.now() - START);
        if (messageId === 'a1') return NEVER;
        await scene.clock.sleep(100);
        return DELIVERED;
      },
      { concurrency: 2, ratePerSecond: 2 },
    );
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1', 'a2', 'a3', 'a4'], ['soar']);
    await scene.start();
    await scene.clock.advance(2 * SECOND_MS);
    await scene.stop();
    expect(times).toEqual([0, 500, 1000, 1500]);
  });
});

describe('a probe', () => {
  const blocked = (nextProbeAt: number) => ({
    ...freshTarget('soar'),
    blockedSince: START,
    reason: 'HTTP 401',
    nextProbeAt,
    probes: 1,
    probedAt: START,
  });

  it('is sent with an entry whose own time has not come, where there is no other', async () => {
    const soar = fakeTarget('soar');
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1', 'a2'], ['soar'], 'one-key');
    await scene.store.retryLater([sampleRetry(1, { nextAttemptAt: START + HOUR_MS })]);
    await scene.store.setTargetState(blocked(START + SECOND_MS));
    await scene.start();
    await scene.clock.advance(SECOND_MS - 1);
    expect(soar.seen).toEqual([]);
    await scene.clock.advance(1);
    expect(soar.seen[0]).toBe('a1');
    await scene.stop();
  });

  it('that works lets out what waited for the target, whatever its time', async () => {
    const soar = fakeTarget('soar');
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1', 'a2', 'a3'], ['soar']);
    for (const id of [2, 3]) await scene.store.retryLater([sampleRetry(id, { nextAttemptAt: START + HOUR_MS })]);
    await scene.store.setTargetState(blocked(START));
    await scene.start();
    await scene.clock.advance(SECOND_MS);
    await scene.stop();
    expect(soar.seen).toEqual(['a1', 'a2', 'a3']);
  });

  it('that works in a drain lets everything out, whatever its time', async () => {
    const soar = fakeTarget('soar');
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1', 'a2', 'a3'], ['soar']);
    for (const id of [2, 3]) await scene.store.retryLater([sampleRetry(id, { nextAttemptAt: START + HOUR_MS })]);
    await scene.store.setTargetState(blocked(START));
    expect(await scene.drain()).toMatchObject([{ delivered: 3, pending: 0 }]);
  });

  it('that works later in a drain does so, too', async () => {
    const answers = [BLOCKED];
    const soar = fakeTarget('soar', () => answers.shift() ?? DELIVERED, { concurrency: 1 });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1', 'a2'], ['soar']);
    await scene.store.retryLater([sampleRetry(2, { nextAttemptAt: START + HOUR_MS })]);
    expect(await scene.drain(10 * SECOND_MS)).toMatchObject([{ delivered: 2, pending: 0 }]);
    expect(soar.seen).toEqual(['a1', 'a1', 'a2']);
  });

  it('waits for its time in a drain that keeps to the times of its entries', async () => {
    const soar = fakeTarget('soar');
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1', 'a2'], ['soar']);
    await scene.store.retryLater([sampleRetry(2, { nextAttemptAt: START + HOUR_MS })]);
    await scene.store.setTargetState(blocked(START + 2 * SECOND_MS));
    expect(await scene.drain(SECOND_MS, false)).toMatchObject([{ delivered: 0, pending: 2 }]);
    expect(await scene.drain(3 * SECOND_MS, false)).toMatchObject([{ delivered: 1, pending: 1 }]);
    expect(scene.clock.now() - START).toBe(2 * SECOND_MS);
  });

  it('stays one although the rate holds it back and the loop is woken meanwhile', async () => {
    const soar = fakeTarget('soar', () => NEVER, { ratePerSecond: 0.1 });
    const { session, queue, store, clock, calls } = await openBareSession([soar]);
    await commitAlerts(store, ['a1', 'a2', 'a3'], ['soar']);
    queue.state = blocked(START);
    queue.pace.take(clock.monotonic());
    for (const _ of ['at first', 'woken']) {
      await fill(session, queue);
      expect(startReady(session, queue)).toBe(10 * SECOND_MS);
    }
    expect(queue.ready.map(({ messageId }) => messageId)).toEqual(['a1']);
    expect(calls).toEqual(['pending']);
  });

  it('is looked for once a second where its time has come and the results of all entries are still to be stored', async () => {
    const soar = fakeTarget('soar', () => BLOCKED);
    const { store, clock } = await openBareSession([soar]);
    const reads: number[] = [];
    const state = { failing: true };
    const scene = createScene({
      targets: [soar],
      store: {
        ...store,
        pending: (target, query) => {
          reads.push(query.now - START);
          return store.pending(target, query);
        },
        retryLater: (changes) =>
          state.failing ? Promise.reject(new HuntwireError('STATE_FULL', 'full')) : store.retryLater(changes),
      },
      clock,
    });
    await commitAlerts(store, ['a1'], ['soar']);
    await scene.start();
    await clock.advance(4500);
    expect(soar.seen).toEqual(['a1']);
    expect(reads.filter((at) => at > 0)).toEqual([1500, 2500, 3500, 4500]);
    state.failing = false;
    await clock.advance(1000);
    await scene.stop();
    expect(soar.seen).toEqual(['a1', 'a1']);
  });

  it('waits for something to send, and goes out with the first that comes', async () => {
    const soar = fakeTarget('soar');
    const { store, clock } = await openBareSession([soar]);
    let reads = 0;
    const nextDue: typeof store.nextDue = (target, after) => {
      reads += 1;
      return store.nextDue(target, after);
    };
    const scene = createScene({ targets: [soar], store: { ...store, nextDue }, clock });
    await scene.store.setTargetState(blocked(START));
    await scene.start();
    await scene.clock.advance(20 * SECOND_MS);
    expect(reads).toBeLessThanOrEqual(3);
    await commitAlerts(store, ['a1'], ['soar']);
    scene.loop.poke();
    await scene.clock.advance(0);
    expect(soar.seen).toEqual(['a1']);
    await scene.stop();
    expect(await scene.store.targetState('soar')).toMatchObject({ blockedSince: null });
    expect(
      scene.logged.filter(({ level, fields }) => level === 'error' && !fields?.code?.toString().startsWith('target')),
    ).toEqual([]);
  });
});

describe('a target that throws', () => {
  it.each([
    { name: 'an error', thrown: new TypeError('defect'), reason: 'defect' },
    { name: 'a text', thrown: 'defect', reason: 'defect' },
  ])('$name is logged with what it was given, and the alert is tried again', async ({ thrown, reason }) => {
    const failures = [thrown];
    const soar = fakeTarget('soar', () => {
      if (failures.length > 0) throw failures.pop();
      return DELIVERED;
    });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    expect(await scene.drain(10 * SECOND_MS)).toMatchObject([{ delivered: 1 }]);
    expect(scene.logged.map(({ level, fields }) => [level, fields])).toEqual([
      ['error', { target: 'soar', messageId: 'a1', reason }],
      ['warn', { target: 'soar', messageId: 'a1', outcome: 'again', reason: `the target failed: ${reason}` }],
    ]);
  });
});

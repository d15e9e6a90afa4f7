import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/lib/duration.ts';
import { silentLog } from '../../src/lib/log.ts';
import { startReady } from '../../src/outbox/queue.ts';
import { openSession } from '../../src/outbox/session.ts';
import { createSessionEnd } from '../../src/outbox/session-end.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import type { DeliveryResult } from '../../src/targets/target.ts';
import { commitAlerts, START } from '../state/samples.ts';
import { again, BLOCKED, createScene, DELIVERED, fakeTarget, NEVER, ORIGIN, REFUSED } from './scene.ts';

const clock = () => createManualClock(START, ORIGIN);

describe('the outbox is read', () => {
  it('and what came is left there when the target became blocked meanwhile', async () => {
    const shared = clock();
    const store = openMemoryStore({ clock: shared });
    let answer: (result: DeliveryResult) => void = () => undefined;
    const soar = fakeTarget('soar', () => new Promise((resolve) => (answer = resolve)), { concurrency: 2 });
    let letRead: () => void = () => undefined;
    let gate: Promise<void> = Promise.resolve();
    const slow: Store['pending'] = async (target, query) => {
      const entries = await store.pending(target, query);
      await gate;
      return entries;
    };
    const scene = createScene({ targets: [soar], clock: shared, store: { ...store, pending: slow } });
    await commitAlerts(store, ['a1'], ['soar']);
    await scene.start();
    gate = new Promise((resolve) => (letRead = resolve));
    await commitAlerts(store, ['a2'], ['soar']);
    scene.loop.poke();
    await scene.clock.advance(0);
    answer(BLOCKED);
    await scene.clock.advance(0);
    letRead();
    await scene.clock.advance(0);
    expect(soar.seen).toEqual(['a1']);
    soar.answer = () => DELIVERED;
    await scene.clock.advance(2 * SECOND_MS);
    await scene.stop();
    expect(soar.seen).toEqual(['a1', 'a1', 'a2']);
    expect(await scene.pending('soar')).toEqual([]);
  });

  it.each([
    { concurrency: 4, limit: 400 },
    { concurrency: 201, limit: 402 },
    { concurrency: 999, limit: 1998 },
    { concurrency: 8192, limit: 2000 },
  ])('for $limit entries at once by a target that takes $concurrency', async ({ concurrency, limit }) => {
    const shared = clock();
    const store = openMemoryStore({ clock: shared });
    const limits = new Set<number>();
    const counting: Store['pending'] = (target, query) => {
      limits.add(query.limit);
      return store.pending(target, query);
    };
    const scene = createScene({
      targets: [fakeTarget('soar', () => DELIVERED, { concurrency })],
      store: { ...store, pending: counting },
      clock: shared,
    });
    await scene.drain();
    expect([...limits]).toEqual([limit]);
  });

  it('every 15 seconds without being told', async () => {
    const shared = clock();
    const store = openMemoryStore({ clock: shared });
    const reads: number[] = [];
    const counting: Store['pending'] = (target, query) => {
      reads.push(query.now - START);
      return store.pending(target, query);
    };
    const scene = createScene({ targets: [fakeTarget('soar')], clock: shared, store: { ...store, pending: counting } });
    await scene.start();
    await scene.clock.advance(45 * SECOND_MS);
    await scene.stop();
    expect([...new Set(reads)]).toEqual([0, 15, 30, 45].map((seconds) => seconds * SECOND_MS));
  });

  it('no more often while what has fallen due meanwhile must wait for its turn', async () => {
    const shared = clock();
    const store = openMemoryStore({ clock: shared });
    let reads = 0;
    const counting: Store['nextDue'] = (target, after) => {
      reads += 1;
      return store.nextDue(target, after);
    };
    const answers = [again()];
    const slow = async (): Promise<DeliveryResult> => {
      const answer = answers.shift();
      if (!answer) await shared.sleep(MINUTE_MS);
      return answer ?? DELIVERED;
    };
    const soar = fakeTarget('soar', slow, { concurrency: 1 });
    const scene = createScene({ targets: [soar], clock: shared, store: { ...store, nextDue: counting } });
    await commitAlerts(
      store,
      Array.from({ length: 450 }, (_, index) => `a${index}`),
      ['soar'],
    );
    await scene.start();
    await scene.clock.advance(30 * SECOND_MS);
    expect(reads).toBeLessThan(10);
    await scene.stop();
  });

  it('a second after it could not be read', async () => {
    const shared = clock();
    const store = openMemoryStore({ clock: shared });
    const reads: number[] = [];
    const failing: Store['pending'] = (_target, query) => {
      reads.push(query.now - START);
      return Promise.reject(new Error('locked'));
    };
    const scene = createScene({ targets: [fakeTarget('soar')], clock: shared, store: { ...store, pending: failing } });
    await scene.start();
    await scene.clock.advance(2 * SECOND_MS);
    await scene.stop();
    expect(reads).toEqual([0, 1000, 2000]);
  });
});

describe('results that cannot be stored', () => {
  it.each([
    { unstored: 5000, starts: true },
    { unstored: 5001, starts: false },
  ])('let nothing new begin once they are too many: $unstored', async ({ unstored, starts }) => {
    const options = { clock: clock(), log: silentLog, random: () => 0, healthTargets: [], tenant: 'contoso' };
    const store = openMemoryStore({ clock: options.clock });
    const soar = fakeTarget('soar', () => NEVER);
    await commitAlerts(store, ['a1'], ['soar']);
    const end = createSessionEnd(new AbortController().signal);
    const session = await openSession({ ...options, store, targets: [soar] }, { kind: 'run' }, end);
    const full = { ...session, results: { ...session.results, size: () => unstored } };
    for (const queue of session.queues) {
      const query = { now: START, limit: 1, except: new Set<number>(), ignoreBackoff: false };
      queue.ready.push(...(await store.pending('soar', query)));
      expect(startReady(full, queue)).toBeNull();
      expect(queue.inFlight).toBe(starts ? 1 : 0);
    }
    expect(soar.seen).toEqual(starts ? ['a1'] : []);
  });
});

describe('a delivery that does not end', () => {
  it('is waited for 30 seconds beyond the deadline of a drain, and twice 5 to give it up', async () => {
    const scene = createScene({ targets: [fakeTarget('hanging', () => NEVER)] });
    await commitAlerts(scene.store, ['a1'], ['hanging']);
    await scene.drain(MINUTE_MS);
    expect(scene.clock.now() - START).toBe(MINUTE_MS + 40 * SECOND_MS);
  });

  it('is waited for as long as others of its target still end', async () => {
    let ended = 0;
    const soar = fakeTarget('soar', async ({ messageId }) => {
      if (messageId === 'a0') return NEVER;
      await scene.clock.sleep(20 * SECOND_MS);
      ended += 1;
      return DELIVERED;
    });
    const scene = createScene({ targets: [{ ...soar, traits: { ...soar.traits, concurrency: 2 } }] });
    await commitAlerts(scene.store, ['a0', 'a1', 'a2', 'a3', 'a4'], ['soar']);
    expect(await scene.drain()).toMatchObject([{ delivered: 4, pending: 1 }]);
    expect(ended).toBe(4);
    expect(scene.clock.now() - START).toBe((80 + 40) * SECOND_MS);
  });

  it('is told to after 5 seconds and given up after 5 more', async () => {
    const abortedAt: number[] = [];
    const soar = fakeTarget('soar', (_, signal) => {
      signal.addEventListener('abort', () => abortedAt.push(scene.clock.now() - START));
      return NEVER;
    });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    await scene.stop();
    expect(abortedAt).toEqual([5 * SECOND_MS]);
    expect(scene.clock.now() - START).toBe(10 * SECOND_MS);
  });

  it.each([4, 9])('within %i seconds of the stop is stored', async (seconds) => {
    const soar = fakeTarget('soar', async () => {
      await scene.clock.sleep(seconds * SECOND_MS);
      return DELIVERED;
    });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    await scene.stop();
    expect(scene.clock.now() - START).toBe(seconds * SECOND_MS);
    expect(await scene.pending('soar')).toEqual([]);
  });

  it('and ends after all has been given up changes nothing any more', async () => {
    let answer: (result: DeliveryResult) => void = () => undefined;
    const soar = fakeTarget('soar', () => new Promise((resolve) => (answer = resolve)));
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    await scene.stop();
    answer(DELIVERED);
    await scene.clock.advance(MINUTE_MS);
    expect(await scene.pending('soar')).toEqual(['a1']);
  });

  it.each([
    { name: 'nor does it block its target then', before: DELIVERED, late: BLOCKED, since: null },
    { name: 'nor does it open its target then', before: BLOCKED, late: DELIVERED, since: START },
  ])('$name', async ({ before, late, since }) => {
    let answer: (result: DeliveryResult) => void = () => undefined;
    const soar = fakeTarget('soar', () => before);
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.drain();
    soar.answer = () => new Promise((resolve) => (answer = resolve));
    await commitAlerts(scene.store, ['a2'], ['soar']);
    await scene.drain();
    const pending = await scene.pending('soar');
    answer(late);
    await scene.clock.advance(MINUTE_MS);
    expect(pending).not.toEqual([]);
    expect(await scene.pending('soar')).toEqual(pending);
    expect(await scene.store.targetState('soar')).toMatchObject({ blockedSince: since });
  });

  it('and is put off when it is given up leaves its target no pause', async () => {
    const soar = fakeTarget(
      'soar',
      (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(again(MINUTE_MS)))),
    );
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    await scene.stop();
    expect(await scene.store.targetState('soar')).toMatchObject({ pausedUntil: null });
    expect(scene.logged.filter(({ level }) => level === 'warn')).toEqual([]);
  });
});

describe('conditions of targets', () => {
  it('are looked at once a minute', async () => {
    const mail = fakeTarget('mail');
    const scene = createScene({ targets: [fakeTarget('soar', () => REFUSED), mail], healthTargets: ['mail'] });
    await commitAlerts(scene.store, ['a1'], ['soar']);
    await scene.start();
    await scene.clock.advance(100);
    const [letter] = await scene.store.deadLetters({ target: null, ids: null });
    await scene.store.drop([letter?.id ?? 0]);
    await scene.clock.advance(MINUTE_MS - 101);
    expect(mail.seen).toEqual(['firing dead-letter soar']);
    await scene.clock.advance(2);
    expect(mail.seen).toEqual(['firing dead-letter soar', 'resolved dead-letter soar']);
    await scene.stop();
  });
});

describe('the log', () => {
  it('says why deliveries fail once for each reason, and again after one that did not', async () => {
    const answers = [again(), again(), BLOCKED, BLOCKED, DELIVERED, BLOCKED, DELIVERED];
    const soar = fakeTarget('soar', () => answers.shift() ?? DELIVERED, { concurrency: 1 });
    const scene = createScene({ targets: [soar] });
    await commitAlerts(scene.store, ['a1', 'a2', 'a3'], ['soar']);
    await scene.start();
    await scene.clock.advance(MINUTE_MS);
    await scene.stop();
    const failures = scene.logged.filter(({ message }) => message === 'A delivery did not succeed.');
    expect(failures.map(({ level, fields }) => [level, fields?.outcome, fields?.reason])).toEqual([
      ['warn', 'again', 'HTTP 503'],
      ['warn', 'blocked', 'HTTP 401'],
      ['warn', 'blocked', 'HTTP 401'],
    ]);
    expect(failures[0]?.fields).toMatchObject({ target: 'soar', messageId: 'a1' });
  });
});

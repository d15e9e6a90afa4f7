import { afterEach, describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { keepHeartbeat } from '../../../src/run/heartbeat/keep-heartbeat.ts';
import { createNotedProof, keepProof } from '../../../src/run/heartbeat/keep-proof.ts';
import { openBench } from '../bench.ts';
import { plantedSource } from '../planted-source.ts';
import { COLUMNS, MINUTE, T0 } from '../story.ts';

const EVERY = 5 * MINUTE;
const NEVER = new AbortController().signal;
const open: AbortController[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.abort();
});

/** A process that runs the tenant, and another one on the same state that sends heartbeats. */
function start(everyMs: () => number | null = () => EVERY) {
  const fate: { asked: number; failure: HuntwireError | null; writing: HuntwireError | null } = {
    asked: 0,
    failure: null,
    writing: null,
  };
  const bench = openBench({
    start: T0,
    source: (clock) => {
      const planted = plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now });
      return {
        ...planted,
        query: async (request, sink) => {
          fate.asked += 1;
          if (fate.failure) throw fate.failure;
          return planted.query(request, sink);
        },
      };
    },
  });
  const stop = new AbortController();
  open.push(stop);
  const { cache } = bench.store;
  const set = async (name: string, value: string): Promise<void> => {
    if (fate.writing) throw fate.writing;
    await cache.set(name, value);
  };
  const store = { ...bench.store, cache: { ...cache, set } };
  const running = keepProof(bench.tenant, everyMs, { ...bench.deps, store }, stop.signal);
  const proof = createNotedProof(bench.tenant.name, EVERY, bench.deps);
  return { bench, fate, stop, running, lack: () => proof.lack(NEVER), proof };
}

const refused = new HuntwireError('SOURCE_NETWORK', 'refused', { retryable: true });

describe('that a tenant answers', () => {
  it('is noted by the process that runs it, for twice the time between heartbeats', async () => {
    const { bench, lack, stop, running } = start();
    expect(await lack()).toContain('the process that runs it has had no answer');
    await bench.clock.advance(0);
    expect(await lack()).toBeNull();
    await bench.clock.advance(EVERY);
    // The process ends, and nobody goes on with the tenant.
    stop.abort();
    await running;
    await bench.clock.advance(2 * EVERY);
    expect(await lack()).toBeNull();
    await bench.clock.advance(1);
    expect(await lack()).toContain('the process that runs it has had no answer');
  });

  it('is not noted while it does not, and again once it does', async () => {
    const { bench, fate, lack } = start();
    await bench.clock.advance(0);
    fate.failure = refused;
    await bench.clock.advance(3 * EVERY);
    expect(await lack()).not.toBeNull();
    fate.failure = null;
    await bench.clock.advance(EVERY);
    expect(await lack()).toBeNull();
  });

  it('is asked for nobody where no heartbeat is configured, until one is', async () => {
    let everyMs: number | null = null;
    const { bench, fate, lack } = start(() => everyMs);
    await bench.clock.advance(EVERY);
    expect([fate.asked, await lack()]).toEqual([0, expect.any(String)]);
    everyMs = EVERY;
    await bench.clock.advance(MINUTE);
    expect([fate.asked, await lack()]).toEqual([1, null]);
  });

  it('is noted later where the state is busy, and ends a process that was taken over from', async () => {
    const { bench, fate, lack, running } = start();
    await bench.clock.advance(0);
    fate.writing = new HuntwireError('STATE_BUSY', 'busy', { retryable: true });
    await bench.clock.advance(3 * EVERY);
    expect(await lack()).not.toBeNull();
    fate.writing = null;
    await bench.clock.advance(EVERY);
    expect(await lack()).toBeNull();
    fate.writing = new HuntwireError('STATE_FENCED', 'taken over');
    const ended = expect(running).rejects.toBe(fate.writing);
    await bench.clock.advance(EVERY);
    await ended;
  });
});

it('heartbeats of a process go by what those note that run the tenants', async () => {
  const { bench, fate, proof } = start();
  const stop = new AbortController();
  open.push(stop);
  const beating = keepHeartbeat({ everyMs: EVERY, target: 'watch' }, [bench.tenant], bench.deps, stop.signal, [proof]);
  const sent = async (): Promise<number> => {
    const query = { now: bench.clock.now(), limit: 99, except: new Set<number>(), ignoreBackoff: true };
    const entries = await bench.store.pending('watch', query);
    await bench.store.delivered(
      entries.map(({ id }) => id),
      bench.clock.now(),
    );
    return entries.length;
  };
  await bench.clock.advance(EVERY);
  expect(await sent()).toBe(1);
  fate.failure = refused;
  await bench.clock.advance(3 * EVERY);
  await sent();
  await bench.clock.advance(EVERY);
  expect(await sent()).toBe(0);
  fate.failure = null;
  await bench.clock.advance(2 * EVERY);
  expect(await sent()).toBe(1);
  stop.abort();
  await beating;
});

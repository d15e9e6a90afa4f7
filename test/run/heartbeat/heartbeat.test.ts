import { afterEach, describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { endHeartbeats } from '../../../src/run/heartbeat/end-heartbeats.ts';
import { keepHeartbeat } from '../../../src/run/heartbeat/keep-heartbeat.ts';
import type { Source } from '../../../src/sources/source.ts';
import type { OutboxEntry } from '../../../src/state/outbox-store.ts';
import { type Bench, openBench } from '../bench.ts';
import { plantedSource } from '../planted-source.ts';
import { COLUMNS, MINUTE, T0 } from '../story.ts';

const EVERY = 5 * MINUTE;
const open: AbortController[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.abort();
});

/** A heartbeat that goes on over a bench, whose source fails as is said. */
function start(fails: () => HuntwireError | null = () => null) {
  let asked = 0;
  const bench = openBench({
    start: T0,
    source: (clock) => {
      const planted = plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now });
      return {
        ...planted,
        query: async (request, sink) => {
          asked += 1;
          const failure = fails();
          if (failure) throw failure;
          return planted.query(request, sink);
        },
      };
    },
  });
  const stop = new AbortController();
  open.push(stop);
  const running = keepHeartbeat({ everyMs: EVERY, target: 'watch' }, [bench.tenant], bench.deps, stop.signal);
  const end = async (): Promise<void> => {
    stop.abort();
    await running;
  };
  return { bench, asked: () => asked, stop: end };
}

function healthySource(now: () => number): Source {
  return plantedSource({ columns: COLUMNS, rows: () => [], now });
}

function failingSource(now: () => number): Source {
  const query = async (): Promise<never> => {
    throw new HuntwireError('SOURCE_NETWORK', 'refused', { retryable: true });
  };
  return { ...healthySource(now), query };
}

/** A bench whose source answers nothing until it is told to. */
function hanging() {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const hang = { asked: 0, end: () => end() };
  const bench = openBench({
    start: T0,
    source: (clock) => {
      const planted = healthySource(clock.now);
      return {
        ...planted,
        query: async (request, sink) => {
          hang.asked += 1;
          await ended;
          return planted.query(request, sink);
        },
      };
    },
  });
  return { bench, hang };
}

async function waiting({ store, clock }: Bench): Promise<readonly OutboxEntry[]> {
  return store.pending('watch', { now: clock.now(), limit: 9, except: new Set(), ignoreBackoff: true });
}

/** Lets its target take what waits. */
async function take(bench: Bench): Promise<readonly string[]> {
  const entries = await waiting(bench);
  await bench.store.delivered(
    entries.map(({ id }) => id),
    bench.clock.now(),
  );
  return entries.map(({ messageId }) => messageId);
}

describe('a heartbeat', () => {
  it('goes through the outbox to its target, as a later revision of one alert each time', async () => {
    const { bench, asked } = start();
    await bench.clock.advance(0);
    const [entry] = await waiting(bench);
    expect(entry?.alert).toMatchObject({
      kind: 'health',
      status: 'firing',
      severity: 'informational',
      health: { code: 'heartbeat', subject: 'watch' },
      details: { tenants: 'default', expires: new Date(T0 + 3 * EVERY).toISOString() },
    });
    const first = await take(bench);
    await bench.clock.advance(EVERY);
    expect(await take(bench)).toEqual([`${first[0]}-1`]);
    expect(asked()).toBe(2);
  });

  it('costs no query while others are answered', async () => {
    const { bench, asked } = start();
    await bench.clock.advance(0);
    await take(bench);
    await bench.tenant.meter.end(await admitted(bench), 10);
    await bench.clock.advance(EVERY);
    expect([asked(), (await take(bench)).length]).toEqual([1, 1]);
  });

  it('is not sent while the source does not answer, and again once it does', async () => {
    let failure: HuntwireError | null = new HuntwireError('SOURCE_NETWORK', 'refused', { retryable: true });
    const { bench } = start(() => failure);
    await bench.clock.advance(EVERY);
    expect(await waiting(bench)).toEqual([]);
    failure = null;
    await bench.clock.advance(EVERY);
    expect((await take(bench)).length).toBe(1);
  });

  it('is held up by no tenant that fails or hangs, and names them', async () => {
    const failing = openBench({ start: T0, source: (clock) => failingSource(clock.now) });
    const { bench, hang } = hanging();
    const stop = new AbortController();
    open.push(stop);
    const tenants = [
      { ...failing.tenant, name: 'refused' },
      { ...bench.tenant, name: 'slow' },
      { ...openBench({ start: T0, source: (clock) => healthySource(clock.now) }).tenant, name: 'well' },
    ];
    const running = keepHeartbeat({ everyMs: EVERY, target: 'watch' }, tenants, bench.deps, stop.signal);
    await bench.clock.advance(EVERY / 2);
    const [entry] = await waiting(bench);
    expect(entry?.alert.details).toMatchObject({
      tenants: 'well',
      missing: 'refused: SOURCE_NETWORK: refused; slow: it has not answered yet',
    });
    await take(bench);
    await bench.clock.advance(EVERY);
    expect([(await take(bench)).length, hang.asked]).toEqual([1, 1]);
    hang.end();
    await bench.clock.advance(EVERY);
    expect((await waiting(bench))[0]?.alert.details).toMatchObject({ tenants: 'slow, well' });
    stop.abort();
    await running;
  });

  it('is not sent beside one that still waits, so that they do not pile up', async () => {
    const { bench } = start();
    await bench.clock.advance(4 * EVERY);
    expect((await waiting(bench)).length).toBe(1);
  });

  it('is not sent while the state cannot be written, and goes on behind it', async () => {
    const { bench } = start();
    const { commitHealth } = bench.deps.store;
    let full = true;
    Object.assign(bench.deps.store, {
      commitHealth: async (one: Parameters<typeof commitHealth>[0]) => {
        if (full) throw new HuntwireError('STATE_FULL', 'no space');
        await commitHealth(one);
      },
    });
    await bench.clock.advance(EVERY);
    expect(await waiting(bench)).toEqual([]);
    full = false;
    await bench.clock.advance(EVERY);
    expect((await waiting(bench)).length).toBe(1);
  });

  it('is resolved at its target once it is not configured any more', async () => {
    const { bench, stop } = start();
    await bench.clock.advance(0);
    await stop();
    await take(bench);
    await endHeartbeats('watch', [bench.tenant], bench.deps);
    expect(await waiting(bench)).toEqual([]);
    await endHeartbeats(null, [bench.tenant], bench.deps);
    expect((await waiting(bench)).map(({ alert }) => [alert.status, alert.revision])).toEqual([['resolved', 1]]);
    expect(await bench.store.openHealth()).toEqual([]);
  });
});

async function admitted({ tenant }: Bench): Promise<number> {
  const admission = await tenant.meter.admit('high');
  return admission.kind === 'go' ? admission.call : 0;
}

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type AnalystOptions, createAnalyst } from '../../src/kql/analyst.ts';
import type { Analyst, PrepareOptions } from '../../src/kql/prepared.ts';
import { createMemoryCache } from '../../src/lib/cache.ts';
import { createManualClock, systemClock } from '../../src/lib/clock.ts';

const OPTIONS: PrepareOptions = {
  basis: 'event',
  tables: {},
  shape: null,
  keepFilters: 'never',
  lookbackMs: null,
  params: { p: 1n },
};
const DIST = resolve(import.meta.dirname, '../..', process.env.HUNTWIRE_DIST ?? 'dist');
const ENTRY = pathToFileURL(resolve(DIST, 'kql/analyst-thread.js'));

const open: Analyst[] = [];
const create = (options: AnalystOptions): Analyst => {
  const analyst = createAnalyst(options);
  open.push(analyst);
  return analyst;
};
const inThread = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);

afterEach(async () => {
  for (const analyst of open.splice(0)) await analyst.close();
});

describe('an analyst', () => {
  it('answers from the cache what was asked before', async () => {
    const cache = createMemoryCache();
    const first = await create({ form: 'in-process', cache }).prepare('DeviceEvents | take p', OPTIONS);
    const broken = create({
      form: 'worker',
      cache,
      clock: systemClock,
      settings: { entry: inThread('throw new Error("never")') },
    });
    expect(await broken.prepare('DeviceEvents | take p', OPTIONS)).toEqual(first);
  });

  it('asks again where anything else is asked', async () => {
    const keys: string[] = [];
    const cache = { get: async () => null, set: async (key: string) => void keys.push(key) };
    const analyst = create({ form: 'in-process', cache });
    const variants: readonly Partial<PrepareOptions>[] = [
      {},
      { basis: 'ingestion' },
      { shape: 'set' },
      { params: { p: '1' } },
      { params: { p: 1 } },
      { tables: { DeviceEvents: 'none' } },
    ];
    for (const variant of variants) await analyst.prepare('DeviceEvents', { ...OPTIONS, ...variant });
    expect(new Set(keys).size).toBe(variants.length);
  });

  it('is not misled by a cache that lost its mind', async () => {
    const cache = { get: async () => '{"text": 5}', set: async () => undefined };
    expect((await create({ form: 'in-process', cache }).prepare('DeviceEvents', OPTIONS)).shape).toBe('stream');
  });

  it('asks once for what is asked twice at a time', async () => {
    let asked = 0;
    const get = async () => {
      asked += 1;
      return null;
    };
    const analyst = create({ form: 'in-process', cache: { get, set: async () => undefined } });
    const [one, two] = await Promise.all([
      analyst.prepare('DeviceInfo', OPTIONS),
      analyst.prepare('DeviceInfo', OPTIONS),
    ]);
    expect(asked).toBe(1);
    expect(one).toBe(two);
  });
});

describe('the worker', () => {
  /** One with the parser in it, which takes it a second and more to load. */
  let worker: Analyst;
  beforeAll(() => {
    worker = createAnalyst({ form: 'worker', clock: systemClock, settings: { entry: ENTRY } });
  });
  afterAll(() => worker.close());

  it('gives the same answers as the main thread', async () => {
    const main = create({ form: 'in-process' });
    const queries = [
      'DeviceEvents | where Timestamp > ago(1h)',
      'DeviceEvents | where (',
      'x'.repeat(1_000_000),
      'union Url*',
    ];
    for (const query of queries) {
      expect(await worker.prepare(query, OPTIONS)).toEqual(await main.prepare(query, OPTIONS));
    }
  });

  const COUNTING = `
    import { parentPort, threadId } from 'node:worker_threads';
    parentPort.on('message', ({ text }) => {
      if (text === 'crash') throw new Error('broken');
      if (text === 'exit') process.exit(1);
      if (text === 'hang') return;
      parentPort.postMessage({ kind: text === 'fail' ? 'failed' : 'prepared', message: 'no', json: JSON.stringify({ text: String(threadId), findings: [] }) });
    });`;
  const counting = (settings: object, clock = createManualClock(0)) =>
    create({ form: 'worker', clock, settings: { entry: inThread(COUNTING), ...settings } });
  let asked = 0;
  const threadOf = async (analyst: Analyst): Promise<string> => {
    asked += 1;
    return (await analyst.prepare(`query ${asked}`, OPTIONS)).text;
  };

  it('is started again after a crash, and the query that crashed it fails', async () => {
    const analyst = counting({});
    const before = await threadOf(analyst);
    await expect(analyst.prepare('crash', OPTIONS)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'The query analysis crashed: broken',
    });
    expect(await threadOf(analyst)).not.toBe(before);
    expect((await analyst.prepare('exit', OPTIONS)).findings[0]?.code).toBe('query-too-large');
    await expect(analyst.prepare('fail', OPTIONS)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('is given up when a query takes too long', async () => {
    const clock = createManualClock(0);
    const analyst = counting({ timeoutMs: 1000, worked: () => clock.monotonic() }, clock);
    const answer = analyst.prepare('hang', OPTIONS);
    await new Promise((done) => setImmediate(done));
    await clock.advance(1000);
    expect((await answer).findings[0]?.message).toBe('The query takes too long to analyze.');
    expect(await threadOf(analyst)).toMatch(/^\d+$/);
  });

  it('is not given up where the machine gives it no time, until that has taken far too long', async () => {
    const clock = createManualClock(0);
    let worked = 0;
    const analyst = counting({ timeoutMs: 1000, worked: () => worked }, clock);
    let isAnswered = false;
    const answer = analyst.prepare('hang', OPTIONS).finally(() => {
      isAnswered = true;
    });
    await new Promise((done) => setImmediate(done));
    worked = 900;
    await clock.advance(10_000);
    expect(isAnswered).toBe(false);
    worked = 1000;
    await clock.advance(250);
    expect((await answer).findings[0]?.message).toBe('The query takes too long to analyze.');
    const stuck = analyst.prepare('hang', { ...OPTIONS, basis: 'ingestion' });
    await new Promise((done) => setImmediate(done));
    await clock.advance(15_000);
    expect((await stuck).findings[0]?.message).toBe('The query takes too long to analyze.');
  });

  it('is replaced after so many analyses', async () => {
    const analyst = counting({ analysesPerWorker: 2 });
    const threads = [await threadOf(analyst), await threadOf(analyst), await threadOf(analyst)];
    expect(threads[0]).toBe(threads[1]);
    expect(threads[2]).not.toBe(threads[1]);
  });

  it('ends when idle, and starts again', async () => {
    const clock = createManualClock(0);
    const analyst = counting({ idleMs: 5000 }, clock);
    const first = await threadOf(analyst);
    await clock.advance(4000);
    expect(await threadOf(analyst)).toBe(first);
    await clock.advance(5001);
    expect(await threadOf(analyst)).not.toBe(first);
  });

  it('answers many at a time, each its own question', async () => {
    const queries = Array.from({ length: 10 }, (_, index) => `DeviceEvents | take ${index + 1}`);
    const answers = await Promise.all(queries.map((query) => worker.prepare(query, OPTIONS)));
    expect(answers.map((one) => one.text)).toEqual(queries);
  });

  it('has others beside it from so many questions on, or once they were started, and each has the next when it is done', async () => {
    const shared = { form: 'worker' as const, clock: createManualClock(0), settings: { entry: inThread(COUNTING) } };
    const threads = async (analyst: Analyst, count: number) =>
      new Set(await Promise.all(Array.from({ length: count }, () => threadOf(analyst)))).size;
    const analyst = create({ ...shared, workers: 2, workersFrom: 3 });
    expect(await threads(analyst, 2)).toBe(1);
    expect(await threads(analyst, 6)).toBe(2);
    const started = createAnalyst({ ...shared, workers: 2, workersFrom: 1000 });
    open.push(started);
    expect(await threads(started, 4)).toBe(1);
    await started.start();
    expect(await threads(started, 4)).toBe(2);
    const hangs = expect(started.prepare('hang', OPTIONS)).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await threads(started, 8)).toBe(1);
    await started.close();
    await hangs;
  });

  it('is stopped by close, with what waits for it', async () => {
    const analyst = counting({});
    const waiting = analyst.prepare('hang', OPTIONS);
    await new Promise((done) => setImmediate(done));
    await analyst.close();
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(analyst.prepare('more', OPTIONS)).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

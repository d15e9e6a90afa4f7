import { describe, expect, it } from '@jest/globals';
import { useAddedTables } from '../../../src/kql/schemas/added-tables.ts';
import { createMemoryCache } from '../../../src/lib/cache.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { createArrivalBook, probedNote } from '../../../src/run/arrivals/arrival-book.ts';
import { arrivalTables } from '../../../src/run/arrivals/arrival-tables.ts';
import { keepArrivals } from '../../../src/run/arrivals/keep-arrivals.ts';
import type { Tenant } from '../../../src/run/tenant.ts';
import type { QueryRequest, RowSink } from '../../../src/sources/source.ts';
import { openBench } from '../bench.ts';
import { makePrepared, makeRule } from '../make-rule.ts';
import { plantedSource } from '../planted-source.ts';
import { COLUMNS, DAY, EVENT, HOUR, T0 } from '../story.ts';

const SET = makeRule({ id: 'set', effectiveShape: 'set' }, { shape: 'set' });
const STREAM = makeRule({ id: 'stream' }, { identity: EVENT });
const WEEK = 7 * DAY;

interface Answers {
  /** Rows that arrive late, and rows without ingestion time, as a query now would count them. */
  late: number;
  unstamped: number;
  failure: HuntwireError | null;
}

function openLooks(rules: readonly RunnableRule[], cache = createMemoryCache(), start = T0) {
  const bench = openBench({
    start,
    source: (clock) => plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now }),
  });
  const health = () => bench.told.filter(({ kind }) => kind === 'health');
  const answers: Answers = { late: 0, unstamped: 0, failure: null };
  const asked: { readonly at: number; readonly kind: 'count' | 'probe'; readonly query: string }[] = [];
  const query = async ({ query: text }: QueryRequest, sink: RowSink) => {
    const kind = text.includes('isnull(ingestion_time())') ? 'probe' : 'count';
    asked.push({ at: bench.clock.now() - T0, kind, query: text });
    if (answers.failure) throw answers.failure;
    sink.schema([{ name: 'Count', type: 'long' }]);
    sink.row({ Count: kind === 'probe' ? answers.unstamped : answers.late });
    return { rows: 1, truncated: false, serviceTime: null };
  };
  const book = createArrivalBook('default', 'graph', cache);
  const tenant: { -readonly [Key in keyof Tenant]: Tenant[Key] } = {
    ...bench.tenant,
    rules,
    source: { ...bench.tenant.source, query: query as Tenant['source']['query'] },
    arrivals: book,
  };
  const stop = new AbortController();
  const going = keepArrivals(tenant, book, { ...bench.deps, longestSleepMs: HOUR }, stop.signal);
  const end = async () => {
    stop.abort();
    await bench.clock.advance(0);
    await going;
  };
  const told = () =>
    health().map(({ status, health: of, description }) => [status, of?.code, of?.subject, description]);
  const kinds = () => asked.map(({ kind }) => kind);
  return { bench, cache, book, tenant, answers, asked, kinds, told, end };
}

describe('arrivals', () => {
  it('are counted once a day for tables that drive sets, and told when some come too late for them', async () => {
    const { bench, answers, asked, told, end } = openLooks([SET, { ...SET, id: 'other' }]);
    await bench.clock.advance(2 * DAY);
    const counts = asked.filter(({ kind }) => kind === 'count');
    expect(counts).toHaveLength(2);
    expect((counts[1]?.at ?? 0) - (counts[0]?.at ?? 0)).toBe(DAY);
    expect(counts[0]?.query).toMatch(
      /^\/\/ huntwire arrivals\nDeviceEvents \| where Timestamp >= .* and Timestamp < ingestion_time\(\) - 3d \| count$/,
    );
    expect(told()).toEqual([]);
    answers.late = 3;
    await bench.clock.advance(2 * DAY);
    expect(told()).toEqual([
      ['firing', 'late-arrivals', 'DeviceEvents', expect.stringMatching(/^3 rows of DeviceEvents .*: set, other\. /)],
    ]);
    answers.late = 0;
    await bench.clock.advance(DAY);
    expect(told()).toEqual([expect.anything(), ['resolved', 'late-arrivals', 'DeviceEvents', expect.anything()]]);
    await end();
  });

  it('that nobody would miss any more are over', async () => {
    const { bench, tenant, answers, told, end } = openLooks([SET]);
    answers.late = 3;
    await bench.clock.advance(DAY + HOUR);
    expect(told()).toHaveLength(1);
    tenant.rules = [STREAM];
    await bench.clock.advance(2 * HOUR);
    expect(told()[1]).toEqual(['resolved', 'late-arrivals', 'DeviceEvents', expect.stringContaining('No rule')]);
    await end();
  });

  it('of days on which no process was there are counted, and nothing twice after a restart', async () => {
    const first = openLooks([SET]);
    await first.bench.clock.advance(DAY + HOUR);
    await first.end();
    const again = openLooks([SET], first.cache, T0 + DAY + 2 * HOUR);
    await again.bench.clock.advance(HOUR);
    expect(again.kinds()).toEqual([]);
    await again.end();
    const late = openLooks([SET], first.cache, T0 + 4 * DAY + 2 * HOUR);
    await late.bench.clock.advance(HOUR);
    expect(late.kinds()).toEqual(['count']);
    expect(late.asked[0]?.query.match(/datetime\([^)]*\)/g)?.map((text) => text.slice(9, 19))).toHaveLength(3);
    await late.end();
  });

  it('are tried again where a failure passes, and left for a day where the table cannot be asked', async () => {
    const { bench, answers, kinds, end } = openLooks([SET]);
    answers.failure = new HuntwireError('SOURCE_SERVER', 'down', { retryable: true });
    await bench.clock.advance(DAY + HOUR);
    expect(kinds().length).toBeGreaterThan(1);
    answers.failure = new HuntwireError('SOURCE_TABLE_MISSING', 'no such table');
    await bench.clock.advance(2 * HOUR);
    const before = kinds().length;
    await bench.clock.advance(20 * HOUR);
    expect(kinds().length).toBe(before);
    await end();
  });

  it('probes each table once a week; windows ask for rows without ingestion time until a probe has found none', async () => {
    const { bench, book, kinds, end } = openLooks([STREAM]);
    expect(book.stampedSince('DeviceEvents', T0)).toBeNull();
    await bench.clock.advance(DAY);
    const now = bench.clock.now();
    const since = book.stampedSince('DeviceEvents', now) ?? 0;
    expect([kinds(), now - since <= 10 * DAY]).toEqual([['probe'], true]);
    await bench.clock.advance(2 * WEEK);
    expect(kinds()).toEqual(['probe', 'probe', 'probe']);
    expect(book.stampedSince('DeviceEvents', bench.clock.now())).toBe(since);
    expect(book.stampedSince('DeviceEvents', bench.clock.now() + 9 * DAY)).toBeNull();
    await end();
  });

  it('has windows ask for them again where they begin to come, and says what was looked past', async () => {
    const { bench, book, answers, told, end } = openLooks([STREAM]);
    await bench.clock.advance(DAY);
    answers.unstamped = 1;
    await bench.clock.advance(WEEK);
    expect(book.stampedSince('DeviceEvents', bench.clock.now())).toBeNull();
    const about = 'DeviceEvents without ingestion time';
    expect(told()).toEqual([['firing', 'late-arrivals', about, expect.stringContaining('huntwire backfill')]]);
    await bench.clock.advance(WEEK);
    expect(told()[1]).toEqual(['resolved', 'late-arrivals', about, expect.anything()]);
    await end();
  });

  it('knows from the first moment what an earlier process found', async () => {
    const first = openLooks([STREAM]);
    await first.bench.clock.advance(DAY);
    const since = first.book.stampedSince('DeviceEvents', first.bench.clock.now());
    await first.end();
    const again = openLooks([STREAM], first.cache, T0 + DAY);
    await again.bench.clock.advance(0);
    expect(again.book.stampedSince('DeviceEvents', T0 + 2 * DAY)).toBe(since);
    await again.end();
  });
});

describe('arrivalTables', () => {
  it('leaves out what gets no window: looked-up ranges, tables that nobody knows, snapshots, rules that are off', () => {
    const [one] = makePrepared().tables;
    if (!one) throw new Error('there is a table');
    const table = (over: Partial<typeof one>) => makeRule({}, { tables: [{ ...one, ...over }] });
    expect(
      arrivalTables([
        table({ table: 'DeviceInfo', role: 'context', lookbackMs: DAY }),
        table({ table: 'My_CL', known: false }),
        table({ table: 'X', timeColumn: null }),
        makeRule({ status: 'disabled' }),
        makeRule({}, { basis: 'none' }),
      ]),
    ).toEqual([]);
    const byEvent = makeRule({ window: { ...SET.window, basis: 'event' } });
    expect(arrivalTables([byEvent])).toEqual([
      { table: 'DeviceEvents', timeColumn: 'Timestamp', sets: [], byArrival: false },
    ]);
    expect(arrivalTables([byEvent], { DeviceEvents: 'Created' })).toMatchObject([{ timeColumn: 'Created' }]);
    useAddedTables({ DeviceEvents: { columns: [], time: null, ingestionTime: false } });
    expect(arrivalTables([byEvent])).toEqual([]);
    useAddedTables({});
    expect(arrivalTables([byEvent, SET])).toMatchObject([{ sets: ['set'], byArrival: true }]);
  });
});

describe('probedNote', () => {
  const note = { countedTo: T0, probedAt: T0, stampedSince: T0 - 20 * DAY };

  it('joins probes that overlap, and begins anew where they do not, or where some were found', () => {
    expect(probedNote(note, T0 + WEEK, false).stampedSince).toBe(T0 - 20 * DAY);
    expect(probedNote(note, T0 + 10 * DAY, false).stampedSince).toBe(T0 + DAY);
    expect(probedNote(note, T0 - DAY, false).stampedSince).toBe(T0 - 10 * DAY);
    expect(probedNote(note, T0 + WEEK, true)).toMatchObject({ stampedSince: null, probedAt: T0 + WEEK });
  });
});

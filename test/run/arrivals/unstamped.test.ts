import { describe, expect, it } from '@jest/globals';
import { createMemoryCache } from '../../../src/lib/cache.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { asStamped } from '../../../src/rules/as-stamped.ts';
import { arrivalTables } from '../../../src/run/arrivals/arrival-tables.ts';
import { lackOf } from '../../../src/run/arrivals/lack-of.ts';
import { learnUnstamped } from '../../../src/run/arrivals/learn-unstamped.ts';
import { isSwept } from '../../../src/run/sweep/sweep-view.ts';
import { learnTimeColumns, type TimeColumnDeps } from '../../../src/run/time-columns.ts';
import { askedWindow, DEFAULT_WINDOW_SETTINGS, delayOf } from '../../../src/run/windows.ts';
import { arrivalOfApi } from '../../../src/sources/registry.ts';
import { makePrepared, makeRule } from '../make-rule.ts';
import { plantedSource } from '../planted-source.ts';
import { DAY, HOUR, MINUTE, T0 } from '../story.ts';

const lake = arrivalOfApi('lake') ?? null;

describe('a rule on a source without ingestion time', () => {
  const rule = makeRule({});
  const slow = asStamped(rule, lake);

  it('goes by event time, later, and reads more again', () => {
    const core = { from: T0, to: T0 + HOUR };
    expect(askedWindow(slow, core, DEFAULT_WINDOW_SETTINGS)).toEqual({
      from: T0 - 4 * HOUR,
      to: T0 + HOUR,
      basis: 'event',
    });
    expect(delayOf(slow, DEFAULT_WINDOW_SETTINGS)).toBe(15 * MINUTE);
    const longer = { ...DEFAULT_WINDOW_SETTINGS, overlapMs: 9 * HOUR, delayMs: { ingestion: 0, event: HOUR } };
    expect(askedWindow(slow, core, longer)?.from).toBe(T0 - 9 * HOUR);
    expect(delayOf(slow, longer)).toBe(HOUR);
  });

  it('is not swept, and nobody looks at its arrivals', () => {
    expect([isSwept(rule), isSwept(slow)]).toEqual([true, false]);
    expect([arrivalTables([rule]).length, arrivalTables([slow]).length]).toEqual([1, 0]);
  });

  it('is as it was on any other source, and where it has no window', () => {
    expect(asStamped(rule, arrivalOfApi('kusto') ?? null)).toBe(rule);
    expect(asStamped(rule, arrivalOfApi('graph') ?? null)).toBe(rule);
    const unwindowed = makeRule({ window: { basis: 'none', tables: {}, keepFilters: 'never' } });
    expect(asStamped(unwindowed, lake)).toBe(unwindowed);
  });
});

it.each([
  ['T | extend I = ingestion_time()', 'ingestion_time'],
  ['T | where x == "ingestion_time()" // ingestion_time()', null],
  ['externaldata (a: string) ["https://x"]', 'externaldata'],
  ['T | join (adx ("x").T) on A', 'adx'],
  ['T | project arg, ingestion_time', null],
])('%s calls what the lake lacks: %s', (query, call) => {
  const lack = lackOf(query, 'lake');
  expect(lack?.code ?? null).toBe(call === null ? null : 'KQL_WINDOW_REFUSED');
  if (call !== null) expect(lack?.message).toContain(`calls ${call}()`);
});

describe('tables of which some rows have no ingestion time', () => {
  const [reference] = makePrepared().tables;
  const references = ['On', 'Off', 'Odd'].map((table) => ({ ...reference, table, known: false })) as never;

  function tenant(ingestionTime: 'asked' | 'always') {
    const clock = createManualClock(T0);
    const asked: string[] = [];
    const source = plantedSource({ columns: [], rows: () => [], now: clock.now });
    const deps: TimeColumnDeps = {
      tenant: 'contoso',
      ruleId: 'r',
      source: {
        ...source,
        api: 'kusto',
        arrival: { ingestionTime, minDelayMs: 0, minOverlapMs: 0, timeColumns: { Odd: 'Created' } },
        query: async ({ query }) => {
          asked.push(query);
          if (query.startsWith('Odd')) throw new HuntwireError('SOURCE_TIMEOUT', 'x');
          const rows = query.startsWith('Off') ? 1 : 0;
          return { rows, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: null };
        },
      },
      cache: createMemoryCache(),
      clock,
      admit: async () => 1,
      called: async () => undefined,
      signal: new AbortController().signal,
    };
    return { deps, asked, clock };
  }

  it('are asked for once a week, and one that cannot be asked counts as one', async () => {
    const { deps, asked, clock } = tenant('asked');
    const columns = { On: 'Timestamp', Off: null, Odd: 'Created' };
    expect([...(await learnUnstamped(references, { ...columns, Off: 'At' }, deps))]).toEqual(['Off', 'Odd']);
    expect(asked).toEqual([
      'On | where Timestamp >= datetime(2025-12-23T12:00:00.0000000Z) and isnull(ingestion_time()) | take 1 | project Found = 1'.replace(
        '2025-12-23T12:00:00.000',
        new Date(T0 - 9 * DAY).toISOString().slice(0, 23),
      ),
      expect.stringContaining('Off | where At >= '),
      expect.stringContaining('Odd | where Created >= '),
    ]);
    await learnUnstamped(references, columns, deps);
    expect(asked).toHaveLength(4);
    await clock.advance(7 * DAY);
    await learnUnstamped(references, columns, deps);
    expect(asked).toHaveLength(6);
  });

  it('are not asked for where all rows have one', async () => {
    const { deps, asked } = tenant('always');
    expect((await learnUnstamped(references, {}, deps)).size).toBe(0);
    expect(asked).toEqual([]);
  });

  it('have the time column that the settings name, and nobody asks for it', async () => {
    const { deps, asked } = tenant('asked');
    expect(await learnTimeColumns(references, deps)).toEqual({ Odd: 'Created' });
    expect(asked.filter((query) => query.startsWith('Odd'))).toEqual([]);
  });
});

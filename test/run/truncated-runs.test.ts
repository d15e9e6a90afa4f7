import { describe, expect, it } from '@jest/globals';
import { openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { type PlantedRow, plantedSource, timeout } from './planted-source.ts';
import { COLUMNS, EVENT, HOUR, MINUTE, T0 } from './story.ts';
import { planted } from './turn-bench.ts';

const limited = makeRule({ alert: { ...makeRule().alert, limit: 2 } }, { identity: EVENT });

/** A bench whose answers end after `maxRows`, and which fails every call as long as `isHeavy` says so of the calls before. */
function setUp(rows: readonly PlantedRow[], options: { maxRows?: number; isHeavy?: (calls: number) => boolean }) {
  let calls = 0;
  const fails = () => (options.isHeavy?.(calls++) ? timeout() : null);
  return openBench({
    start: T0,
    source: (clock) =>
      plantedSource({
        columns: COLUMNS,
        rows: () => rows,
        now: clock.now,
        fails,
        ...(options.maxRows !== undefined && { maxRows: options.maxRows }),
      }),
  });
}

const rows = [1, 2, 3, 4].map((id) => planted(id, T0 - (10 + id) * MINUTE));

describe('an answer that lacks rows', () => {
  it('because a slice could not be asked says so in its alerts, and counts "at least"', async () => {
    const bench = setUp(rows, { isHeavy: (calls) => calls < 8 });
    const report = await bench.turn(limited);
    expect(report?.run).toMatchObject({ outcome: 'ok', truncated: true, calls: 9, rows: 4 });
    expect(bench.told.filter(({ kind }) => kind === 'detection')).toMatchObject([
      { truncated: true, rowCount: 1 },
      { truncated: true, overflow: { hits: 3, atLeast: true } },
    ]);
  });

  it('because it was cut short counts "at least"', async () => {
    const set = { ...limited, effectiveShape: 'set' as const, lookbackMs: 2 * HOUR };
    const bench = setUp(rows, { maxRows: 4 });
    const report = await bench.turn(set);
    expect(report?.run).toMatchObject({ truncated: true, rows: 4 });
    const told = bench.told.find(({ overflow }) => overflow);
    expect(told).toMatchObject({ truncated: true, overflow: { hits: 3, atLeast: true } });
  });

  it('and one that lacks none counts exactly', async () => {
    const bench = setUp(rows, { maxRows: 5 });
    const report = await bench.turn(limited);
    expect(report?.run).toMatchObject({ truncated: false, rows: 4 });
    const told = bench.told.find(({ overflow }) => overflow);
    expect(told).toMatchObject({ truncated: false, overflow: { hits: 3, atLeast: false } });
  });
});

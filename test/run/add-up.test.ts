import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tries } from '../tries.ts';
import { openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { type PlantedRow, plantedSource } from './planted-source.ts';
import { COLUMNS, EVENT, HOUR, MINUTE, T0 } from './story.ts';
import { planted } from './turn-bench.ts';

const stream = makeRule({}, { identity: EVENT });

describe('a run that does not add up', () => {
  it('is an error of its own: nothing is told, the window stays pending, and a health alert says so', async () => {
    let lost = 1;
    const bench = openBench({
      start: T0,
      source: (clock) => {
        const source = plantedSource({
          columns: COLUMNS,
          rows: () => [planted(1, T0 - 30 * MINUTE), planted(2, T0 - 20 * MINUTE)],
          now: clock.now,
        });
        const query: typeof source.query = async (request, sink) => {
          const end = await source.query(request, sink);
          return { ...end, rows: end.rows + lost };
        };
        return { ...source, query };
      },
    });
    const report = await bench.turn(stream);
    expect(report?.run).toMatchObject({ outcome: 'failed', error: { code: 'RUN_MISCOUNTED' }, hits: 0, alerts: 0 });
    expect(report?.run.error?.message).toContain('3 rows came and 2 are accounted for');
    expect((await bench.store.ruleState('default', stream.id))?.ledger).toMatchObject([{ outcome: 'pending' }]);
    expect(bench.told.map((alert) => alert.health?.code)).toEqual(['rule-failing']);
    lost = 0;
    await bench.turn(stream, 'backlog');
    expect(bench.told.filter((alert) => alert.kind === 'detection')).toHaveLength(2);
  });
});

describe('every run', () => {
  it('adds up: rows in are rows told and rows dropped for a named reason', async () => {
    const row = fc.record({ minute: fc.integer({ min: 1, max: 119 }), device: fc.constantFrom('pc1', 'pc2', 'build') });
    const shapes = fc.record({
      per: fc.constantFrom('row' as const, 'run' as const),
      groupBy: fc.constantFrom([], ['DeviceId']),
      value: fc.integer({ min: 0, max: 3 }),
      limit: fc.integer({ min: 1, max: 3 }),
      dedupColumns: fc.constantFrom(null, ['DeviceId']),
      suppressMs: fc.constantFrom(null, 2 * HOUR),
      status: fc.constantFrom('enabled' as const, 'testing' as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), shapes, async (rows, { value, groupBy, status, ...alert }) => {
        const found = rows.map(({ minute, device }, id) => planted(id, T0 - HOUR + minute * MINUTE, { device }));
        const rule = makeRule(
          {
            status,
            threshold: { measure: 'rows', column: null, operator: '>', value, groupBy },
            alert: { ...makeRule().alert, ...alert },
            exceptions: [{ where: { DeviceId: ['build'] }, reason: 'CI', owner: 'team', expires: T0 + 9 * HOUR }],
          },
          { identity: EVENT },
        );
        const bench = openBench({
          start: T0,
          source: (clock) => plantedSource({ columns: COLUMNS, rows: () => found, now: clock.now }),
        });
        for (let hour = 0; hour < 3; hour += 1) {
          const run = (await bench.turn(rule))?.run;
          expect(run?.outcome).toBe('ok');
          const sum = (counts: object = {}): number => Object.values(counts).reduce((total, count) => total + count, 0);
          expect([sum(run?.rowReasons), sum(run?.reasons)]).toEqual([run?.rows, run?.hits]);
          await bench.clock.advance(HOUR);
        }
      }),
      { numRuns: tries(10, 30) },
    );
  });
});

/** What a first run at each of these times, and the runs at the later ones, tell. */
async function idsTold(
  rows: readonly PlantedRow[],
  start: number,
  times: readonly number[],
): Promise<readonly string[]> {
  const [first = start] = times;
  const bench = openBench({
    start: first,
    source: (clock) => plantedSource({ columns: COLUMNS, rows: () => rows, now: clock.now }),
  });
  const reach = (time: number): number => time - start;
  for (const time of times) {
    await bench.clock.advance(time - bench.clock.now());
    const rule = { ...stream, lookbackMs: time === first ? reach(first) : HOUR };
    await bench.turn(rule);
    for (let turns = 0; turns < 20; turns += 1) if (!(await bench.turn(rule, 'backlog'))) break;
  }
  return bench.told.map((alert) => alert.id).sort();
}

describe('a stream', () => {
  it('tells over [a, c) what it tells over [a, b) and [b, c) together, for any b', async () => {
    const span = 6 * 60;
    const minutes = fc.uniqueArray(fc.integer({ min: 1, max: span - 1 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(minutes, fc.integer({ min: 1, max: span - 1 }), async (at, between) => {
        const rows = at.map((minute, id) => planted(id, T0 + minute * MINUTE));
        const end = T0 + span * MINUTE;
        const whole = await idsTold(rows, T0, [end]);
        const parts = await idsTold(rows, T0, [T0 + between * MINUTE, end]);
        expect(parts).toEqual(whole);
      }),
      { numRuns: tries(10, 30) },
    );
  });
});

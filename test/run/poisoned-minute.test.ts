import { describe, expect, it } from '@jest/globals';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { daemon } from './daemon-bench.ts';
import { makeRule } from './make-rule.ts';
import { plantedSource, timeout } from './planted-source.ts';
import { COLUMNS, EVENT, HOUR, MINUTE, T0 } from './story.ts';
import { planted } from './turn-bench.ts';

const QUARTER = 15 * MINUTE;
const POISON = T0 + 20 * MINUTE + 30_000;
const ASKED = /ingestion_time\(\) >= datetime\(([^)]+)\) and ingestion_time\(\) < datetime\(([^)]+)\)/;
const EVERY = { kind: 'every', everyMs: QUARTER, lookbackMs: null } as const;
const rows = Array.from({ length: 60 }, (_, id) => planted(id, T0 + id * 4 * MINUTE + 7000, { device: `pc${id}` }));

/** A daemon for five hours over a service that cannot answer any window with one of these instants in it. */
async function fiveHours(rule: RunnableRule, poison: readonly number[] = [POISON]) {
  const calls: { readonly lengthMs: number; readonly at: number }[] = [];
  let now = (): number => T0;
  const source = plantedSource({
    columns: COLUMNS,
    rows: () => rows,
    now: () => now(),
    fails: ({ query }) => {
      const [from, to] = (ASKED.exec(query) ?? []).slice(1).map((text) => Date.parse(text));
      if (from === undefined || to === undefined || !poison.some((at) => from <= at && at < to)) return null;
      calls.push({ lengthMs: to - from, at: now() });
      return timeout();
    },
  });
  const world = await daemon({ rules: [rule], query: (request, sink) => source.query(request, sink) });
  now = world.clock.now;
  await world.clock.advance(5 * HOUR);
  await world.end();
  const { bench } = world;
  const health = bench.told.flatMap(({ health: about, status }) => (about ? [`${about.code} ${status}`] : []));
  const gapsOf = async (id: string) =>
    ((await bench.store.ruleState('default', id))?.ledger ?? []).map(({ outcome, from, to }) => [outcome, from, to]);
  const told = bench.told.filter(({ kind, status }) => kind === 'detection' && status === 'firing');
  return { bench, calls, health, gapsOf, told };
}

describe('a minute of a stream that the service cannot answer', () => {
  const stream = (over: Partial<RunnableRule> = {}): RunnableRule =>
    makeRule({ schedule: EVERY, lookbackMs: QUARTER, ...over }, { identity: EVENT });

  it.each([
    ['plain', stream()],
    ['that asks for the time', makeRule({ schedule: EVERY, lookbackMs: QUARTER }, { identity: EVENT, usesTime: true })],
  ])(
    'is a gap of that minute after five failures a quarter of an hour apart, and all else is told (%s)',
    async (_, rule) => {
      const { bench, calls, health, gapsOf, told } = await fiveHours(rule);
      const minute = T0 + 20 * MINUTE;
      expect(await gapsOf('rule')).toEqual([['gap', minute, minute + MINUTE]]);
      expect(told).toHaveLength(rows.length - 1);
      expect([...new Set(bench.commits.map((one) => one.rule.standing))]).toEqual(['ok']);
      expect(health).toEqual(['truncated firing', 'gap firing', 'gap resolved', 'truncated resolved']);
      const alone = calls.filter(({ lengthMs }) => lengthMs === MINUTE);
      expect(alone.length).toBeGreaterThanOrEqual(5);
      expect((calls.at(-1)?.at ?? 0) - T0).toBeLessThan(2.5 * HOUR);
      expect(calls.length).toBeLessThanOrEqual(20);
    },
  );

  it('is no more than its own where the next one is as bad, hits merge, or rows are counted', async () => {
    const beside = await fiveHours(stream(), [POISON, POISON + MINUTE]);
    const minute = T0 + 20 * MINUTE;
    expect(await beside.gapsOf('rule')).toEqual([['gap', minute, minute + 2 * MINUTE]]);
    expect(beside.told).toHaveLength(rows.length - 1);
    const merging = await fiveHours(
      stream({ alert: { ...makeRule().alert, dedupColumns: ['DeviceId'], suppressMs: 0 } }),
    );
    expect(await merging.gapsOf('rule')).toEqual([['gap', minute, POISON + 13_000]]);
    expect(merging.told).toHaveLength(rows.length - 1);
    const groups = { measure: 'rows', column: null, operator: '>=', value: 1, groupBy: ['DeviceId'] } as const;
    const counted = await fiveHours(stream({ threshold: groups, alert: { ...makeRule().alert, per: 'group' } }));
    expect(await counted.gapsOf('rule')).toEqual([['gap', minute, minute + MINUTE]]);
    expect(counted.told).toHaveLength(rows.length - 1);
  });
});

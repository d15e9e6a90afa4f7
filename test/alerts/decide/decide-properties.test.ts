import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Decision } from '../../../src/alerts/decide/decision.ts';
import type { KeyMemory, QuietMemory } from '../../../src/alerts/memory.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import type { Row } from '../../../src/sources/source.ts';
import { collect, decideOn, eventRow, HOUR, makeRule, NOON } from '../samples.ts';

const row: fc.Arbitrary<Row> = fc.record({
  Timestamp: fc.constantFrom('2026-01-01T11:50:00Z', '2026-01-01T11:50:00.5Z', null),
  DeviceId: fc.constantFrom('d1', 'd2', 'd3'),
  DeviceName: fc.constantFrom('pc1', 'lab'),
  ReportId: fc.integer({ min: 1, max: 12 }),
  Count: fc.integer({ min: 0, max: 3 }),
});

const rule: fc.Arbitrary<RunnableRule> = fc
  .record({
    shape: fc.constantFrom('stream' as const, 'set' as const),
    status: fc.constantFrom('enabled' as const, 'testing' as const),
    groupBy: fc.constantFrom([], ['DeviceId']),
    per: fc.constantFrom('row' as const, 'run' as const),
    value: fc.integer({ min: 0, max: 4 }),
    limit: fc.integer({ min: 1, max: 4 }),
    dedup: fc.constantFrom(null, ['DeviceId'], ['DeviceName']),
    suppressMs: fc.constantFrom(null, 0, HOUR),
    excepted: fc.boolean(),
  })
  .map((one) =>
    makeRule({
      effectiveShape: one.shape,
      status: one.status,
      threshold: { groupBy: one.groupBy, value: one.value },
      alert: { per: one.per, limit: one.limit, dedupColumns: one.dedup, suppressMs: one.suppressMs },
      exceptions: one.excepted
        ? [{ where: { DeviceName: ['lab'] }, reason: 'r', owner: 'o', expires: NOON + 24 * HOUR }]
        : [],
    }),
  );

/** Runs one after another on what the runs before have left. */
function replay(one: RunnableRule, runs: readonly (readonly Row[])[]): readonly Decision[] {
  const known = new Map<string, KeyMemory>();
  const quiet = new Map<string, QuietMemory>();
  return runs.map((rows, index) => {
    const to = NOON + (index * HOUR) / 2;
    const input = { known, quiet, logicalTime: to, window: { from: to - HOUR, to } };
    const decision = decideOn(one, collect(one, rows), input);
    for (const memory of decision.keys) known.set(memory.key, memory);
    for (const memory of decision.quiet) quiet.set(memory.dedupKey, memory);
    return decision;
  });
}

const runs = fc.array(fc.array(row, { maxLength: 12 }), { maxLength: 5 });

describe('decisions', () => {
  it('hide nothing without a count: told, testing and suppressed add up to the hits', () => {
    fc.assert(
      fc.property(rule, runs, (one, rows) => {
        for (const [index, decision] of replay(one, rows).entries()) {
          const suppressed = Object.values(decision.suppressed).reduce((sum, count) => sum + count, 0);
          expect(decision.toldHits + (decision.reasons.testing ?? 0) + suppressed).toBe(decision.hits);
          const collected = collect(one, rows[index] ?? []);
          expect(decision.hits).toBe(collected.hits.length + collected.excepted.rows);
          expect(decision.told.flatMap((told) => told.hits)).toHaveLength(decision.toldHits);
          expect(decision.overflow?.hits.length ?? 0).toBe(decision.suppressed.overflow);
        }
      }),
    );
  });

  it('never make more alerts than the limit', () => {
    fc.assert(
      fc.property(rule, runs, (one, rows) => {
        for (const decision of replay(one, rows)) {
          const alerts = decision.told.length + (decision.overflow ? 1 : 0);
          expect(alerts).toBeLessThanOrEqual(one.alert.limit);
        }
      }),
    );
  });

  it('remember every row of every hit', () => {
    fc.assert(
      fc.property(rule, runs, (one, rows) => {
        for (const decision of replay(one, rows)) {
          const written = new Set(decision.keys.map((memory) => memory.key));
          for (const { hit } of decision.outcomes) expect(hit.rowKeys.every(({ key }) => written.has(key))).toBe(true);
        }
      }),
    );
  });

  it('tell a row of a stream at most once', () => {
    const stream = rule.filter((one) => one.effectiveShape === 'stream' && one.threshold.groupBy.length === 0);
    fc.assert(
      fc.property(stream, runs, (one, rows) => {
        fc.pre(one.alert.per === 'row');
        const told = replay(one, rows).flatMap((decision) => decision.told.flatMap((each) => each.hits));
        const keys = told.map((hit) => hit.key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  it('do not depend on the order of the rows', () => {
    const fixed = eventRow();
    fc.assert(
      fc.property(rule, fc.array(row, { maxLength: 12 }), (one, rows) => {
        const keysTold = (some: readonly Row[]) =>
          decideOn(one, collect(one, some)).told.flatMap((told) => told.hits.map((hit) => hit.key));
        const forward = keysTold([...rows, fixed]);
        fc.pre(one.alert.dedupColumns === null);
        expect(keysTold([fixed, ...[...rows].reverse()])).toEqual(forward);
      }),
    );
  });
});

/** Windows of an hourly set rule, asked in any order: the due ones as they come, missed ones some time after. */
const asked = fc.shuffledSubarray(
  Array.from({ length: 14 }, (_, hour) => hour),
  { minLength: 1 },
);

describe('windows of a set', () => {
  const set = makeRule({ effectiveShape: 'set', lookbackMs: 3 * HOUR });

  it('tell a key where no window that told it overlaps, in whatever order they are asked', () => {
    fc.assert(
      fc.property(asked, (hours) => {
        const known = new Map<string, KeyMemory>();
        const told: number[] = [];
        hours.forEach((hour, index) => {
          const windowOf = (one: number) => ({ from: NOON + (one - 3) * HOUR, to: NOON + one * HOUR });
          const window = windowOf(hour);
          const reachesBackTo = Math.min(...hours.slice(index).map((one) => windowOf(one).from));
          const input = { known, window, reachesBackTo, logicalTime: window.to };
          const decision = decideOn(set, collect(set, [eventRow({ ReportId: 1 })]), input);
          for (const memory of decision.keys) known.set(memory.key, memory);
          expect(decision.toldHits).toBe(told.some((one) => Math.abs(one - hour) < 3) ? 0 : 1);
          if (decision.toldHits > 0) told.push(hour);
        });
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RawRow } from '../../src/engine/data/row-table.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { tries } from '../tries.ts';
import { analyzedRule, event, setUpTables } from './example-bench.ts';
import { HOUR, MINUTE, T0 } from './story.ts';

const RUNS = 4;
const E = 'DeviceProcessEvents';
const COLUMNS = 'project Timestamp, DeviceId, DeviceName, ReportId, FileName';
const COUNT = 'summarize Events = count(), Timestamp = max(Timestamp) by DeviceId';

/** Forms whose filters are absorbed, each with a schedule whose runs leave no event to no run. */
const FORMS: readonly (readonly [name: string, query: string, schedule: string])[] = [
  ['>', `${E} | where Timestamp > ago(1h) | ${COLUMNS}`, '{every: 1h}'],
  ['>= now() - D', `${E} | where FileName == "a" and Timestamp >= now() - 2h | ${COLUMNS}`, '{every: 1h}'],
  ['between', `${E} | where Timestamp between (ago(1h) .. now()) | ${COLUMNS}`, '{every: 1h}'],
  ['let', `let s = ago(3h); ${E} | extend X = 1 | where Timestamp > s | ${COLUMNS}`, '{every: 1h}'],
  ['a call', `let f = (d: timespan) { ${E} | where Timestamp > ago(d) }; f(1h) | ${COLUMNS}`, '{every: 1h}'],
  ['datetime_diff', `${E} | where datetime_diff("hour", now(), Timestamp) <= 1 | ${COLUMNS}`, '{every: 1h}'],
  ['ingestion_time()', `${E} | where ingestion_time() > ago(1h) | ${COLUMNS}`, '{every: 1h}'],
  [
    'legs',
    `union (${E} | where Timestamp > ago(1h) | ${COLUMNS}), (DeviceFileEvents | where Timestamp > ago(7d) | ${COLUMNS})`,
    '{every: 1h}',
  ],
  ['an end that stays', `${E} | where Timestamp between (ago(3h) .. ago(1h)) | ${COLUMNS}`, '{every: 1h}'],
  ['a set', `${E} | where Timestamp > ago(2h) | ${COUNT}`, '{every: 1h}'],
  [
    'a set with its lookback',
    `${E} | where Timestamp between (ago(2h) .. now()) | ${COUNT}`,
    '{every: 1h, lookback: 2h}',
  ],
  [
    'a join of events',
    `${E} | where Timestamp > ago(2h) | join kind=inner (DeviceFileEvents | where Timestamp > ago(2h)) on DeviceId | project Timestamp, DeviceId, ReportId, Timestamp1, DeviceId1, ReportId1`,
    '{every: 1h}',
  ],
];

/** Ids of the alerts that a rule tells while the rows arrive. */
async function toldBy(rule: RunnableRule, tables: Readonly<Record<string, RawRow[]>>): Promise<readonly string[]> {
  const { bench, run } = setUpTables(tables);
  for (let hour = 0; hour <= RUNS; hour += 1) await run(rule, hour === 0 ? 0 : HOUR);
  return bench.told.map((alert) => alert.id).sort();
}

/** Minutes and odd milliseconds, so that no event stands on the border of a window. */
const minute = fc.integer({ min: 2, max: RUNS * 60 - 70 });
const happening = fc.record({ minute, device: fc.constantFrom('d1', 'd2'), file: fc.constantFrom('a', 'b') });

/** Told by each form: the same device, the same hour. */
const ONE = [{ minute: 30, device: 'd1', file: 'a' }];

function rowsOf(
  events: readonly { readonly minute: number; readonly device: string; readonly file: string }[],
): RawRow[] {
  return events.map((one, index) =>
    event(T0 + one.minute * MINUTE + 17 + index, { DeviceId: one.device, FileName: one.file }),
  );
}

/** Of events that arrive as they happen; what arrives late is what the absorbed filter finds and the other does not. */
describe('a rule with its filter absorbed tells what it tells with its filter kept', () => {
  it.each(FORMS)('%s', async (_, text, schedule) => {
    const query = `|\n  ${text}`;
    let told = 0;
    const absorbed = await analyzedRule({ query, schedule });
    const lookback =
      schedule.includes('lookback') || absorbed.effectiveShape === 'stream' ? schedule : '{every: 1h, lookback: 2h}';
    const kept = await analyzedRule({ query, schedule: lookback, window: '{keepFilters: true}' });
    expect(absorbed.prepared.absorbed.length).toBeGreaterThan(0);
    expect(kept.prepared.absorbed).toEqual([]);
    const lists = fc.array(happening, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(lists, lists, async (processes, files) => {
        const tables = { DeviceProcessEvents: rowsOf(processes), DeviceFileEvents: rowsOf(files) };
        const ids = await toldBy(absorbed, tables);
        told += ids.length;
        expect(ids).toEqual(await toldBy(kept, tables));
      }),
      { numRuns: tries(2, 6), examples: [[ONE, ONE]] },
    );
    expect(told).toBeGreaterThan(0);
  });
});

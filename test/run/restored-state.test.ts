import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { createTimetable } from '../../src/run/schedule.ts';
import type { Commit } from '../../src/state/store.ts';
import { tries } from '../tries.ts';
import { type Bench, openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { plantedSource } from './planted-source.ts';
import { COLUMNS, EVENT, HOUR, MINUTE, T0 } from './story.ts';
import { planted } from './turn-bench.ts';

const QUARTER = 15 * MINUTE;

/** Every quarter of an hour; its row hits are merged by device. */
function mergingRule(suppressMs: number): RunnableRule {
  const alert = { ...makeRule().alert, dedupColumns: ['DeviceName'], suppressMs };
  return makeRule(
    { schedule: { kind: 'every', everyMs: QUARTER, lookbackMs: null }, lookbackMs: QUARTER, alert },
    { identity: EVENT },
  );
}

interface Event {
  /** Minutes after the start. */
  readonly at: number;
  readonly device: string;
}

function openAt(start: number, events: readonly Event[], commits: readonly Commit[] = []): Bench {
  const rows = events.map(({ at, device }, id) => planted(id, T0 + at * MINUTE, { at: T0 + at * MINUTE, device }));
  return openBench({
    start,
    commits,
    source: (clock) => plantedSource({ columns: COLUMNS, rows: () => rows, now: clock.now }),
  });
}

/** Takes every turn as the scheduler would. */
async function runUntil(bench: Bench, rule: RunnableRule, end: number): Promise<void> {
  const { latest } = createTimetable(rule.schedule, rule.id);
  for (; bench.clock.now() <= end; await bench.clock.advance(QUARTER)) {
    await bench.turn(rule, 'due', latest(bench.clock.now()));
    for (let turns = 0; turns < 500; turns += 1) if (!(await bench.turn(rule, 'backlog'))) break;
  }
}

function idsOf(bench: Bench): ReadonlySet<string> {
  return new Set(bench.told.filter((alert) => alert.kind === 'detection').map((alert) => alert.id));
}

/** Runs for `hours`, puts the state of hour `copied` back, and runs on: what was told before, and what after. */
async function putBack(rule: RunnableRule, events: readonly Event[], copied: number, hours: number) {
  const end = T0 + hours * HOUR;
  const first = openAt(T0, events);
  await runUntil(first, rule, T0 + copied * HOUR);
  const kept = [...first.commits];
  await runUntil(first, rule, end);
  const second = openAt(end, events, kept);
  await runUntil(second, rule, end);
  return { before: idsOf(first), after: idsOf(second) };
}

describe('hits of a stream that dedup.columns merge, after an earlier state was put back', () => {
  const busy = Array.from({ length: 24 * 12 }, (_, index) => ({ at: index * 5 + 3, device: 'pc1' }));

  it.each([0, HOUR])('come again under the ids that they had, with a quiet time of %i ms', async (suppressMs) => {
    const { before, after } = await putBack(mergingRule(suppressMs), busy, 6, 24);
    expect(after.size).toBeGreaterThan(3);
    expect([...after].filter((id) => !before.has(id))).toEqual([]);
  });

  it('come again under ids that they had wherever the copy was taken, whatever the devices', async () => {
    const event = fc.record({ at: fc.integer({ min: 1, max: 12 * 60 }), device: fc.constantFrom('pc1', 'pc2', 'pc3') });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), fc.integer({ min: 0, max: 11 }), async (events, copied) => {
        const { before, after } = await putBack(mergingRule(0), events, copied, 12);
        expect([...after].filter((id) => !before.has(id))).toEqual([]);
      }),
      { numRuns: tries(5, 15) },
    );
  });
});

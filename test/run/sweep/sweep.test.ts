import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rowAlertIds } from '../../../src/alerts/alert-id.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { isSwept, laterThanMs, sweepTimetable } from '../../../src/run/sweep/sweep-view.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../../src/run/windows.ts';
import type { QueryRequest } from '../../../src/sources/source.ts';
import { tries } from '../../tries.ts';
import { makeRule } from '../make-rule.ts';
import { type PlantedRow, timeout } from '../planted-source.ts';
import { DAY, EVENT, HOUR, MINUTE, T0 } from '../story.ts';
import { planted, setUp } from '../turn-bench.ts';

/** How often a turn is taken, hours. */
const STEP = 4;
const SCHEDULE = { kind: 'every', everyMs: STEP * HOUR, lookbackMs: null } as const;
const RULE = makeRule({ id: 'stream', schedule: SCHEDULE, lookbackMs: STEP * HOUR }, { identity: EVENT });
const isSweep = ({ query }: Pick<QueryRequest, 'query'>) => query.includes('< ingestion_time() - ');

interface Play {
  readonly hours?: number;
  readonly rule?: RunnableRule;
  readonly fails?: (request: QueryRequest) => HuntwireError | null;
  readonly skips?: (hour: number) => boolean;
}

/** Takes the turns of the rule, and each time the sweep that is due, as the scheduler does; none where `skips` says so. */
async function play(rows: PlantedRow[], { hours = 32, rule = RULE, fails, skips = () => false }: Play = {}) {
  const world = setUp(rows, fails ?? null);
  const { bench } = world;
  for (let hour = 0; hour < hours; hour += STEP) {
    if (!skips(hour)) {
      await bench.turn(rule);
      await bench.turn(rule, 'sweep', sweepTimetable(rule.id).latest(bench.clock.now()));
    }
    await bench.clock.advance(STEP * HOUR);
  }
  const state = await bench.store.ruleState('default', rule.id);
  return { ...world, state, sweeps: bench.commits.filter(({ run }) => run.lane === 'sweep') };
}

const told = (alerts: readonly { readonly evidence: readonly object[] }[]) =>
  alerts.flatMap(({ evidence }) => evidence.map((row) => (row as { ReportId: number }).ReportId)).sort((a, b) => a - b);

describe('the sweep', () => {
  it('tells a row that came later than lateness, under the id of its key, once', async () => {
    const { detections, bench, sweeps, state } = await play([planted(1, T0 + 3 * HOUR, { at: T0 - 9 * DAY })], {
      hours: 60,
    });
    const [alert] = detections();
    expect(told(detections())).toEqual([1]);
    expect(sweeps.length).toBeGreaterThanOrEqual(2);
    const [key] = bench.commits.flatMap(({ keys }) => keys);
    expect(alert?.id).toBe(rowAlertIds({ tenant: 'default', ruleId: 'stream' })(key?.key ?? ''));
    expect(state?.late?.ledger).toEqual([]);
    expect(state?.ledger).toEqual([]);
  });

  it('finds each row that the normal run cannot, however little it is late, and tells none twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            arrives: fc.integer({ min: 0, max: 20 * 60 }),
            late: fc.oneof(
              fc.integer({ min: 3 * 24 * 60 - 90, max: 3 * 24 * 60 + 90 }),
              fc.integer({ min: 0, max: 25 * 24 * 60 }),
            ),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        async (hits) => {
          const rows = hits.map(({ arrives, late }, id) => {
            const ingested = T0 + arrives * MINUTE;
            return planted(id, ingested, { at: ingested - late * MINUTE, device: `pc${id}` });
          });
          const { detections } = await play(rows, { hours: 48 });
          expect(told(detections())).toEqual(hits.map((_, id) => id));
        },
      ),
      { numRuns: tries(4, 10) },
    );
  });

  it('is once a day, however often it is asked for', async () => {
    const { sweeps } = await play([], { hours: 72 });
    expect(sweeps.length).toBe(3);
    expect(new Set(sweeps.map(({ run }) => run.logicalTime)).size).toBe(3);
  });

  it('leaves the coverage and standing of the rule as they are, also where it fails', async () => {
    const fails = (request: QueryRequest) =>
      isSweep(request) ? new HuntwireError('SOURCE_QUERY_INVALID', 'no such function') : null;
    const { state, sweeps } = await play([], { fails });
    expect(sweeps.map(({ run }) => run.outcome)).toContain('blocked');
    expect([state?.standing, state?.failures, state?.lastError]).toEqual(['ok', 0, null]);
    for (const { rule } of sweeps) expect(rule.ledger).toEqual([]);
  });

  it('waits where the service fails, and tells all when it answers again', async () => {
    const down = { until: T0 + 50 * HOUR };
    const rows = [planted(1, T0 + 2 * HOUR, { at: T0 - 9 * DAY })];
    const world: { now: () => number } = { now: () => T0 };
    const fails = (request: QueryRequest) =>
      isSweep(request) && world.now() < down.until
        ? new HuntwireError('SOURCE_NETWORK', 'no route', { retryable: true })
        : null;
    const { bench, detections } = setUp(rows, fails);
    world.now = () => bench.clock.now();
    for (let hour = 0; hour < 80; hour += STEP) {
      await bench.turn(RULE);
      await bench.turn(RULE, 'sweep', sweepTimetable(RULE.id).latest(bench.clock.now()));
      await bench.clock.advance(STEP * HOUR);
    }
    expect(told(detections())).toEqual([1]);
    expect((await bench.store.ruleState('default', RULE.id))?.late?.ledger).toEqual([]);
  });

  it('divides a day that is too heavy, and keeps the part that nobody can answer as a gap, with an alert', async () => {
    const poisoned = T0 + 5 * HOUR + 30_000;
    const windowOf = (query: string) =>
      /ingestion_time\(\) >= datetime\(([^)]+)\) and ingestion_time\(\) < datetime\(([^)]+)\)/.exec(query);
    const fails = (request: QueryRequest) => {
      const [, from = '', to = ''] = windowOf(request.query) ?? [];
      return isSweep(request) && Date.parse(from) <= poisoned && poisoned < Date.parse(to) ? timeout() : null;
    };
    const rows = [
      planted(1, T0 + HOUR, { at: T0 - 9 * DAY }),
      planted(2, T0 + 20 * HOUR, { at: T0 - 9 * DAY, device: 'pc2' }),
    ];
    const { bench, detections, health } = setUp(rows, fails);
    for (let hour = 0; hour < 9 * 24; hour += 6) {
      if (hour % 24 === 0) await bench.turn(RULE);
      // Others are answered meanwhile: the failure speaks against the window.
      for (let turns = 0; turns < 4; turns += 1)
        await bench.turn(RULE, 'sweep', sweepTimetable(RULE.id).latest(bench.clock.now()));
      await bench.clock.advance(6 * HOUR);
    }
    expect(told(detections())).toEqual([1, 2]);
    const late = (await bench.store.ruleState('default', RULE.id))?.late;
    const [gap, ...more] = (late?.ledger ?? []).filter(({ outcome }) => outcome === 'gap');
    expect(more).toEqual([]);
    expect(gap && [gap.from <= poisoned, poisoned < gap.to, gap.to - gap.from]).toEqual([true, true, MINUTE]);
    const gaps = health().filter((one) => one.health?.code === 'gap' && one.status === 'firing');
    expect(gaps.map(({ description }) => description)).toEqual([
      expect.stringContaining('Not swept for rows that arrived late'),
    ]);
  });

  it('leaves nothing behind where the process dies before the commit, and is made again', async () => {
    let dies = true;
    const { bench, detections } = setUp([planted(1, T0 + HOUR, { at: T0 - 9 * DAY })]);
    const { commit } = bench.deps.store;
    const store = {
      ...bench.deps.store,
      commit: async (one: Parameters<typeof commit>[0]) => {
        if (one.run.lane === 'sweep' && dies) throw new HuntwireError('STATE_FAILED', 'killed');
        await commit(one);
      },
    };
    Object.assign(bench.deps, { store });
    let killed = 0;
    for (let hour = 0; hour < 40; hour += 1) {
      await bench.turn(RULE);
      await bench.turn(RULE, 'sweep', sweepTimetable(RULE.id).latest(bench.clock.now())).catch(() => {
        killed += 1;
        bench.restart();
      });
      if (killed > 3) dies = false;
      await bench.clock.advance(HOUR);
    }
    expect(killed).toBe(4);
    expect(told(detections())).toEqual([1]);
  });

  it('makes up for days on which no process ran', async () => {
    const rows = [planted(1, T0 + 30 * HOUR, { at: T0 - 9 * DAY })];
    const { detections, sweeps } = await play(rows, { hours: 8 * 24, skips: (hour) => hour > 2 && hour < 6 * 24 });
    expect(told(detections())).toEqual([1]);
    // One for each day of arrivals, and one from where the rule began.
    expect(sweeps.length).toBe(8);
  });

  it('tells as a gap what the source keeps no longer', async () => {
    const { state, health } = await play([], { hours: 40 * 24, skips: (hour) => hour > 2 && hour < 39 * 24 });
    expect(state?.late?.ledger.filter(({ outcome }) => outcome === 'gap')).toHaveLength(1);
    expect(health().some(({ description }) => description.includes('Not swept for rows that arrived late'))).toBe(true);
  });

  it('says nothing of a group that the windows have found: its end is theirs to tell', async () => {
    const rule = makeRule(
      {
        id: 'stream',
        threshold: { measure: 'rows', column: null, operator: '>=', value: 2, groupBy: ['DeviceId'] },
        alert: { ...RULE.alert, per: 'group', resolveAfterMs: 0 },
      },
      { identity: EVENT },
    );
    const { bench } = setUp([planted(1, T0 - 30 * MINUTE), planted(2, T0 - 20 * MINUTE)]);
    await bench.turn(rule);
    await bench.clock.advance(DAY);
    const report = await bench.turn(rule, 'sweep', sweepTimetable(rule.id).latest(bench.clock.now()));
    expect(report?.run.outcome).toBe('ok');
    expect(report?.alerts).toEqual([]);
    await bench.turn(rule);
    expect(bench.told.map(({ status }) => status)).toEqual(['firing', 'resolved']);
  });

  it('begins anew where a rule was switched off', async () => {
    const { bench, state } = await play([], { hours: STEP });
    expect(state?.late).toBeDefined();
    const { switchedOff, switchedOn } = await import('../../../src/run/rule-edits.ts');
    const off = switchedOff({ ...RULE, status: 'disabled' }, state, bench.clock.now(), DEFAULT_WINDOW_SETTINGS);
    const on = switchedOn(RULE, off, bench.clock.now() + 9 * DAY, DEFAULT_WINDOW_SETTINGS);
    expect(on).not.toBeNull();
    expect(on?.late).toBeUndefined();
  });

  it('goes back where the clock was ahead when it asked', async () => {
    const rows = [planted(1, T0 + 26 * HOUR, { at: T0 - 9 * DAY })];
    const { bench, detections, health } = setUp(rows);
    await bench.turn(RULE);
    bench.tenant.serviceClock.set(bench.clock.now() + 3 * DAY);
    await bench.turn(RULE, 'sweep', sweepTimetable(RULE.id).latest(bench.clock.now() + 3 * DAY));
    bench.tenant.serviceClock.set(bench.clock.now());
    for (let hour = 0; hour < 60; hour += 1) {
      await bench.clock.advance(HOUR);
      await bench.turn(RULE, 'sweep', sweepTimetable(RULE.id).latest(bench.clock.now()));
    }
    expect(told(detections())).toEqual([1]);
    expect(health().map((one) => `${one.health?.code} ${one.status}`)).toContain('coverage-void firing');
  });
});

describe('a sweep by event time', () => {
  const byEvent = makeRule(
    { id: 'stream', window: { ...RULE.window, basis: 'event' } },
    { identity: EVENT, basis: 'event' },
  );

  it('is for what came after its time had been read again', () => {
    expect(laterThanMs(byEvent, DEFAULT_WINDOW_SETTINGS)).toBe(HOUR);
    expect(laterThanMs(RULE, DEFAULT_WINDOW_SETTINGS)).toBe(3 * DAY);
  });

  it('tells what the windows cannot find any more', async () => {
    const { detections } = await play([planted(1, T0 + 9 * HOUR, { at: T0 + 2 * HOUR })], {
      rule: { ...byEvent, schedule: SCHEDULE, lookbackMs: STEP * HOUR },
      hours: 40,
    });
    expect(told(detections())).toEqual([1]);
  });
});

describe('isSwept', () => {
  it('is what a stream over timed tables is', () => {
    expect(isSwept(RULE)).toBe(true);
    expect(isSwept(makeRule({ effectiveShape: 'set' }))).toBe(false);
    expect(isSwept(makeRule({ effectiveShape: 'snapshot' }, { basis: 'none' }))).toBe(false);
    expect(isSwept(makeRule({}, { basis: 'none' }))).toBe(false);
    const [table] = RULE.prepared.tables;
    const untimed = table ? [{ ...table, role: 'untimed' as const, timeColumn: null }] : [];
    expect(isSwept(makeRule({}, { tables: untimed }))).toBe(false);
  });
});

describe('sweepTimetable', () => {
  it('is a day wide, the same at every start, and another for other rules', () => {
    const { latest, next } = sweepTimetable('a');
    const [before = 0, after = 0] = [latest(T0) ?? 0, next(T0) ?? 0];
    expect([before <= T0, after > T0, after - before]).toEqual([true, true, DAY]);
    expect([latest(before), next(before)]).toEqual([before, after]);
    expect(new Set(['a', 'b', 'c', 'd'].map((id) => sweepTimetable(id).latest(T0))).size).toBe(4);
  });
});

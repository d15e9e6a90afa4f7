import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../src/alerts/alert.ts';
import { openDesk } from '../../../src/run/desk/desk.ts';
import { noteOutlook, tellOutlook } from '../../../src/run/desk/outlook.ts';
import { timetableOf } from '../../../src/run/schedule.ts';
import type { RuleState } from '../../../src/state/store.ts';
import { clockBench } from '../clock/clock-bench.ts';
import { makeRule } from '../make-rule.ts';
import { HOUR, MINUTE, T0 } from '../story.ts';

const LIMIT = 2 * HOUR + 15 * MINUTE;

function setUp() {
  const { bench } = clockBench();
  bench.tenant.serviceClock.set(T0);
  const desk = openDesk(bench.tenant, bench.deps);
  /** As it is where the process began a day ago. */
  const begun = (id: string, turn: Parameters<typeof noteOutlook>[1]): void => {
    noteOutlook(desk, turn, null, null);
    const outlook = desk.outlooks.get(id);
    if (outlook) desk.outlooks.set(id, { ...outlook, keptTo: bench.clock.monotonic() - 24 * HOUR });
  };
  const note = (id: string, lagMs: number | null, state: Partial<RuleState> = {}) => {
    const rule = makeRule({ id });
    const before = { frontier: null, ledger: [], sliceMs: null, ruleTrait: '', changedAt: null } as const;
    const standing = { standing: 'ok', failingSince: null, failures: 0, lastError: null } as const;
    const turn = { rule, timetable: timetableOf(rule) };
    if (!desk.outlooks.has(id)) begun(id, turn);
    noteOutlook(desk, turn, { ...before, ...standing, ...state }, lagMs === null ? null : T0 - lagMs);
  };
  const tell = async (): Promise<readonly string[]> => {
    const from = bench.told.length;
    await tellOutlook(desk);
    return bench.told.slice(from).map(labelOf);
  };
  return { desk, bench, note, tell };
}

const refused = (message: string): Partial<RuleState> => ({
  standing: 'failing',
  failingSince: T0 - 24 * HOUR,
  lastError: { code: 'SOURCE_AUTH', message },
});

describe('a login that is refused', () => {
  it('is told once of the tenant, and over when no rule fails by it any more', async () => {
    const { bench, note, tell } = setUp();
    note('a', null, refused('AADSTS7000222: expired.'));
    note('b', null, refused('AADSTS7000222: expired.'));
    const { name } = bench.tenant;
    expect(await tell()).toEqual([`firing login-refused ${name}`]);
    expect(bench.told.at(-1)?.description).toContain('SOURCE_AUTH: AADSTS7000222: expired. Their windows wait');
    note('c', null, refused('again'));
    expect(await tell()).toEqual([]);
    for (const id of ['a', 'b']) note(id, null);
    expect(await tell()).toEqual([]);
    note('c', null);
    expect(await tell()).toEqual([`resolved login-refused ${name}`]);
  });
});

const labelOf = ({ status, health }: Alert) => `${status} ${health?.code} ${health?.subject}`;

describe('rules that lag', () => {
  it('are told by name, the furthest behind first, and when they have caught up', async () => {
    const { desk, bench, note, tell } = setUp();
    note('a', LIMIT);
    note('b', LIMIT + MINUTE);
    note('c', 4 * HOUR + 499);
    expect(await tell()).toEqual(['firing rule-lagging c', 'firing rule-lagging b']);
    expect(bench.told.at(0)?.description).toContain('is 4h behind');
    expect(await tell()).toEqual([]);
    desk.outlooks.clear();
    note('b', HOUR + 1);
    note('c', HOUR);
    expect(await tell()).toEqual(['resolved rule-lagging c']);
    expect(bench.told.at(-1)?.description).toContain('has caught up');
    expect(bench.told.at(-1)?.rule.id).toBe('c');
    desk.outlooks.clear();
    expect(await tell()).toEqual(['resolved rule-lagging b']);
  });

  it('are those of the tenant: what another tenant was told of a rule of the same name says nothing', async () => {
    const { bench, note, tell } = setUp();
    const about = { tenant: 'other', code: 'rule-lagging', subject: 'a' } as const;
    const record = { ...about, since: T0, alertId: 'a'.repeat(32), revision: 0 };
    await bench.store.commitHealth({ alerts: [], messages: [], health: [{ ...about, record }] });
    note('a', HOUR + MINUTE);
    expect(await tell()).toEqual([]);
  });

  it('are told once for the tenant above ten, until no more than five are left', async () => {
    const { desk, bench, note, tell } = setUp();
    const lagging = (count: number, lagMs: number) => {
      desk.outlooks.clear();
      for (let index = 0; index < count; index += 1) note(`r${index}`, lagMs + index * MINUTE);
    };
    lagging(10, LIMIT + 1);
    expect(await tell()).toHaveLength(10);
    lagging(11, LIMIT + 1);
    const many = await tell();
    expect(many[0]).toBe('firing tenant-lagging default');
    expect(many.filter((label) => label.startsWith('resolved rule-lagging'))).toHaveLength(10);
    const said = bench.told.find((alert) => labelOf(alert) === many[0])?.description ?? '';
    expect(said).toContain('11 rules are behind');
    expect(said).toContain('Furthest behind: r10 (2h25m), r9 (2h24m)');
    expect(said).not.toContain('r0 ');
    lagging(6, HOUR + 1);
    expect(await tell()).toEqual([]);
    lagging(5, HOUR + 1);
    expect((await tell()).toSorted()).toEqual([
      ...Array.from({ length: 5 }, (_, index) => `firing rule-lagging r${index}`),
      'resolved tenant-lagging default',
    ]);
  });

  it('are not told for what was missed before the process began, or while they failed, unless that takes too long, too', async () => {
    const { desk, bench, note, tell } = setUp();
    const rule = makeRule({ id: 'fresh' });
    noteOutlook(desk, { rule, timetable: timetableOf(rule) }, null, T0 - 10 * HOUR);
    note('failed', 10 * HOUR, { standing: 'failing' });
    note('failed', 10 * HOUR);
    expect(await tell()).toEqual([]);
    await bench.clock.advance(LIMIT);
    expect(await tell()).toEqual([]);
    await bench.clock.advance(1);
    expect((await tell()).toSorted()).toEqual(['firing rule-lagging failed', 'firing rule-lagging fresh']);
    expect(bench.told.at(-1)?.description).toContain('is 12h15m behind');
  });

  it('are told as soon where the clock was a day ahead when the process began', async () => {
    const { desk, bench, tell } = setUp();
    const rule = makeRule({ id: 'a' });
    bench.tenant.serviceClock.set(T0 + 24 * HOUR);
    noteOutlook(desk, { rule, timetable: timetableOf(rule) }, null, T0 - 10 * HOUR);
    bench.tenant.serviceClock.set(T0);
    await bench.clock.advance(LIMIT);
    expect(await tell()).toEqual([]);
    await bench.clock.advance(1);
    expect(await tell()).toEqual(['firing rule-lagging a']);
  });

  it('that were told by an earlier process go on to be', async () => {
    const { desk, bench, note, tell } = setUp();
    note('a', LIMIT + 1);
    expect(await tell()).toEqual(['firing rule-lagging a']);
    const next = openDesk(bench.tenant, bench.deps);
    const rule = makeRule({ id: 'a' });
    noteOutlook(next, { rule, timetable: timetableOf(rule) }, null, T0 - LIMIT);
    await tellOutlook(next);
    expect(bench.told.map(labelOf)).toEqual(['firing rule-lagging a']);
    expect(desk.outlooks.size).toBe(1);
  });

  it('are not told where they are blocked or failing: that is told as such', async () => {
    const { note, tell } = setUp();
    note('a', 10 * HOUR, { standing: 'blocked' });
    note('b', 10 * HOUR, { standing: 'failing' });
    note('c', 10 * HOUR, { standing: 'throttled' });
    note('d', null);
    expect(await tell()).toEqual(['firing rule-lagging c']);
  });
});

describe('a rule that failed and was not tried again', () => {
  it('is told after an interval, with what it failed for', async () => {
    const { desk, bench, note, tell } = setUp();
    const lastError = { code: 'SOURCE_SERVER', message: 'down.' } as const;
    note('a', 0, { standing: 'failing', failingSince: T0, lastError });
    note('b', 0, { standing: 'failing', failingSince: null, lastError });
    note('c', 0, { standing: 'ok', failingSince: T0, lastError });
    await bench.clock.advance(HOUR - 1);
    expect(await tell()).toEqual([]);
    desk.wasLate = false;
    await bench.clock.advance(1);
    expect(await tell()).toEqual(['firing rule-failing a']);
    expect(bench.told.at(-1)?.description).toContain('SOURCE_SERVER: down.');
  });

  it('counts from its failure, not from when it was throttled before or its run began, nor by a clock that jumps', async () => {
    const { bench, note, tell } = setUp();
    const lastError = { code: 'SOURCE_TIMEOUT', message: 'too slow.' } as const;
    note('a', 0, { standing: 'throttled', failingSince: T0 - HOUR, lastError });
    note('a', 0, { standing: 'failing', failingSince: T0 - HOUR, lastError });
    bench.tenant.serviceClock.set(T0 + HOUR);
    expect(await tell()).toEqual([]);
    await bench.clock.advance(HOUR);
    expect(await tell()).toContain('firing rule-failing a');
  });

  it('counts from what the state says where it failed before the process began', async () => {
    const { desk, bench, tell } = setUp();
    const rule = makeRule({ id: 'a' });
    const lastError = { code: 'SOURCE_SERVER', message: 'down.' } as const;
    const state = { frontier: null, ledger: [], sliceMs: null, ruleTrait: '', changedAt: null, failures: 1, lastError };
    noteOutlook(
      desk,
      { rule, timetable: timetableOf(rule) },
      { ...state, standing: 'failing', failingSince: T0 - HOUR },
      T0,
    );
    expect(await tell()).toEqual(['firing rule-failing a']);
    expect(bench.told).toHaveLength(1);
  });
});

describe('the outlook of a rule', () => {
  it('is its first due time until it has run, and what it has not answered from then on', () => {
    const { desk, note } = setUp();
    note('a', HOUR);
    note('a', 5 * HOUR);
    expect(desk.outlooks.get('a')?.unanswered).toBe(T0 - HOUR);
    note('a', 5 * HOUR, { frontier: T0 });
    const rule = makeRule({ id: 'a' });
    expect(desk.outlooks.get('a')?.unanswered).toBe(timetableOf(rule).next(T0 + 2 * MINUTE));
  });

  it('is told where it begins to lag, though nothing was late before', async () => {
    const { desk, note, tell } = setUp();
    note('a', 0);
    await tell();
    expect(desk.wasLate).toBe(false);
    note('a', null, { frontier: T0 - 10 * HOUR });
    expect(await tell()).toEqual(['firing rule-lagging a']);
    expect(desk.wasLate).toBe(true);
    note('a', null, { frontier: T0 });
    expect(await tell()).toEqual(['resolved rule-lagging a']);
    expect(desk.wasLate).toBe(true);
    expect(await tell()).toEqual([]);
    expect(desk.wasLate).toBe(false);
  });

  it('asks the store nothing while nothing is late and nothing was told', async () => {
    const { desk, bench, note, tell } = setUp();
    note('a', HOUR + MINUTE);
    await tell();
    expect(desk.wasLate).toBe(false);
    const failing = {
      ...desk,
      deps: { ...bench.deps, store: { ...bench.deps.store, openHealth: () => Promise.reject(new Error('asked')) } },
    };
    const logged: string[] = [];
    failing.deps.log = { ...bench.deps.log, warn: (message) => void logged.push(message) };
    await tellOutlook(failing);
    expect(logged).toEqual([]);
    failing.wasLate = true;
    await tellOutlook(failing);
    expect(logged).toEqual(['what lags could not be told']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { groupAlertId } from '../../../src/alerts/alert-id.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import {
  nextBackfill,
  progressAfter,
  startBackfill,
  windowsLeft,
} from '../../../src/run/backfill/backfill-progress.ts';
import { runBackfill } from '../../../src/run/backfill/run-backfill.ts';
import type { RunReport } from '../../../src/run/run-rule.ts';
import { timetableOf } from '../../../src/run/schedule.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../../src/run/windows.ts';
import type { QueryRequest } from '../../../src/sources/source.ts';
import type { BackfillWish, LedgerEntry } from '../../../src/state/store.ts';
import { makeRule } from '../make-rule.ts';
import { type PlantedRow, timeout } from '../planted-source.ts';
import { DAY, EVENT, HOUR, MINUTE, T0 } from '../story.ts';
import { planted, setUp } from '../turn-bench.ts';

const STREAM = makeRule({ id: 'stream' }, { identity: EVENT });
const SET = makeRule(
  { id: 'set', effectiveShape: 'set', lookbackMs: 2 * HOUR },
  { shape: 'set', identity: { kind: 'columns', columns: ['DeviceId'] } },
);
const wish = (over: Partial<BackfillWish> = {}): BackfillWish => ({
  from: T0 - 10 * HOUR,
  to: T0 - 4 * HOUR,
  noLimit: false,
  retell: false,
  ...over,
});

type World = ReturnType<typeof setUp>;

async function search({ bench }: World, rule: RunnableRule, what: BackfillWish, signal = new AbortController().signal) {
  const reports: RunReport[] = [];
  const options = { signal, onWindow: (report: RunReport) => void reports.push(report), onWait: () => undefined };
  const deps = { ...bench.deps, clock: { ...bench.clock, sleep: async () => undefined } };
  const error = await runBackfill({ tenant: bench.tenant, rule }, what, options, deps);
  return { reports, error, state: await bench.store.ruleState('default', rule.id) };
}

const ids = ({ detections }: World) => detections().flatMap(({ evidence }) => evidence.map(({ ReportId }) => ReportId));

async function withLedger(world: World, rule: RunnableRule, ledger: readonly LedgerEntry[]) {
  await world.bench.turn(rule);
  const last = world.bench.commits.at(-1);
  if (!last) throw new Error('nothing was committed');
  await world.bench.store.commit({
    ...last,
    alerts: [],
    messages: [],
    run: { ...last.run, runId: 'seeded' },
    rule: { ...last.rule, ledger },
  });
}

function gap(from: number, to: number, over: Partial<LedgerEntry> = {}): LedgerEntry {
  return { id: `${from}-${to}`, from, to, logicalTime: to, attempts: 0, outcome: 'gap', reason: 'lost', ...over };
}

describe('a backfill of a stream', () => {
  it('tells what was never told, once, and what was told not again', async () => {
    const rows = [planted(1, T0 - 6 * HOUR), planted(2, T0 - 30 * MINUTE), planted(3, T0 - 20 * HOUR)];
    const world = setUp(rows);
    await world.bench.turn(STREAM);
    expect(ids(world)).toEqual([2]);
    await search(world, STREAM, wish());
    expect(ids(world)).toEqual([2, 1]);
    const again = await search(world, STREAM, wish());
    expect(ids(world)).toEqual([2, 1]);
    expect(again.reports.length).toBeGreaterThan(0);
  });

  it('leaves the frontier, the standing and late arrivals as they are, also of a rule that never ran', async () => {
    const world = setUp([planted(1, T0 - 6 * HOUR)]);
    const { state } = await search(world, STREAM, wish());
    expect([state?.frontier, state?.late, state?.ledger]).toEqual([null, undefined, []]);
    await world.bench.turn(STREAM);
    const before = await world.bench.store.ruleState('default', 'stream');
    const after = await search(world, STREAM, wish({ from: T0 - 9 * HOUR }));
    expect([after.state?.frontier, after.state?.late, after.state?.standing]).toEqual([
      before?.frontier,
      before?.late,
      'ok',
    ]);
  });

  it('of a rule that never ran does not run after the time that goes on meanwhile', () => {
    const place = { now: T0, retentionMs: 30 * DAY, settings: DEFAULT_WINDOW_SETTINGS, frontier: null };
    const ends: number[] = [];
    let progress = startBackfill(STREAM, wish({ to: T0 }), undefined, place);
    const planned = windowsLeft(STREAM, progress, place);
    for (let next = nextBackfill(STREAM, progress, place); next && ends.length < 50; ) {
      ends.push(next.logicalTime);
      progress = progressAfter(progress, next.logicalTime, { kind: 'answered' });
      next = nextBackfill(STREAM, progress, { ...place, now: T0 + ends.length * 1000 });
    }
    expect(ends).toHaveLength(planned);
    expect(ends.at(-1)).toBeGreaterThan(T0 - HOUR);
  });

  it('asks at L of the grid, in the lowest lane, and stops where the rule has not searched yet', async () => {
    const world = setUp([]);
    await world.bench.turn(STREAM);
    const { reports, state } = await search(world, STREAM, wish({ to: T0 + 5 * HOUR }));
    const grid = timetableOf(STREAM);
    const times = reports.map(({ run }) => run.logicalTime);
    for (const time of times.slice(0, -1)) expect(grid.latest(time + 2 * MINUTE)).toBe(time + 2 * MINUTE);
    expect(times.at(-1)).toBe(state?.frontier);
    expect(new Set(reports.map(({ run }) => run.lane))).toEqual(new Set(['backfill']));
  });

  it('fills gaps, all of them or a part', async () => {
    const world = setUp([]);
    await withLedger(world, STREAM, [
      gap(T0 - 9 * HOUR, T0 - 6 * HOUR),
      gap(T0 - 5 * HOUR, T0 - 2 * HOUR, { outcome: 'disabled' }),
    ]);
    const { state } = await search(world, STREAM, wish({ to: T0 - 4 * HOUR }));
    expect(state?.ledger.map(({ outcome, to }) => [outcome, to])).toEqual([['disabled', T0 - 2 * HOUR]]);
    expect(state?.ledger[0]?.from).toBeGreaterThanOrEqual(T0 - 4 * HOUR);
    await search(world, STREAM, wish({ to: T0 - HOUR }));
    expect((await world.bench.store.ruleState('default', 'stream'))?.ledger).toEqual([]);
  });

  it('leaves a gap where nobody answers, goes on behind it, and counts it', async () => {
    const fails = ({ query }: QueryRequest) =>
      query.includes(`< datetime(${new Date(T0 - 7 * HOUR).toISOString().slice(0, 13)}`) ? timeout() : null;
    const world = setUp([planted(1, T0 - 5 * HOUR)], fails);
    const rule = makeRule({ id: 'stream' }, { identity: EVENT, usesTime: true });
    await withLedger(world, rule, [gap(T0 - 9 * HOUR, T0 - 4 * HOUR)]);
    const { error, state } = await search(world, rule, wish());
    expect(error).toBeNull();
    expect(ids(world)).toEqual([1]);
    expect(state?.backfill?.doneTo).toBeGreaterThan(T0 - 5 * HOUR);
    expect(state?.ledger.length).toBeGreaterThan(0);
  });
});

describe('a backfill that is stopped', () => {
  it('goes on where it was, in another process too', async () => {
    const world = setUp([]);
    await world.bench.turn(STREAM);
    const rule = makeRule({ id: 'stream' }, { identity: EVENT, usesTime: true });
    const stop = new AbortController();
    let windows = 0;
    const options = {
      signal: stop.signal,
      onWindow: () => {
        windows += 1;
        if (windows === 2) stop.abort(new HuntwireError('ABORTED', 'stopped'));
      },
      onWait: () => undefined,
    };
    const done = runBackfill({ tenant: world.bench.tenant, rule }, wish(), options, world.bench.deps);
    await expect(done).rejects.toThrow('stopped');
    const half = (await world.bench.store.ruleState('default', 'stream'))?.backfill?.doneTo ?? 0;
    world.bench.restart();
    const { reports, state } = await search(world, rule, wish());
    expect(reports[0]?.run.window?.from).toBeLessThan(half);
    expect(reports.every(({ run }) => run.logicalTime > half)).toBe(true);
    expect(state?.backfill?.doneTo).toBeGreaterThanOrEqual(T0 - 4 * HOUR);
  });

  it('tells nothing of a window whose commit was killed, and tells it once afterwards', async () => {
    const world = setUp([planted(1, T0 - 6 * HOUR)]);
    await world.bench.turn(STREAM);
    const { commit } = world.bench.deps.store;
    let dies = true;
    Object.assign(world.bench.deps, {
      store: {
        ...world.bench.deps.store,
        commit: async (one: Parameters<typeof commit>[0]) => {
          if (dies && one.alerts.length > 0) throw new HuntwireError('STATE_FAILED', 'killed');
          await commit(one);
        },
      },
    });
    await expect(search(world, STREAM, wish())).rejects.toThrow('killed');
    expect(ids(world)).toEqual([]);
    dies = false;
    await search(world, STREAM, wish());
    expect(ids(world)).toEqual([1]);
  });

  it.each([
    ['what a person must repair', new HuntwireError('SOURCE_PERMISSION', 'no'), 1],
    ['a service that does not come back', new HuntwireError('SOURCE_NETWORK', 'no', { retryable: true }), 3],
  ])('ends by %s', async (_, failure, asked) => {
    const world = setUp([], () => failure);
    const { error, reports, state } = await search(world, STREAM, wish());
    expect([error?.code, reports.length]).toEqual([failure.code, asked]);
    expect(state?.backfill?.doneTo).toBe(T0 - 10 * HOUR);
  });
});

describe('a backfill of a set', () => {
  const rows: PlantedRow[] = [planted(1, T0 - 6 * HOUR - 30 * MINUTE)];

  it('asks whole windows, and tells a row under the id of its L', async () => {
    const world = setUp(rows);
    await world.bench.turn(SET);
    const { reports } = await search(world, SET, wish());
    for (const { run } of reports) expect((run.window?.to ?? 0) - (run.window?.from ?? 0)).toBe(2 * HOUR);
    const [alert, ...more] = world.detections();
    expect(more).toEqual([]);
    const first = reports.find(({ run }) => run.hits > 0)?.run.logicalTime ?? 0;
    const [key] = world.bench.commits.flatMap(({ keys }) => keys);
    expect(alert?.id).toBe(groupAlertId({ tenant: 'default', ruleId: 'set', logicalTime: first }, key?.key ?? ''));
  });

  it('fills the window of its L, and of a gap of many what lies before each', async () => {
    const world = setUp([]);
    const grid = timetableOf(SET);
    const at = (hours: number) => (grid.latest(T0 - hours * HOUR) ?? 0) - 2 * MINUTE;
    const failed = gap(at(5) - 2 * HOUR, at(5), { attempts: 5 });
    const many = gap(at(30), at(20));
    await withLedger(world, SET, [many, failed]);
    const { state } = await search(world, SET, wish({ from: at(5) - MINUTE, to: at(5) }));
    expect(state?.ledger).toEqual([many]);
    const part = await search(world, SET, wish({ from: at(30), to: at(25) }));
    expect(part.state?.ledger.map(({ from, to }) => [from, to])).toEqual([[at(25), at(20)]]);
  });

  it('fills of a gap of several L’s that is just as long as a window what lies before each, too', async () => {
    const world = setUp([]);
    const grid = timetableOf(SET);
    const at = (hours: number) => (grid.latest(T0 - hours * HOUR) ?? 0) - 2 * MINUTE;
    await withLedger(world, SET, [gap(at(7), at(5))]);
    const { state } = await search(world, SET, wish({ from: at(5) - MINUTE, to: at(5) }));
    expect(state?.ledger.map(({ from, to }) => [from, to])).toEqual([[at(7), at(6)]]);
  });
});

describe('what is told again', () => {
  const rows = [1, 2, 3, 4].map((id) => planted(id, T0 - 30 * MINUTE, { device: `pc${id}` }));
  const range = { from: T0 - 2 * HOUR, to: T0 };
  const asOf = (rule: RunnableRule) => (rule.effectiveShape === 'set' ? timetableOf(rule).latest(T0) : null);

  it.each([
    ['stream', STREAM],
    ['set', SET],
  ])(
    'is what stood in an overflow alert of a %s, each under an id of its own, with --no-limit only',
    async (_, whole) => {
      const rule = { ...whole, alert: { ...whole.alert, limit: 2 } };
      const world = setUp(rows);
      await world.bench.turn(rule, 'due', asOf(rule));
      const [single, overflow] = world.detections();
      expect([single?.overflow, overflow?.overflow?.hits]).toEqual([undefined, 3]);
      await search(world, rule, wish(range));
      expect(world.detections()).toHaveLength(2);
      await search(world, rule, wish({ ...range, noLimit: true }));
      expect(ids(world).sort()).toEqual([1, 2, 3, 4]);
      expect(new Set(world.detections().map(({ id }) => id)).size).toBe(5);
      await search(world, rule, wish({ ...range, noLimit: true }));
      expect(world.detections()).toHaveLength(5);
    },
  );

  it.each([
    ['stream', STREAM],
    ['set', SET],
  ])('is what an exception of a %s took out that is gone, with --retell only', async (_, whole) => {
    const exception = { where: { DeviceId: ['pc1'] }, reason: 'known', owner: 'soc', expires: T0 + 300 * DAY };
    const excepted = { ...whole, exceptions: [exception] } as unknown as RunnableRule;
    const world = setUp(rows.slice(0, 1));
    await world.bench.turn(excepted, 'due', asOf(whole));
    await search(world, whole, wish(range));
    expect(ids(world)).toEqual([]);
    await search(world, excepted, wish({ ...range, retell: true }));
    expect(ids(world)).toEqual([]);
    await search(world, whole, wish({ ...range, retell: true, noLimit: true }));
    expect(ids(world)).toEqual([1]);
    await search(world, whole, wish({ ...range, retell: true }));
    expect(ids(world)).toEqual([1]);
  });
});

it('tells nothing that an exception which is gone took out of a set, however many windows did so behind', async () => {
  const exception = { where: { DeviceId: ['pc1'] }, reason: 'known', owner: 'soc', expires: T0 + 300 * DAY };
  const excepted = { ...SET, exceptions: [exception] } as unknown as RunnableRule;
  const world = setUp([planted(1, T0 - 30 * MINUTE), planted(2, T0 + 11 * HOUR + 30 * MINUTE)]);
  for (const hours of [0, 12]) {
    await world.bench.clock.advance(hours * HOUR);
    await world.bench.turn(excepted, 'due', timetableOf(SET).latest(T0 + hours * HOUR));
  }
  await search(world, SET, wish({ from: T0 - HOUR, to: T0 }));
  expect(ids(world)).toEqual([]);
});

describe('a backfill that asks nothing', () => {
  it.each([
    ['a snapshot', makeRule({ id: 'now', effectiveShape: 'snapshot' }), wish(), 'has no window'],
    [
      'time that the source keeps no longer',
      STREAM,
      wish({ from: T0 - 50 * DAY, to: T0 - 40 * DAY }),
      'keeps nothing of',
    ],
    ['time that is not there yet', STREAM, wish({ from: T0 + HOUR, to: T0 + 2 * HOUR }), 'No run of rule'],
    [
      'less than lies between two runs of a set',
      SET,
      wish({ from: T0 - 5 * HOUR, to: T0 - 5 * HOUR + 1 }),
      'No run of rule',
    ],
  ])('is refused: %s', async (_, rule, what, message) => {
    await expect(search(setUp([]), rule, what)).rejects.toThrow(message);
  });

  it('says that a rule has not searched the time by itself yet', async () => {
    const world = setUp([]);
    await world.bench.turn(STREAM);
    await world.bench.clock.advance(3 * HOUR);
    await expect(search(world, STREAM, wish({ from: T0 + HOUR, to: T0 + 2 * HOUR }))).rejects.toThrow(
      'its own runs will',
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import type { HuntwireError } from '../../../src/lib/errors.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { type AskedTenant, createErrands } from '../../../src/run/desk/errands.ts';
import { createTenantRules } from '../../../src/run/opening/tenant-rules.ts';
import { runSchedule } from '../../../src/run/scheduler.ts';
import type { Tenant } from '../../../src/run/tenant.ts';
import type { QueryRequest } from '../../../src/sources/source.ts';
import { makeRule } from '../make-rule.ts';
import { DAY, EVENT, HOUR, MINUTE, T0 } from '../story.ts';
import { planted, setUp } from '../turn-bench.ts';

const NEVER = new AbortController().signal;
const DAILY = makeRule(
  { schedule: { kind: 'every', everyMs: DAY, lookbackMs: null }, lookbackMs: DAY },
  { identity: EVENT },
);

interface DayWorld {
  readonly rules?: readonly RunnableRule[];
  readonly meter?: Partial<Tenant['meter']>;
  /** How long each query takes. */
  readonly tookMs?: number;
}

/** A tenant whose schedules run, of a rule that is due once a day, and whoever asks for a turn in between. */
function openDay({ rules = [DAILY], meter = {}, tookMs = 0 }: DayWorld = {}) {
  const rows = [planted(1, T0 - 90 * MINUTE)];
  const { bench, detections } = setUp(rows);
  const { clock } = bench;
  const calls: { readonly id: string; readonly begun: number; readonly ended: number }[] = [];
  const { query } = bench.tenant.source;
  const source = {
    ...bench.tenant.source,
    query: async (request: QueryRequest, sink: Parameters<typeof query>[1]) => {
      const begun = clock.now();
      if (tookMs > 0) await clock.sleep(tookMs, request.signal);
      const answer = await query(request, sink);
      calls.push({ id: request.ruleId, begun, ended: clock.now() });
      return answer;
    },
  };
  const own = createTenantRules(rules);
  const errands = createErrands();
  const tenant: AskedTenant = {
    ...bench.tenant,
    source,
    meter: { ...bench.tenant.meter, ...meter },
    errands,
    listenToRules: own.listen,
    get rules() {
      return own.current();
    },
  };
  const stop = new AbortController();
  const going = runSchedule(tenant, bench.deps, stop.signal);
  const end = async (): Promise<void> => {
    stop.abort();
    await clock.advance(0);
    await going;
  };
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'done',
      ({ code }: HuntwireError) => code,
    );
  return { bench, clock, rows, detections, calls, errands, replace: own.replace, end, codeOf };
}

describe('an errand', () => {
  it('runs a rule as of now, and leaves its schedule as it is', async () => {
    const { clock, bench, rows, detections, errands, end } = openDay();
    await clock.advance(HOUR);
    rows.push(planted(2, T0 + 50 * MINUTE));
    const report = errands.ask({ ruleId: 'rule', kind: 'due' }, NEVER);
    await clock.advance(0);
    expect((await report)?.run).toMatchObject({ outcome: 'ok', lane: 'due', alerts: 2, logicalTime: T0 + 58 * MINUTE });
    expect(detections()).toHaveLength(2);
    await clock.advance(2 * DAY);
    await end();
    const later = bench.commits.filter(({ run }) => run.lane === 'due' && run.startedAt > T0 + HOUR);
    expect(later).toHaveLength(2);
    expect((await bench.store.ruleState('default', 'rule'))?.ledger).toEqual([]);
  });

  it('asks a set at its own times only', async () => {
    const set = makeRule({ effectiveShape: 'set', lookbackMs: 2 * HOUR }, { shape: 'set' });
    const { clock, errands, end } = openDay({ rules: [set] });
    await clock.advance(90 * MINUTE);
    const report = errands.ask({ ruleId: 'rule', kind: 'due' }, NEVER);
    await clock.advance(0);
    expect(await report).toBeNull();
    await end();
  });

  it('never goes beside another turn of its rule, and searches the past window by window in the lowest lane', async () => {
    const hourly = makeRule({}, { identity: EVENT, usesTime: true });
    const { clock, bench, calls, errands, end } = openDay({ rules: [hourly], tookMs: 4 * MINUTE });
    await clock.advance(10 * MINUTE);
    const wish = { from: T0 - 10 * HOUR, to: T0 - 5 * HOUR, noLimit: false, retell: false };
    const first = errands.ask({ ruleId: 'rule', kind: 'backfill', wish }, NEVER);
    const second = errands.ask({ ruleId: 'rule', kind: 'backfill' }, NEVER);
    const due = errands.ask({ ruleId: 'rule', kind: 'due' }, NEVER);
    await clock.advance(20 * MINUTE);
    expect([(await first)?.run.lane, (await second)?.run.lane, (await due)?.run.lane]).toEqual([
      'backfill',
      'backfill',
      'due',
    ]);
    await end();
    const inOrder = calls.map(({ begun, ended }) => [begun, ended] as const);
    for (const [at, [begun]] of inOrder.entries())
      if (at > 0) expect(begun).toBeGreaterThanOrEqual(inOrder[at - 1]?.[1] ?? 0);
    expect((await bench.store.ruleState('default', 'rule'))?.backfill?.doneTo).toBeGreaterThan(wish.from + HOUR);
  });

  it('is withdrawn where the quota has no room in time, and costs nothing', async () => {
    const admit = async () => ({ kind: 'wait', waitMs: MINUTE, reason: 'callsPerMinute' }) as const;
    const { clock, calls, errands, end, codeOf } = openDay({ meter: { admit } });
    const late = new AbortController();
    const code = codeOf(errands.ask({ ruleId: 'rule', kind: 'due' }, late.signal));
    await clock.advance(5 * MINUTE);
    late.abort();
    expect(await code).toBe('ABORTED');
    await end();
    expect(calls).toEqual([]);
  });

  it('gives its call back where it was withdrawn before the quota let it go', async () => {
    let released = 0;
    let isFull = true;
    const meter: Partial<Tenant['meter']> = {
      admit: async () => (isFull ? { kind: 'wait', waitMs: MINUTE, reason: 'paused' } : { kind: 'go', call: 7 }),
      end: async () => undefined,
      release: async () => {
        released += 1;
      },
    };
    const { clock, calls, errands, end, codeOf } = openDay({ meter });
    const late = new AbortController();
    const code = codeOf(errands.ask({ ruleId: 'rule', kind: 'due' }, late.signal));
    await clock.advance(MINUTE);
    late.abort();
    isFull = false;
    await clock.advance(MINUTE);
    expect([await code, calls.length, released]).toEqual(['ABORTED', 1, 1]);
    await end();
  });

  it('is refused where its rule is off, whose pause is to stay whole; the past may be searched', async () => {
    const off = makeRule({ status: 'disabled' }, { identity: EVENT });
    const { clock, calls, errands, end, codeOf } = openDay({ rules: [off] });
    const refused = codeOf(errands.ask({ ruleId: 'rule', kind: 'due' }, NEVER));
    const wish = { from: T0 - 10 * HOUR, to: T0 - 5 * HOUR, noLimit: false, retell: false };
    const past = codeOf(errands.ask({ ruleId: 'rule', kind: 'backfill', wish }, NEVER));
    await clock.advance(MINUTE);
    expect([await refused, await past, calls.length]).toEqual(['USAGE', 'done', 1]);
    await end();
  });

  it('is run by the rule as it is now, and refused where there is none any more', async () => {
    let isFull = false;
    const meter: Partial<Tenant['meter']> = {
      admit: async () => (isFull ? { kind: 'wait', waitMs: MINUTE, reason: 'paused' } : { kind: 'go', call: 7 }),
      end: async () => undefined,
      release: async () => undefined,
    };
    const other = { ...DAILY, id: 'other' };
    const { clock, errands, replace, end, codeOf } = openDay({ rules: [DAILY, other], meter });
    await clock.advance(MINUTE);
    isFull = true;
    const kept = errands.ask({ ruleId: 'rule', kind: 'due' }, NEVER);
    const gone = codeOf(errands.ask({ ruleId: 'other', kind: 'due' }, NEVER));
    await clock.advance(MINUTE);
    replace([{ ...DAILY, severity: 'critical', version: '2.0.0' }]);
    isFull = false;
    await clock.advance(2 * MINUTE);
    expect([await gone, (await kept)?.run.outcome]).toEqual(['USAGE', 'ok']);
    const none = codeOf(errands.ask({ ruleId: 'none', kind: 'due' }, NEVER));
    await clock.advance(0);
    expect(await none).toBe('USAGE');
    await end();
  });

  it('is told where the desk ends before it begins', async () => {
    const { clock, errands, end, codeOf } = openDay({
      meter: { admit: async () => ({ kind: 'wait', waitMs: HOUR, reason: 'paused' }) },
    });
    const waiting = codeOf(errands.ask({ ruleId: 'rule', kind: 'due' }, NEVER));
    await clock.advance(MINUTE);
    const untaken = codeOf(errands.ask({ ruleId: 'rule', kind: 'due' }, NEVER));
    await end();
    expect([await waiting, await untaken]).toEqual(['ABORTED', 'ABORTED']);
    expect(await codeOf(errands.ask({ ruleId: 'rule', kind: 'due' }, NEVER))).toBe('ABORTED');
  });
});

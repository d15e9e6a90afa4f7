import { describe, expect, it } from '@jest/globals';
import { fillTemplate } from '../../src/kql/query-template.ts';
import { DAY_MS } from '../../src/lib/duration.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import type { RunReport } from '../../src/run/run-rule.ts';
import type { QueryRequest, RowSink } from '../../src/sources/source.ts';
import { openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { plantedSource } from './planted-source.ts';
import { COLUMNS, EVENT, HOUR, MINUTE, T0 } from './story.ts';
import { planted, setUp } from './turn-bench.ts';

const stream = makeRule({}, { identity: EVENT });
const none = { basis: 'none', tables: {}, keepFilters: 'never' } as const;
const snapshot = makeRule({ effectiveShape: 'snapshot', lookbackMs: 0, window: none });
const set = (lookbackMs: number) => makeRule({ effectiveShape: 'set', lookbackMs });
const down = () => new HuntwireError('SOURCE_NETWORK', 'refused', { retryable: true });

function settled(report: RunReport | null): RunReport {
  if (!report) throw new Error('nothing was asked');
  return report;
}

describe('what a run leaves of a rule', () => {
  it('counts failures from the first on, with the latest reason, and forgets them when it succeeds', async () => {
    let failure: HuntwireError | null = null;
    const { bench } = setUp([], () => failure);
    const rules: object[] = [];
    const turn = async (): Promise<RunReport> => {
      const report = settled(await bench.turn(stream));
      const { standing, failures, failingSince, lastError } = report.commit.rule;
      rules.push({
        standing,
        failures,
        failingSince: failingSince && failingSince - T0,
        code: lastError?.code ?? null,
      });
      await bench.clock.advance(HOUR);
      return report;
    };
    await turn();
    failure = down();
    await turn();
    failure = new HuntwireError('SOURCE_PERMISSION', 'x'.repeat(2000));
    const blocked = await turn();
    failure = null;
    await turn();
    expect(rules).toEqual([
      { standing: 'ok', failures: 0, failingSince: null, code: null },
      { standing: 'failing', failures: 1, failingSince: HOUR, code: 'SOURCE_NETWORK' },
      { standing: 'blocked', failures: 2, failingSince: HOUR, code: 'SOURCE_PERMISSION' },
      { standing: 'ok', failures: 0, failingSince: null, code: null },
    ]);
    expect(blocked.commit.rule.lastError?.message).toBe('x'.repeat(1000));
    expect(blocked.run.error).toEqual({ code: 'SOURCE_PERMISSION', message: 'x'.repeat(1000) });
    expect(blocked.commit.rule.ledger.at(-1)?.reason).toBe('x'.repeat(1000));
  });

  it('is nothing of its keys where it failed', async () => {
    const { bench } = setUp([], () => down());
    expect(settled(await bench.turn(stream)).commit).toMatchObject({ forgetBefore: null, keys: [], quiet: [] });
  });
});

describe('the record of a run', () => {
  it('says what was asked, when, and what came of it', async () => {
    const { bench } = setUp([planted(1, T0 - 30 * MINUTE), planted(2, T0 - 20 * MINUTE)]);
    const logicalTime = T0 - 2 * MINUTE;
    const { run, query } = settled(await bench.turn(stream)).commit;
    expect(run).toEqual({
      runId: 'run-1',
      tenant: 'default',
      ruleId: 'rule',
      api: 'graph',
      window: { from: logicalTime - HOUR - 10 * MINUTE, to: logicalTime, basis: 'ingestion' },
      lane: 'due',
      logicalTime,
      startedAt: T0,
      endedAt: T0,
      outcome: 'ok',
      error: null,
      calls: 1,
      rows: 2,
      hits: 2,
      toldHits: 2,
      alerts: 2,
      suppressed: { duplicate: 0, quiet: 0, silenced: 0, excepted: 0, maintenance: 0, overflow: 0 },
      reasons: { new: 2 },
      rowReasons: { new: 2 },
      truncated: false,
      query: query?.hash,
    });
  });

  it('holds the query as it was sent, and is of one query in all runs', async () => {
    const sent: string[] = [];
    const planted = plantedSource({ columns: COLUMNS, rows: () => [], now: () => T0 });
    const source = {
      ...planted,
      query: (request: QueryRequest, sink: RowSink) => {
        sent.push(request.query);
        return planted.query(request, sink);
      },
    };
    const bench = openBench({ start: T0, source: () => source });
    const runs: RunReport[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      runs.push(settled(await bench.turn(stream)));
      await bench.clock.advance(HOUR);
    }
    const texts = runs.map(({ commit: { query }, run: { logicalTime, window } }) =>
      fillTemplate(query?.template ?? '', { logicalTime, from: window?.from ?? null, to: window?.to ?? null }),
    );
    expect(texts).toEqual(sent);
    expect(new Set(runs.map(({ run }) => run.query)).size).toBe(1);
  });

  it('of one that failed has counted nothing', async () => {
    const { bench } = setUp([planted(1, T0 - 30 * MINUTE)], () => down());
    expect(settled(await bench.turn(stream)).commit.run).toMatchObject({
      outcome: 'failed',
      rows: 0,
      hits: 0,
      toldHits: 0,
      alerts: 0,
      reasons: {},
      rowReasons: {},
      suppressed: { duplicate: 0, quiet: 0, overflow: 0 },
      truncated: false,
    });
  });

  it('of one that was cut short says so, and its window is a closed entry', async () => {
    const rows = [planted(1, T0 - 30 * MINUTE), planted(2, T0 - 30 * MINUTE)];
    const bench = openBench({
      start: T0,
      source: (clock) => plantedSource({ columns: COLUMNS, rows: () => rows, now: clock.now, maxRows: 1 }),
    });
    const { commit } = settled(await bench.turn(makeRule({ effectiveShape: 'set' }, { identity: EVENT })));
    expect(commit.run).toMatchObject({ outcome: 'ok', truncated: true });
    expect(commit.rule.ledger).toMatchObject([
      { outcome: 'truncated', reason: 'the answer held as many rows as the API returns at most' },
    ]);
  });
});

describe('alerts of a run', () => {
  it('go to the targets of the rule, health alerts to those of health, in the order of their condition', async () => {
    const { bench } = setUp([planted(1, T0 - 30 * MINUTE)]);
    const deps = {
      ...bench.deps,
      waysOf: () => ['soar', 'siem'].map((target) => ({ target })),
      healthTargets: ['pager'],
    };
    Object.assign(bench.deps, deps);
    const { alerts, messages } = settled(await bench.turn(stream)).commit;
    const [alert] = alerts;
    expect(messages).toEqual(
      ['soar', 'siem'].map((target) => ({
        messageId: alert?.id,
        alertId: alert?.id,
        revision: 0,
        target,
        orderKey: alert?.dedupKey,
      })),
    );
    await bench.clock.advance(40 * DAY_MS);
    const later = settled(await bench.turn(stream)).commit;
    expect(later.messages.map(({ target }) => target)).toEqual(['pager']);
    expect(later.alerts.map(({ health }) => health?.code)).toEqual(['gap']);
  });
});

describe('keys that were not returned for so long are forgotten', () => {
  const lives = async (rule: RunnableRule, failures = 0, stepMs = HOUR): Promise<number> => {
    let left = failures;
    const { bench } = setUp([], () => (left-- > 0 ? down() : null));
    for (let count = 0; count < failures; count += 1) {
      await bench.turn(rule);
      await bench.clock.advance(stepMs);
    }
    const { commit, run } = settled(await bench.turn(rule));
    return run.logicalTime - (commit.forgetBefore ?? Number.NaN);
  };

  it('of a stream its lookback, lateness and a day, and thirty days at least', async () => {
    expect(await lives(stream)).toBe(30 * DAY_MS);
    expect(await lives(makeRule({ lookbackMs: 28 * DAY_MS }, { identity: EVENT }))).toBe(32 * DAY_MS);
  });

  it('of a stream with windows that wait as far back as the oldest of them, too', async () => {
    const schedule = { kind: 'every', everyMs: DAY_MS, lookbackMs: null } as const;
    const daily = makeRule({ schedule, lookbackMs: DAY_MS }, { identity: EVENT, usesTime: true });
    expect(await lives(daily, 27, DAY_MS)).toBe(28 * DAY_MS + 4 * DAY_MS);
  });

  it('of a set thirty days at least, and of a snapshot so long', async () => {
    expect(await lives(set(2 * HOUR))).toBe(30 * DAY_MS);
    expect(await lives(set(27 * DAY_MS))).toBe(31 * DAY_MS);
    expect(await lives(snapshot)).toBe(30 * DAY_MS);
  });

  it('for a week as if a leap of the frontier had not been', async () => {
    const { bench } = setUp([]);
    const life = 30 * DAY_MS;
    const before = settled(await bench.turn(stream)).run.logicalTime;
    await bench.clock.advance(12 * HOUR);
    const leapt = settled(await bench.turn(stream));
    expect(leapt.commit.forgetBefore).toBe(before - life);
    for (let left = 100; left > 0 && (await bench.turn(stream, 'backlog')); left -= 1);
    for (let hour = 1; hour <= 7 * 24 + 1; hour += 1) {
      await bench.clock.advance(HOUR);
      const { run, commit } = settled(await bench.turn(stream));
      expect([hour, commit.forgetBefore]).toEqual([hour, (hour < 7 * 24 ? before : run.logicalTime) - life]);
    }
  });
});

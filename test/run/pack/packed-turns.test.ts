import { beforeAll, describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { silentLog } from '../../../src/lib/log.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { isPackableRule } from '../../../src/run/pack/choose-rides.ts';
import { runSchedule } from '../../../src/run/scheduler.ts';
import { UNLIMITED } from '../../../src/sources/source.ts';
import { openBench } from '../bench.ts';
import { analyzedRule } from '../example-bench.ts';
import { MINUTE, T0 } from '../story.ts';
import { tablesSource } from '../tables-source.ts';
import { legsOf } from './pack-source.ts';

/** One rule of each form that may go with others, and two that may not. */
const QUERIES: Readonly<Record<string, string>> = {
  plain: 'DeviceProcessEvents | where FileName == "a.exe"',
  projected:
    'DeviceProcessEvents | project Timestamp, DeviceId, ReportId, FileName, Long = ProcessId * 100000000000000, Gone = ProcessCreationTime',
  lets: 'let limit = 1; let pick = (T:(ProcessId:long, Timestamp:datetime, ReportId:long, DeviceId:string)) { T | where ProcessId > limit }; DeviceProcessEvents | project Timestamp, ReportId, DeviceId, ProcessId | invoke pick()',
  other:
    'let limit = "b.exe"; DeviceProcessEvents | where FileName =~ limit | project Timestamp, ReportId, DeviceId, Bag = bag_pack("x", ProcessId, "y", limit)',
  joined:
    'DeviceProcessEvents | join kind=leftouter (DeviceInfo | summarize arg_max(Timestamp, OSPlatform) by DeviceId) on DeviceId | project Timestamp, ReportId, DeviceId, OSPlatform',
  united:
    'union DeviceProcessEvents, (DeviceFileEvents | where FileName startswith "f") | project Timestamp, ReportId, DeviceId, FileName',
  fanned:
    'DeviceProcessEvents | extend Part = pack_array(FileName, "z") | mv-expand Part to typeof(string) | project Timestamp, ReportId, DeviceId, Part',
  sorted: 'DeviceProcessEvents | sort by Timestamp asc | project Timestamp, ReportId, DeviceId',
  counted: 'DeviceProcessEvents | summarize Count = count() by DeviceId',
};

const EVERY = 10 * MINUTE;
const TURNS = 3;
let rules: readonly RunnableRule[] = [];
beforeAll(async () => {
  const keys = { schedule: '{cron: "*/10 * * * *", lookback: 20m}' };
  rules = await Promise.all(
    Object.entries(QUERIES).map(([id, query]) => analyzedRule({ ...keys, id, name: id, query: JSON.stringify(query) })),
  );
});

const iso = (minutes: number): string => new Date(T0 + minutes * MINUTE).toISOString();

function tables() {
  const process = Array.from({ length: TURNS * 4 }, (_, index) => ({
    Timestamp: iso(index * 3 - 10),
    _ingested: iso(index * 3 - 9),
    ReportId: index,
    DeviceId: `d${index % 3}`,
    FileName: index % 2 === 0 ? 'a.exe' : 'b.exe',
    ProcessId: index,
  }));
  const file = process.map((row) => ({
    ...row,
    ReportId: 1000 + row.ReportId,
    FileName: row.ReportId % 2 ? 'f' : 'g',
  }));
  const info = ['d0', 'd1'].map((DeviceId) => ({
    Timestamp: iso(-60),
    _ingested: iso(-60),
    DeviceId,
    OSPlatform: 'Linux',
  }));
  return { DeviceProcessEvents: process, DeviceFileEvents: file, DeviceInfo: info };
}

interface Wish {
  readonly packRules: number;
  readonly fails?: (legs: readonly string[]) => HuntwireError | null;
  readonly beforeCommit?: () => void;
}

/** Some turns of all rules, with a quota that is short of calls. */
async function play({ packRules, fails = () => null, beforeCommit = () => undefined }: Wish) {
  const calls: (readonly string[])[] = [];
  const all = tables();
  const bench = openBench({
    start: T0,
    beforeCommit,
    source: (clock) => ({
      ...tablesSource({
        tables: all,
        now: clock.now,
        fails: ({ query }) => {
          calls.push(legsOf(query));
          return fails(legsOf(query));
        },
      }),
      packRules,
      quota: { ...UNLIMITED, callsPerMinute: 3, concurrency: 3 },
    }),
  });
  const stop = new AbortController();
  const tenant = { ...bench.tenant, rules };
  const done = runSchedule(tenant, { ...bench.deps, log: silentLog }, stop.signal);
  await bench.clock.advance(TURNS * EVERY + 6 * MINUTE);
  stop.abort();
  await bench.clock.advance(0);
  await done;
  const ledgers = await Promise.all(rules.map(async ({ id }) => (await bench.store.ruleState('default', id))?.ledger));
  const told = bench.told.filter(({ kind }) => kind === 'detection');
  const health = bench.told.filter(({ kind }) => kind === 'health').map((alert) => alert.health?.code);
  return { calls, told, health, ledgers, runs: bench.commits.flatMap(({ run }) => (run.ruleId === '' ? [] : [run])) };
}

/** What alerts say, less what differs between two runs of the same. */
function essence(alerts: Awaited<ReturnType<typeof play>>['told']) {
  return alerts
    .map(({ id, rule, title, evidence, dedupKey, rowCount, entities }) => ({
      id,
      rule,
      title,
      evidence,
      dedupKey,
      rowCount,
      entities,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

describe('rules that are asked together', () => {
  let alone: Awaited<ReturnType<typeof play>>;
  beforeAll(async () => {
    alone = await play({ packRules: 1 });
  });

  it('are those whose queries may be one of several', () => {
    expect(rules.filter(isPackableRule).map(({ id }) => id)).toEqual([
      'plain',
      'projected',
      'lets',
      'other',
      'joined',
      'united',
      'fanned',
    ]);
  });

  it('tell what they tell alone, in fewer calls, and their ledgers are their own', async () => {
    const packed = await play({ packRules: 8 });
    expect(alone.told.length).toBeGreaterThan(40);
    expect(essence(packed.told)).toEqual(essence(alone.told));
    const outcomes = (one: typeof alone) => one.ledgers.map((ledger) => ledger?.map(({ outcome }) => outcome));
    expect(
      outcomes(packed)
        .flat()
        .every((outcome) => outcome !== 'gap'),
    ).toBe(true);
    expect(Math.max(...packed.calls.map((legs) => legs.length))).toBeGreaterThan(3);
    expect(packed.calls.length).toBeLessThan(alone.calls.length * 0.75);
    expect(packed.health).toEqual([]);
  });

  it('lose and repeat nothing where packs fail and commits of some of their rules are killed', async () => {
    let commits = 0;
    const packed = await play({
      packRules: 8,
      fails: (legs) => (legs.length > 2 ? new HuntwireError('SOURCE_TIMEOUT', 'too heavy', { retryable: true }) : null),
      beforeCommit: () => {
        commits += 1;
        if (commits % 4 === 0) throw new HuntwireError('STATE_BUSY', 'killed');
      },
    });
    expect(essence(packed.told).map(({ id }) => id)).toEqual(essence(alone.told).map(({ id }) => id));
    expect(packed.health).toEqual([]);
  });
});

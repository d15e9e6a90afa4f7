import { describe, expect, it } from '@jest/globals';
import { type ErrorCode, HuntwireError } from '../../src/lib/errors.ts';
import { createClockEras } from '../../src/run/clock/clock-eras.ts';
import { createServiceClock } from '../../src/run/clock/service-clock.ts';
import { readEras } from '../../src/run/clock/stored-eras.ts';
import { timetableOf } from '../../src/run/schedule.ts';
import type { RunDeps, Tenant } from '../../src/run/tenant.ts';
import { takeTurn } from '../../src/run/turn.ts';
import { openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { plantedSource } from './planted-source.ts';
import { COLUMNS, HOUR, T0 } from './story.ts';

const rule = makeRule({ map: { ...makeRule().map, file: 'rules/a.yaml' } });

/** One turn of a rule whose source fails like this. */
async function taken({ fails = null as HuntwireError | null, dryRun = false, deps = {} as Partial<RunDeps> } = {}) {
  const bench = openBench({
    start: T0,
    source: (clock) => plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now, fails: () => fails }),
  });
  const logged: string[] = [];
  let commits = 0;
  const log = { ...bench.deps.log, warn: (message: string) => void logged.push(message) };
  const committed = (): void => {
    commits += 1;
  };
  const booted = { ...bench.clock, sinceBoot: () => ({ boot: 'first', ms: bench.clock.monotonic() }) };
  const serviceClock = createServiceClock(bench.clock, 0, createClockEras(booted));
  serviceClock.set(T0);
  const tenant: Tenant = { ...bench.tenant, serviceClock };
  const turn = { tenant, rule, timetable: timetableOf(rule), kind: 'due', scheduledAt: null } as const;
  const options = { admit: async () => 0, signal: new AbortController().signal, dryRun };
  const outcome = await takeTurn(turn, options, { ...bench.deps, log, committed, ...deps }).catch((error) => error);
  const eras = await readEras(bench.store.cache, 'default');
  return { outcome, logged, commits: () => commits, eras, state: await bench.store.ruleState('default', 'rule') };
}

describe('a turn', () => {
  it('says when it has committed something to deliver, once, and what did not succeed in the log', async () => {
    const quiet = await taken();
    expect([quiet.commits(), quiet.logged]).toEqual([0, []]);
    const blocked = await taken({ fails: new HuntwireError('SOURCE_QUERY_INVALID', 'no') });
    expect([blocked.commits(), blocked.logged]).toEqual([1, ['run did not succeed']]);
  });

  it('that is dry says and leaves nothing', async () => {
    const dry = await taken({ dryRun: true, fails: new HuntwireError('SOURCE_SERVER', 'down') });
    expect([dry.outcome.run.outcome, dry.commits(), dry.logged]).toEqual(['failed', 0, []]);
    expect([dry.eras, dry.state]).toEqual([null, null]);
  });

  it('has kept what its clock went by before it commits: who is killed in between has left that', async () => {
    expect((await taken()).eras).toMatchObject({ boot: 'first', eras: [{}] });
    const store = openBench({
      start: T0,
      source: (clock) => plantedSource({ columns: [], rows: () => [], now: clock.now }),
    });
    const killed = await taken({
      deps: {
        store: {
          ...store.store,
          commit: () => Promise.reject(new HuntwireError('STATE_FAILED', 'killed')),
        },
      },
    });
    expect(killed.outcome).toMatchObject({ code: 'STATE_FAILED' });
    expect(await readEras(store.store.cache, 'default')).toMatchObject({ boot: 'first' });
  });
});

describe('a failure of the query', () => {
  const said = async (code: ErrorCode): Promise<string> =>
    (await taken({ fails: new HuntwireError(code, 'Line 2, Position 3: no') })).outcome.run.error.message;

  it.each(['SOURCE_QUERY_INVALID', 'SOURCE_TABLE_MISSING', 'KQL_SYNTAX', 'KQL_UNSUPPORTED', 'KQL_FAILED'] as const)(
    'by %s is told with its place in the file of the rule',
    async (code) => {
      expect(await said(code)).toMatch(/^rules\/a\.yaml:1:1: Line 2/);
    },
  );

  it('is told as it came where it is no word on the query', async () => {
    expect(await said('SOURCE_SERVER')).toBe('Line 2, Position 3: no');
  });
});

describe('a run that cannot be weighed', () => {
  const set = makeRule({ effectiveShape: 'set' });

  async function weighedWith(code: ErrorCode) {
    const bench = openBench({
      start: T0,
      source: (clock) =>
        plantedSource({
          columns: COLUMNS,
          rows: () => [],
          now: clock.now,
          fails: () => new HuntwireError('SOURCE_TIMEOUT', 'too heavy', { retryable: true }),
        }),
    });
    let admitted = 0;
    const admit = async (): Promise<number> => {
      admitted += 1;
      if (admitted > 1) throw new HuntwireError(code, 'no room');
      return 0;
    };
    const turn = {
      tenant: bench.tenant,
      rule: set,
      timetable: timetableOf(set),
      kind: 'due',
      scheduledAt: T0,
    } as const;
    const options = { admit, signal: new AbortController().signal, dryRun: false };
    await bench.clock.advance(HOUR);
    return takeTurn(turn, options, bench.deps);
  }

  it('for want of room in the quota does not count against its window', async () => {
    const report = await weighedWith('SOURCE_QUOTA');
    expect(report?.answer).toMatchObject({ kind: 'failed', counts: false, calls: 1 });
    expect(report?.commit.rule.ledger).toMatchObject([{ attempts: 0, outcome: 'pending' }]);
  });

  it('for another reason leaves nothing behind', async () => {
    await expect(weighedWith('STATE_BUSY')).rejects.toMatchObject({ code: 'STATE_BUSY' });
  });
});

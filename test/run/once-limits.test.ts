import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { type OnceOptions, type OnceReport, runOnce } from '../../src/run/once.ts';
import type { Tenant } from '../../src/run/tenant.ts';
import type { Source } from '../../src/sources/source.ts';
import { SAMPLE_STATE, sampleCommit, sampleRun } from '../state/samples.ts';
import { type BenchOptions, openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { plantedSource } from './planted-source.ts';
import { COLUMNS, HOUR, MINUTE, T0 } from './story.ts';

const SECOND = 1000;
const down = () => new HuntwireError('SOURCE_NETWORK', 'away', { retryable: true });

interface Wish extends Partial<Omit<BenchOptions, 'source'>> {
  readonly limits?: Partial<Source['quota']>;
  readonly query?: Source['query'];
}

/** A tenant for `once`, which says nothing at its login. */
function openOnce({ limits = {}, query, ...options }: Wish = {}) {
  const asked: string[] = [];
  const bench = openBench({
    start: T0,
    ...options,
    source: (clock) => {
      const source = plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now });
      return {
        ...source,
        greet: async () => null,
        quota: { ...source.quota, ...limits },
        query: (request, sink) => {
          asked.push(`${request.ruleId} ${(bench.clock.now() - T0) / SECOND}`);
          return (query ?? source.query)(request, sink);
        },
      };
    },
  });
  const told: OnceReport[] = [];
  const once = async (rules: readonly RunnableRule[], over: Partial<OnceOptions & { tenant: Tenant }> = {}) => {
    const { tenant = bench.tenant, ...more } = over;
    const signal = new AbortController().signal;
    const onReport = (report: OnceReport) => void told.push(report);
    const options = { rules, dryRun: false, deadline: bench.clock.monotonic(), signal, onReport, ...more };
    const [done] = await Promise.allSettled([runOnce(tenant, options, bench.deps), bench.clock.advance(2 * HOUR)]);
    if (done.status === 'rejected') throw done.reason;
    return done.value;
  };
  const health = () => bench.told.map(({ health: about, status }) => `${about?.code} ${status}`);
  return { bench, asked, told, once, health };
}

const outcomes = (reports: readonly OnceReport[]) => reports.map(({ run }) => `${run.ruleId} ${run.outcome}`);

describe('once, where nobody tells the time', () => {
  const silent = () => openOnce({ unknownTime: true, query: () => Promise.reject(down()) });

  it('begins no run, and says of each rule that is on why', async () => {
    const { bench, once, told } = silent();
    const rules = [makeRule({ id: 'a' }), makeRule({ id: 'off', status: 'disabled' }), makeRule({ id: 'b' })];
    const reports = await once(rules);
    expect(outcomes(reports)).toEqual(['a failed', 'b failed']);
    expect(told).toEqual(reports);
    expect(reports[0]).toMatchObject({
      run: {
        error: { code: 'SOURCE_NETWORK', message: 'away' },
        startedAt: T0,
        window: null,
        calls: 0,
        truncated: false,
      },
      alerts: [],
    });
    expect(await bench.store.ruleStates()).toEqual([]);
  });

  it('is told the second time in a row, and once it is known', async () => {
    let answers = false;
    const { bench, once, health } = openOnce({
      unknownTime: true,
      query: async (_, sink) => {
        if (!answers) throw down();
        sink.schema(COLUMNS);
        return { rows: 0, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: bench.clock.now() };
      },
    });
    await once([makeRule()]);
    expect(health()).toEqual([]);
    await once([makeRule()]);
    await once([makeRule()]);
    expect(health()).toEqual(['clock-unknown firing']);
    answers = true;
    await once([makeRule()]);
    expect(health()).toEqual(['clock-unknown firing', 'clock-unknown resolved']);
    answers = false;
    bench.restart();
    await once([makeRule()]);
    expect(health()).toHaveLength(2);
  });

  it('is not noted by a dry run', async () => {
    const { once, health } = silent();
    for (let run = 0; run < 3; run += 1) await once([makeRule()], { dryRun: true });
    expect(health()).toEqual([]);
  });

  it.each(['STATE_BUSY', 'ABORTED'] as const)('rejects with %s, which is no word of the source', async (code) => {
    const { bench, once } = silent();
    const admitClock = () => Promise.reject(new HuntwireError(code, 'not now'));
    const tenant = { ...bench.tenant, meter: { ...bench.tenant.meter, admitClock } };
    await expect(once([makeRule()], { tenant })).rejects.toMatchObject({ code });
  });
});

describe('once, with rules that are switched', () => {
  const off = makeRule({ status: 'disabled' });

  async function statusAfter(dryRun: boolean): Promise<string> {
    const { bench, once } = openOnce();
    await once([makeRule()]);
    const tenant = { ...bench.tenant, rules: [off] };
    await once([off], { tenant, dryRun });
    const state = await bench.store.ruleState('default', 'rule');
    return JSON.parse(state?.ruleTrait ?? '').status;
  }

  it('writes down which are off, but not on a dry run', async () => {
    expect([await statusAfter(false), await statusAfter(true)]).toEqual(['disabled', 'enabled']);
  });
});

describe('once, beside a quota', () => {
  const rules = [makeRule({ id: 'a' }), makeRule({ id: 'b' })];

  it('says of a run for which it has no room when there will be', async () => {
    const { once, asked } = openOnce({ limits: { callsPerHour: 1, concurrency: 1 } });
    const reports = await once(rules);
    expect([outcomes(reports), asked]).toEqual([['a ok', 'b throttled'], ['a 0']]);
    const { error } = reports[1]?.run ?? {};
    expect(error?.code).toBe('SOURCE_QUOTA');
    expect(error?.message).toContain('has no room before 2026-01-10T13:00');
    expect(error?.message).toContain('Wait longer with --wait');
  });

  it('waits for room as long as it may', async () => {
    const { bench, once, asked } = openOnce({ limits: { callsPerHour: 1, concurrency: 1 } });
    const reports = await once(rules, { deadline: bench.clock.monotonic() + HOUR + MINUTE });
    expect(outcomes(reports)).toEqual(['a ok', 'b ok']);
    expect(asked.map((one) => one.split(' ')[0])).toEqual(['a', 'b']);
    expect(Number(asked[1]?.split(' ')[1])).toBeGreaterThanOrEqual(3600);
  });

  it('waits for a place among its own calls however long that takes', async () => {
    const { bench, once } = openOnce({ limits: { concurrency: 1 } });
    const taken = await bench.tenant.meter.admit('high');
    if (taken.kind !== 'go') throw new Error('a place is free');
    const free = bench.clock.sleep(MINUTE).then(() => bench.tenant.meter.release(taken.call));
    expect(outcomes(await once([makeRule()]))).toEqual(['rule ok']);
    await free;
  });

  it('runs so many rules side by side as the source allows', async () => {
    let [running, most] = [0, 0];
    const { bench, once } = openOnce({
      limits: { concurrency: 2 },
      query: async (_, sink) => {
        running += 1;
        most = Math.max(most, running);
        await bench.clock.sleep(MINUTE);
        running -= 1;
        sink.schema(COLUMNS);
        return { rows: 0, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: null };
      },
    });
    const many = ['a', 'b', 'c', 'd', 'e'].map((id) => makeRule({ id }));
    expect(outcomes(await once(many))).toHaveLength(5);
    expect(most).toBe(2);
  });
});

describe('once, when it is stopped', () => {
  it('begins no further rule', async () => {
    const stop = new AbortController();
    const { once, asked } = openOnce({
      limits: { concurrency: 1 },
      query: async (_, sink) => {
        stop.abort();
        sink.schema(COLUMNS);
        return { rows: 0, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: null };
      },
    });
    const reports = await once([makeRule({ id: 'a' }), makeRule({ id: 'b' })], { signal: stop.signal });
    expect([outcomes(reports), asked]).toEqual([['a ok'], ['a 0']]);
  });
});

describe('once, with windows that wait', () => {
  const pending = { id: 'p', from: T0 - 3 * HOUR, to: T0 - 2 * HOUR, logicalTime: T0 - 2 * HOUR, attempts: 0 } as const;
  const left = {
    ...SAMPLE_STATE,
    frontier: T0 - HOUR,
    ledger: [{ ...pending, outcome: 'pending', reason: null }],
  } as const;
  const commits = [
    sampleCommit({ fence: 1 }, { tenant: 'default', ruleId: 'rule', rule: left, run: sampleRun('before') }),
  ];
  const rule = makeRule({}, { usesTime: true });

  it('asks for them behind the due one, one after another, but not on a dry run', async () => {
    const { bench, once } = openOnce({ commits });
    const reports = await once([rule]);
    expect(reports.map(({ run }) => [run.lane, run.outcome])).toEqual([
      ['due', 'ok'],
      ['backlog', 'ok'],
      ['backlog', 'ok'],
      ['backlog', 'ok'],
    ]);
    expect((await bench.store.ruleState('default', 'rule'))?.ledger).toEqual([]);
    expect(await openOnce({ commits }).once([rule], { dryRun: true })).toHaveLength(1);
  });

  it('asks for none where the due one failed', async () => {
    const { once } = openOnce({ commits, query: () => Promise.reject(down()) });
    expect(outcomes(await once([rule]))).toEqual(['rule failed']);
  });
});

describe('once, where the login is refused', () => {
  it('tells it once of the tenant, and that it is over', async () => {
    let fails = true;
    const { bench, once } = openOnce({
      query: async (_, sink) => {
        if (fails) throw new HuntwireError('SOURCE_AUTH', 'The secret has expired.');
        sink.schema(COLUMNS);
        return { rows: 0, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: null };
      },
    });
    const rules = ['one', 'two', 'three'].map((id) => makeRule({ id, effectiveShape: 'snapshot' }));
    await once(rules);
    const told = () => bench.told.map(({ status, health }) => `${status} ${health?.code} ${health?.subject}`);
    const { name } = bench.tenant;
    expect(told()).toEqual([`firing login-refused ${name}`]);
    fails = false;
    await once(rules);
    expect(told().slice(1)).toEqual([`resolved login-refused ${name}`]);
  });
});

describe('once, after a failure', () => {
  it.each([
    ['SOURCE_THROTTLED', 2],
    ['SOURCE_NETWORK', 2],
    ['SOURCE_SERVER', 2],
    ['SOURCE_TIMEOUT', 2],
    ['SOURCE_RESPONSE_INVALID', 1],
    ['SOURCE_AUTH', 1],
  ] as const)('of %s makes %d calls', async (code, calls) => {
    let fails = true;
    const { bench, once, asked } = openOnce({
      query: async (_, sink) => {
        if (fails) {
          fails = false;
          throw new HuntwireError(code, 'not now', { retryable: true, retryAfterMs: 0 });
        }
        sink.schema(COLUMNS);
        return { rows: 0, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: null };
      },
    });
    const snapshot = makeRule({
      effectiveShape: 'snapshot',
      lookbackMs: 0,
      window: { basis: 'none', tables: {}, keepFilters: 'never' },
    });
    await once([snapshot], { deadline: bench.clock.monotonic() + 2 * SECOND });
    expect(asked).toHaveLength(calls);
  });
});

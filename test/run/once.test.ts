import { describe, expect, it } from '@jest/globals';
import type { ManualClock } from '../../src/lib/clock.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { type OnceReport, runOnce } from '../../src/run/once.ts';
import { timetableOf } from '../../src/run/schedule.ts';
import type { QueryRequest } from '../../src/sources/source.ts';
import { openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { plantedSource } from './planted-source.ts';

const SECOND = 1000;
const T0 = Date.parse('2026-01-10T12:00:00Z');
const COLUMNS = [{ name: 'Timestamp', type: 'datetime' }] as const;

const stream = makeRule({ id: 'stream' });
const snapshot = makeRule({
  id: 'snapshot',
  effectiveShape: 'snapshot',
  window: { basis: 'none', tables: {}, keepFilters: 'never' },
});

interface Wish {
  readonly rule?: RunnableRule;
  readonly waitMs: number;
  readonly dryRun?: boolean;
  /** How many calls fail before one is answered. */
  readonly failures: number;
  readonly error: HuntwireError;
}

/** Runs one rule once on a clock that moves by itself as far as the deadline; tells the reports and the seconds of the calls. */
async function onceWith({ rule = stream, waitMs, dryRun = false, failures, error }: Wish) {
  const calls: number[] = [];
  const bench = openBench({
    start: T0,
    source: (clock: ManualClock) => {
      const source = plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now });
      const query: typeof source.query = (request: QueryRequest, sink) => {
        calls.push((clock.now() - T0) / SECOND);
        return calls.length <= failures ? Promise.reject(error) : source.query(request, sink);
      };
      return { ...source, query };
    },
  });
  const told: OnceReport[] = [];
  const signal = new AbortController().signal;
  const onReport = (report: OnceReport) => void told.push(report);
  const options = { rules: [rule], dryRun, deadline: bench.clock.monotonic() + waitMs, signal, onReport };
  const running = runOnce(bench.tenant, options, bench.deps);
  await bench.clock.advance(waitMs + 3600 * SECOND);
  const outcomes = (await running).map((report) => report.run.outcome);
  expect(told.map((report) => report.run.outcome)).toEqual(outcomes);
  return { calls, outcomes };
}

const passing = new HuntwireError('SOURCE_NETWORK', 'reset', { retryable: true });

describe('runOnce', () => {
  it.each(['SOURCE_NETWORK', 'SOURCE_SERVER'] as const)(
    'asks again after %s, longer each time, and reports the run once',
    async (code) => {
      const error = new HuntwireError(code, 'passing', { retryable: true });
      expect(await onceWith({ rule: makeRule(), waitMs: 30 * SECOND, failures: 3, error })).toEqual({
        calls: [0, 2, 6, 14],
        outcomes: ['ok'],
      });
    },
  );

  it('does not ask a set again that is too heavy: its window rests, and two such runs do not give it up', async () => {
    const rule = makeRule({ id: 'set', effectiveShape: 'set' });
    const error = new HuntwireError('SOURCE_TIMEOUT', 'HTTP 504', { retryable: true });
    expect(await onceWith({ rule, waitMs: 40 * SECOND, failures: 1, error })).toEqual({
      calls: [0, 0],
      outcomes: ['failed'],
    });
  });

  it('asks a set again through forty seconds of 504, which speak of the service: nothing is given up', async () => {
    const rule = makeRule({ id: 'set', effectiveShape: 'set' });
    const error = new HuntwireError('SOURCE_TIMEOUT', 'HTTP 504', { retryable: true });
    const { calls, outcomes } = await onceWith({ rule, waitMs: 60 * SECOND, failures: 8, error });
    expect([calls, outcomes]).toEqual([[0, 0, 2, 2, 6, 6, 14, 14, 30], ['ok']]);
  });

  it('gives up where the next retry would come after the deadline', async () => {
    expect(await onceWith({ waitMs: 10 * SECOND, failures: 99, error: passing })).toEqual({
      calls: [0, 2, 6],
      outcomes: ['failed'],
    });
    expect((await onceWith({ waitMs: 0, failures: 99, error: passing })).calls).toEqual([0]);
  });

  it('does not ask again for what waiting cannot mend', async () => {
    const error = new HuntwireError('SOURCE_NETWORK', 'the certificate is not trusted');
    expect(await onceWith({ waitMs: 60 * SECOND, failures: 1, error })).toEqual({ calls: [0], outcomes: ['failed'] });
    const invalid = new HuntwireError('SOURCE_QUERY_INVALID', 'no such column', { retryable: true });
    expect((await onceWith({ waitMs: 60 * SECOND, failures: 1, error: invalid })).outcomes).toEqual(['blocked']);
  });

  it('waits at least as long as the source asks', async () => {
    const told = new HuntwireError('SOURCE_SERVER', 'busy', { retryable: true, retryAfterMs: 20 * SECOND });
    expect((await onceWith({ waitMs: 60 * SECOND, failures: 1, error: told })).calls).toEqual([0, 20]);
    const throttled = new HuntwireError('SOURCE_THROTTLED', '429', { retryable: true, retryAfterMs: 45 * SECOND });
    expect(await onceWith({ waitMs: 60 * SECOND, failures: 1, error: throttled })).toEqual({
      calls: [0, 45],
      outcomes: ['ok'],
    });
  });

  it('asks a set at the times of its own grid only, its first run excepted, and a stream as of now', async () => {
    const rules = [makeRule({ id: 'set', effectiveShape: 'set', lookbackMs: 2 * 3600 * SECOND }), stream];
    const bench = openBench({
      start: T0 + 1234 * SECOND,
      source: (clock) => plantedSource({ columns: COLUMNS, rows: () => [], now: clock.now }),
    });
    const { signal } = new AbortController();
    const once = async (rule: RunnableRule): Promise<readonly number[]> => {
      const options = {
        rules: [rule],
        dryRun: false,
        deadline: bench.clock.monotonic(),
        signal,
        onReport: () => undefined,
      };
      return (await runOnce(bench.tenant, options, bench.deps)).map(({ run }) => run.logicalTime + 120 * SECOND);
    };
    for (const rule of rules) expect(await once(rule)).toEqual([bench.clock.now()]);
    await bench.clock.advance(3 * 3600 * SECOND);
    const latest = timetableOf(rules[0] ?? stream).latest(bench.clock.now()) ?? 0;
    expect(await once(rules[0] ?? stream)).toEqual([latest, latest - 7200 * SECOND, latest - 3600 * SECOND]);
    expect(await once(rules[0] ?? stream)).toEqual([]);
    expect((await once(stream))[0]).toBe(bench.clock.now());
  });

  it('asks a snapshot and a dry run again as they are, although the ledger keeps no window of theirs', async () => {
    const again = { calls: [0, 2], outcomes: ['ok'] };
    expect(await onceWith({ rule: snapshot, waitMs: 30 * SECOND, failures: 1, error: passing })).toEqual(again);
    expect(await onceWith({ dryRun: true, waitMs: 30 * SECOND, failures: 1, error: passing })).toEqual(again);
    expect((await onceWith({ rule: snapshot, waitMs: 0, failures: 1, error: passing })).outcomes).toEqual(['failed']);
  });
});

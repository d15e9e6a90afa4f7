import { describe, expect, it } from '@jest/globals';
import type { PreparedQuery } from '../../src/kql/prepared.ts';
import { makeRunnable } from '../../src/rules/make-runnable.ts';
import { preparedOf } from './prepared-of.ts';
import { ruleOf } from './rule-text.ts';

const HOUR = 3_600_000;
const SET: Partial<PreparedQuery> = { shape: 'set', identity: { kind: 'columns', columns: ['DeviceId'] } };

function run(more: Readonly<Record<string, string>>, prepared: Partial<PreparedQuery> = {}) {
  return makeRunnable(ruleOf(more), preparedOf(prepared));
}

function refusal(more: Readonly<Record<string, string>>, prepared: Partial<PreparedQuery>): string {
  const { rule, problems } = run(more, prepared);
  expect(rule).toBeNull();
  return problems.map((one) => `${one.line}:${one.column} ${one.code} ${one.message}`).join('\n');
}

describe('makeRunnable', () => {
  it('fills the lookback of streams and snapshots', () => {
    expect(run({}).rule).toMatchObject({ effectiveShape: 'stream', lookbackMs: HOUR / 4 });
    expect(run({ schedule: '{every: 15m, lookback: 1h}' }).rule?.lookbackMs).toBe(HOUR);
    expect(run({ schedule: '{cron: "*/20 6-20 * * 1-5"}' }).rule?.lookbackMs).toBe(HOUR / 3);
    const snapshot = run({ window: 'none', alert: '{dedup: {columns: [A]}}' }, { shape: 'snapshot' });
    expect(snapshot.rule).toMatchObject({ effectiveShape: 'snapshot', lookbackMs: 0 });
    expect(Object.isFrozen(snapshot.rule)).toBe(true);
  });

  it("follows the rule's own shape", () => {
    expect(run({ shape: 'stream' }, SET).rule?.effectiveShape).toBe('stream');
    expect(refusal({ shape: 'set' }, {})).toContain('"schedule.lookback" is mandatory');
  });

  it('wants the lookback of a set; one whose windows do not meet runs', () => {
    expect(refusal({}, SET)).toMatch(/^5:1 RULE_INVALID The query joins or aggregates events/);
    expect(refusal({ schedule: '{cron: "0 * * * *"}' }, SET)).toContain('"schedule.lookback" is mandatory');
    expect(run({ schedule: '{cron: "0 6 * * 1-5", lookback: 1d}' }, SET).problems).toEqual([]);
    expect(run({ schedule: '{every: 1h, lookback: 30m}' }, SET).problems).toEqual([]);
    expect(run({ schedule: '{every: 1h, lookback: 1h}' }, SET).rule?.lookbackMs).toBe(HOUR);
  });

  it('takes the lookback of a set from its absorbed filters, as far as rows are kept', () => {
    const asked = (hours: number) => ({ ...SET, absorbedMs: hours * HOUR });
    expect(run({}, asked(2)).rule?.lookbackMs).toBe(2 * HOUR);
    expect(run({ schedule: '{every: 1h, lookback: 2h}' }, asked(2)).rule?.lookbackMs).toBe(2 * HOUR);
    expect(run({ schedule: '{cron: "0 6 * * *"}' }, asked(48)).rule?.lookbackMs).toBe(48 * HOUR);
    expect(run({ schedule: '{every: 1d}' }, asked(720)).rule?.lookbackMs).toBe(28 * 24 * HOUR);
    expect(run({ schedule: '{cron: "0 6 * * 1"}' }, asked(720)).rule?.lookbackMs).toBe(22 * 24 * HOUR);
    expect(run({ schedule: '{every: 30d}' }, asked(720)).rule?.lookbackMs).toBe(720 * HOUR);
    expect(run({ schedule: '{every: 1h}' }, asked(0.5)).rule?.lookbackMs).toBe(HOUR / 2);
    expect(run({}, { absorbedMs: null }).rule?.lookbackMs).toBe(HOUR / 4);
  });

  it('refuses a set whose baseline the window cuts off; a stream runs', () => {
    const reaching = { reachMs: 24 * HOUR };
    const message = refusal({ schedule: '{every: 1h, lookback: 2h}' }, { ...SET, ...reaching });
    expect(message).toMatch(/^5:23 .*reaches back 1d, the lookback is 2h/);
    expect(run({}, reaching).problems).toEqual([]);
  });

  it.each(['stream', 'set', 'snapshot'] as const)('refuses a %s whose comment takes in code', (shape) => {
    const query = '>\n  T\n  // only one\n  | where A';
    const more = { query, schedule: '{every: 1h, lookback: 2h}', alert: '{dedup: {columns: [A]}}' };
    expect(refusal(more, { ...SET, shape })).toMatch(/^7:3 RULE_INVALID The comment before this line takes it in/);
  });

  it('wants to know when a row is the same again', () => {
    const unknown = { ...SET, identity: { kind: 'none', columns: [] } } as const;
    const schedule = '{every: 1h, lookback: 2h}';
    expect(refusal({ schedule }, unknown)).toContain('Nothing tells when a row of this query is the same again');
    expect(run({ schedule, alert: '{per: run}' }, unknown).problems).toEqual([]);
    expect(run({ schedule, alert: '{dedup: {columns: [A]}}' }, unknown).problems).toEqual([]);
    expect(refusal({ window: 'none' }, { shape: 'snapshot' })).toMatch(/^6:1 .*"alert.dedup.columns" is mandatory/);
  });

  it('tells what the analysis refuses at its place in the file, and passes over warnings', () => {
    const finding = { start: 22, end: 27, message: 'Unexpected word.', hint: null };
    const findings = [
      { ...finding, code: 'KS001', severity: 'error' },
      { ...finding, code: 'window-refused', severity: 'error', hint: 'Name the table.' },
    ] as const;
    expect(refusal({}, { findings })).toBe(
      '4:30 KQL_SYNTAX Unexpected word.\n4:30 KQL_WINDOW_REFUSED Unexpected word. Name the table.',
    );
    expect(run({}, { findings: [{ ...finding, code: 'KS2', severity: 'warning' }] }).rule).not.toBeNull();
  });
});

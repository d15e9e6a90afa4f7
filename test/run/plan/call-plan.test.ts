import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/duration.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { latestLook } from '../../../src/run/arrivals/arrival-tables.ts';
import { planCalls } from '../../../src/run/plan/call-plan.ts';
import { phaseOf } from '../../../src/run/schedule.ts';
import { type QuotaLimits, UNLIMITED } from '../../../src/sources/source.ts';
import { preparedOf } from '../../rules/prepared-of.ts';
import { ruleOf } from '../../rules/rule-text.ts';
import { makeRule } from '../make-rule.ts';

const LIMITS: QuotaLimits = { ...UNLIMITED, callsPerMinute: 40, callsPerHour: 1400 };
/** A Wednesday. */
const NOW = Date.parse('2026-01-07T10:20:30Z');

function rule(id: string, more: Readonly<Record<string, string>> = {}): RunnableRule {
  return { ...ruleOf({ id, ...more }), prepared: preparedOf(), effectiveShape: 'stream', lookbackMs: HOUR_MS };
}

function rules(count: number, more: Readonly<Record<string, string>> = {}): readonly RunnableRule[] {
  const one = rule('rule', more);
  return Array.from({ length: count }, (_, index) => ({ ...one, id: `rule-${index}`, schedule: { ...one.schedule } }));
}

const plan = (all: readonly RunnableRule[], quota = LIMITS, meanRunMs: number | null = null) =>
  planCalls(all, { tenant: 'default', quota, now: NOW, meanRunMs });

describe('planCalls', () => {
  it('counts what schedules ask for, disabled rules left out', () => {
    const planned = plan([
      rule('a', { schedule: '{every: 15m}' }),
      rule('b', { schedule: '{cron: "0 8,20 * * *"}', severity: 'low' }),
      rule('c', { schedule: '{every: 1m}', status: 'disabled' }),
    ]);
    expect(planned).toMatchObject({ callsPerDay: 98, callsPerHour: 98 / 24, fits: true, runMinutes: null });
    expect(planned.lanes).toMatchObject([
      { lane: 'high', rules: 1, callsPerDay: 96, share: 1, longestWaitMs: 0 },
      { lane: 'low', rules: 1, callsPerDay: 2 },
    ]);
    expect(planned.hours.reduce((sum, calls) => sum + calls, 0)).toBe(98);
    expect(planned.hours[8]).toBe(5);
    expect(planned.hours[9]).toBe(4);
  });

  it('counts sweeps of streams, daily counts of tables that drive sets, and weekly probes in the lowest lane', () => {
    const stream = makeRule({ id: 'stream', schedule: { kind: 'cron', cron: '0 3 * * *', timezone: 'UTC' } as never });
    const set = { ...stream, id: 'set', effectiveShape: 'set' } as const;
    const both = plan([stream, set, { ...set, id: 'off', status: 'disabled' }]);
    expect(both.callsPerDay).toBeCloseTo(2 + 1 + 1 + 1 / 7);
    expect(both.lanes.at(-1)).toMatchObject({ lane: 'backlog', rules: 1, share: 0.6 });
    expect(both.hours.reduce((sum, calls) => sum + calls, 0)).toBe(5);
    expect(both.costs.map(({ ruleId }) => ruleId)).toEqual(['set', 'stream']);
  });

  it('has looks at arrivals at the times that the tenant has for them', () => {
    const set = { ...makeRule({ id: 'set' }), effectiveShape: 'set' } as const;
    const [one, other] = ['contoso', 'fabrikam'].map((tenant) => {
      const { hours } = planCalls([set], { tenant, quota: LIMITS, now: NOW });
      const [table = ''] = set.prepared.tables.map((reference) => reference.table);
      const hour = new Date(latestLook(tenant, table, NOW)).getUTCHours();
      const usual = Math.min(...hours);
      return { hour, busy: hours.flatMap((calls, at) => (calls > usual ? [at] : [])) };
    });
    expect(one?.busy).toEqual([one?.hour]);
    expect(other?.busy).toEqual([other?.hour]);
    expect(one?.hour).not.toBe(other?.hour);
  });

  it('shows the busiest day of the week, and finds the worst minute whenever it comes', () => {
    const planned = plan(rules(30, { schedule: '{cron: "30 6 * * 6"}' }));
    expect(new Date(planned.day).toISOString()).toBe('2026-01-10T00:00:00.000Z');
    expect(planned.hours[6]).toBe(30);
    expect(planned.worstMinute).toEqual({ at: Date.parse('2026-01-10T06:30:00Z'), calls: 30 });
    expect(planned.callsPerDay).toBe(30);
  });

  it('looks for the worst minute wherever it begins, and for the worst hour', () => {
    const all = rules(30, { schedule: '{every: 1h}' });
    const planned = plan(all);
    const at = all.map(({ id }) => phaseOf(id, HOUR_MS)).sort((a, b) => a - b);
    const within = (span: number) => at.map((start) => at.filter((one) => one >= start && one < start + span).length);
    const calls = Math.max(...within(MINUTE_MS));
    const first = at[within(MINUTE_MS).indexOf(calls)] ?? 0;
    expect(planned.worstMinute).toEqual({ at: Date.parse('2026-01-07T00:00:00Z') + first, calls });
    const buckets = at.map((time) => at.filter((one) => Math.floor(one / MINUTE_MS) === Math.floor(time / MINUTE_MS)));
    expect(calls).toBeGreaterThan(Math.max(...buckets.map((one) => one.length)));
    expect(planned.worstHour.calls).toBe(30);
    expect(planned.lanes).toMatchObject([{ lane: 'high', worstMinute: planned.worstMinute, callsPerHour: 30 }]);
  });

  it('tells the run time of each lane', () => {
    const planned = plan(
      [rule('a', { schedule: '{every: 1h}' }), rule('b', { schedule: '{every: 2h}', severity: 'low' })],
      LIMITS,
      30_000,
    );
    expect(planned.lanes.map(({ lane, runMinutes }) => [lane, runMinutes])).toEqual([
      ['high', 12],
      ['low', 6],
    ]);
    expect(planned.runMinutes).toBe(18);
  });

  it('has no worst minute where nothing runs', () => {
    expect(plan([]).worstMinute).toEqual({ at: Date.parse('2026-01-07T00:00:00Z'), calls: 0 });
  });

  it('counts runs more often than each minute', () => {
    const planned = plan([rule('a', { schedule: '{every: 20s}' })], UNLIMITED);
    expect(planned.worstMinute.calls).toBe(3);
    expect(planned.hours).toEqual(Array.from({ length: 24 }, () => 180));
  });

  it('knows the clocks of a zone', () => {
    const planned = plan([rule('a', { schedule: '{cron: "0 8 * * *", timezone: Asia/Tokyo}' })]);
    expect(planned.hours[23]).toBe(1);
  });

  it('does not fit where the mean is above a limit, as doctor says, and says what to change', () => {
    const planned = plan(rules(41, { schedule: '{every: 1m}' }));
    expect(planned.fits).toBe(false);
    expect(planned.findings.map(({ limit }) => limit)).toEqual(['callsPerHour', 'callsPerMinute']);
    expect(planned.findings[0]?.message).toContain('2460 calls an hour');
    expect(planned.findings[0]?.fix).toContain('less often');
  });

  it('lets a crowded minute pass that empties soon', () => {
    const planned = plan(rules(100, { schedule: '{cron: "0 8 * * *"}' }));
    expect(planned.worstMinute.calls).toBe(100);
    expect(planned.lanes[0]?.longestWaitMs).toBe(2 * MINUTE_MS);
    expect(planned.fits).toBe(true);
  });

  it('does not fit where calls wait so long that rules would be lagging, and names one', () => {
    const crowd = rules(1300, { schedule: '{cron: "0 8 * * *"}', severity: 'low' });
    const planned = plan([...crowd, rule('often', { schedule: '{every: 10m}', severity: 'low' })]);
    expect(planned.fits).toBe(false);
    expect(planned.findings).toHaveLength(1);
    expect(planned.findings[0]).toMatchObject({ limit: 'lane' });
    expect(planned.findings[0]?.message).toMatch(/^Calls of low rules that are due at .* often would be lagging\.$/);
    expect(planned.findings[0]?.fix).toContain('crons');
  });

  it('serves high lanes first', () => {
    const low = rules(100, { schedule: '{cron: "0 8 * * *"}', severity: 'low' });
    const high = rules(30, { schedule: '{cron: "0 8 * * *"}', severity: 'critical' });
    const waits = new Map(plan([...low, ...high]).lanes.map(({ lane, longestWaitMs }) => [lane, longestWaitMs]));
    expect(waits.get('critical')).toBe(0);
    expect(waits.get('low')).toBe(3 * MINUTE_MS);
  });

  it('measures run time by what calls have taken', () => {
    const quota = { ...LIMITS, runSecondsPerHour: 600, runSecondsPerDay: 10_800 };
    expect(plan(rules(4, { schedule: '{every: 15m}' }), quota, 10_000)).toMatchObject({ runMinutes: 64, fits: true });
    const planned = plan(rules(4, { schedule: '{every: 15m}' }), quota, 60_000);
    expect(planned.findings.map(({ limit }) => limit)).toEqual(['runSecondsPerHour', 'runSecondsPerDay']);
    expect(planned.findings[0]?.message).toContain('16m an hour');
  });

  it('fits wherever nothing is limited, and where there is no rule', () => {
    expect(plan(rules(50, { schedule: '{every: 1s}' }), UNLIMITED).fits).toBe(true);
    expect(plan([])).toMatchObject({ callsPerDay: 0, worstMinute: { calls: 0 }, lanes: [], fits: true });
  });

  it('is quick with thousands of rules', () => {
    const many = rules(5000, { schedule: '{cron: "*/15 * * * *", timezone: Europe/Berlin}' });
    const { callsPerDay, hours } = plan(many, UNLIMITED);
    expect([callsPerDay, hours[3]]).toEqual([5000 * 96, 20_000]);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pausesOf, pausesOfRules, pausesText } from '../../../src/rules/cron/pauses.ts';
import { makeRule } from '../../run/make-rule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Wednesday. */
const NOW = Date.parse('2026-11-25T10:00:00Z');
const cron = (text: string, timezone = 'Europe/Berlin') =>
  ({ kind: 'cron', cron: text, timezone, lookbackMs: null }) as const;

function textOf(schedule: Parameters<typeof pausesOf>[0], lookbackMs: number, now = NOW): string | null {
  const pauses = pausesOf(schedule, lookbackMs, now);
  return pauses && pausesText(schedule, lookbackMs, pauses);
}

describe('the pauses of a schedule', () => {
  it.each([
    ['0 6 * * 1-5', DAY, 'Friday 2026-11-27 06:00 to Sunday 2026-11-29 06:00', '3d', '48'],
    ['*/15 6-20 * * 1-5', 30 * MINUTE, 'Wednesday 2026-11-25 20:45 to Thursday 2026-11-26 05:30', '2d9h15m', '91.8'],
    ['0 0 * 1-3 *', DAY, 'Wednesday 2026-04-01 00:00', null, null],
    ['0 0 1 * *', 7 * DAY, 'Sunday 2026-11-01 00:00 to Tuesday 2026-11-24 00:00', null, null],
    ['0 12 * * *', 12 * HOUR, 'Wednesday 2026-11-25 12:00 to Thursday 2026-11-26 00:00', '1d', '84'],
  ])('of %s with %d ms', (text, lookbackMs, span, longest, hours) => {
    const said = textOf(cron(text), lookbackMs) ?? '';
    if (longest) expect(said).toContain(`shorter than the ${longest} between some runs: ${span} (Europe/Berlin)`);
    if (hours) expect(said).toContain(`in all ${hours} hours a week`);
  });

  it('are named from now on, also the one that time is in', () => {
    const saturday = Date.parse('2026-11-28T10:00:00Z');
    expect(textOf(cron('0 6 * * 1-5'), DAY, saturday)).toContain('Friday 2026-11-27 06:00 to Sunday 2026-11-29 06:00');
    expect(textOf(cron('0 6 * * 1-5'), DAY, saturday + DAY)).toContain('Friday 2026-12-04 06:00 to Sunday');
  });

  it('of an interval follow every run', () => {
    const said = textOf({ kind: 'every', everyMs: HOUR, lookbackMs: null }, 30 * MINUTE);
    expect(said).toBe(
      'The lookback of 30m is shorter than the 1h between runs: the 30m behind each run are never searched, 84 hours a week.',
    );
  });

  it.each([
    [cron('0 6 * * 1-5'), 3 * DAY],
    [cron('0 6 * * *'), DAY],
    [cron('*/15 * * * *'), 15 * MINUTE],
    [{ kind: 'every', everyMs: HOUR, lookbackMs: null } as const, HOUR],
  ])('are none where windows meet, whatever the clocks do: %j', (schedule, lookbackMs) => {
    expect(pausesOf(schedule, lookbackMs, NOW)).toBeNull();
  });

  it('never begin behind their end', () => {
    const field = (max: number) =>
      fc.array(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 3 }).map((all) => all.join());
    fc.assert(
      fc.property(
        field(59),
        field(23),
        field(6),
        fc.integer({ min: 1, max: 10_000 }),
        (minutes, hours, days, lookback) => {
          const pauses = pausesOf(cron(`${minutes} ${hours} * * ${days}`), lookback * MINUTE, NOW);
          if (!pauses) return;
          expect(pauses.longestMs).toBeGreaterThan(lookback * MINUTE);
          expect(pauses.first && pauses.first.to - pauses.first.from).toBeGreaterThan(0);
          expect(pauses.hoursPerWeek).toBeGreaterThan(0);
          expect(pauses.hoursPerWeek).toBeLessThan(168);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('pausesOfRules', () => {
  const weekdays = { ...cron('0 6 * * 1-5', 'UTC'), lookbackMs: DAY };
  const rule = makeRule({ id: 'weekdays', schedule: weekdays, effectiveShape: 'set', lookbackMs: DAY });

  it('names rules that run and do not say that it is meant', () => {
    const rules = [
      rule,
      makeRule({ ...rule, id: 'meant', schedule: { ...weekdays, pauses: 'accepted' } }),
      makeRule({ ...rule, id: 'off', status: 'disabled' }),
      makeRule({ ...rule, id: 'stream', effectiveShape: 'stream' }),
    ];
    expect(pausesOfRules(rules, NOW)).toEqual([{ ruleId: 'weekdays', message: expect.stringContaining('48 hours') }]);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE_MS } from '../../src/lib/duration.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { planCalls } from '../../src/run/plan/call-plan.ts';
import { LANES } from '../../src/sources/quota/lanes.ts';
import { UNLIMITED } from '../../src/sources/source.ts';
import { makeRule } from '../run/make-rule.ts';
import { governedDay } from '../run/plan/governed-day.ts';
import { fuzzRuns } from './fuzz.ts';

const START = Date.parse('2026-11-23T00:00:00Z');
/** A tenth of what the services allow: as many rules fit. */
const LIMITS = { callsPerMinute: 4, callsPerHour: 140 };

const every = (minutes: number) => ({ kind: 'every', everyMs: minutes * MINUTE_MS, lookbackMs: null }) as const;
const cron = (text: string) => ({ kind: 'cron', cron: text, timezone: 'UTC', lookbackMs: null }) as const;
const severity = fc.constantFrom(...LANES.slice(0, 5)) as fc.Arbitrary<RunnableRule['severity']>;
const schedule = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(2, 5, 10, 15, 30).map(every) },
  { weight: 1, arbitrary: fc.constantFrom('*/10 * * * *', '0 * * * *', '30 6-9 * * *').map(cron) },
);
const rule = fc.record({ severity, schedule }) as fc.Arbitrary<Part>;

type Part = Pick<RunnableRule, 'severity' | 'schedule'>;

const repeat = (count: number, severity: Part['severity'], minutes: number): readonly Part[] =>
  Array.from({ length: count }, () => ({ severity, schedule: every(minutes) }));
/** High rules that leave no room in the share of a medium one, which waits for two hours before it rises. */
const STARVED: readonly Part[] = [
  ...repeat(4, 'critical', 2),
  ...repeat(3, 'critical', 15),
  ...repeat(1, 'medium', 30),
];
const FITTING: readonly Part[] = [...repeat(3, 'high', 2), ...repeat(4, 'low', 10)];

async function holdsFor(parts: readonly Part[]): Promise<boolean> {
  const rules = parts.map((part, index) => makeRule({ id: `rule${index}`, ...part }));
  const plan = planCalls(rules, { tenant: 'default', quota: { ...UNLIMITED, ...LIMITS, concurrency: 3 }, now: START });
  const day = await governedDay(rules, LIMITS, START);
  expect(day.refused).toBe(0);
  if (plan.fits) expect([...day.lagging]).toEqual([]);
  else expect(day.skipped).toBeGreaterThan(0);
  return plan.fits;
}

/** A day of rules takes a fifth of a second. */
const { numRuns, ...seeded } = fuzzRuns(3);

describe('what plan calls', () => {
  it('fitting runs for a day without a 429 and without lag; what it calls not fitting does not keep to its schedules', async () => {
    expect(await holdsFor(STARVED)).toBe(false);
    expect(await holdsFor(FITTING)).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.array(rule, { minLength: 5, maxLength: 32 }), async (parts) => void (await holdsFor(parts))),
      { ...seeded, numRuns: Math.min(numRuns, 5000) },
    );
  });
});

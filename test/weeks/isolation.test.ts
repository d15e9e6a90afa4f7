import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tries } from '../tries.ts';
import { ALL_FEATURES, type Features } from './generate/features.ts';
import { scenarioOf } from './main.ts';
import { DAY, type Fault, HOUR, MINUTE, type RuleSpec, type Scenario } from './scenario.ts';
import { playWeek } from './world/play.ts';

/** A second tenant with rules of its own, and nothing that ails anybody but what a test says. */
const TWO: Features = {
  ...ALL_FEATURES,
  cron: false,
  dateStep: 1,
  stories: [],
  faults: [],
  reloads: false,
  pack: false,
  silences: false,
  errands: false,
  copies: false,
  detours: false,
};

const SICK = 'contoso';
const WELL = 'fabrikam';
const FROM = HOUR;
const LENGTH = 4 * HOUR;

function twoTenants(): Scenario {
  const week = Array.from({ length: 40 }, (_, seed) => scenarioOf(seed + 1, TWO)).find((one) => one.otherTenants);
  if (!week) throw new Error('no seed has two tenants');
  const often = (rule: RuleSpec): RuleSpec => ({ ...rule, schedule: { every: 30 * MINUTE } });
  const events = week.events
    .filter(({ at }) => at < 6 * DAY)
    .map((event) => ({ ...event, at: event.at % (LENGTH - HOUR) }));
  return { ...week, length: LENGTH, rules: week.rules.map(often), events: [...events].sort((a, b) => a.at - b.at) };
}

const span = { from: FROM, to: LENGTH, tenant: SICK };
/** What one tenant may have: throttled, slow, refusing, down, answering with nonsense or a wrong time. */
const sickness: fc.Arbitrary<Fault> = fc.oneof(
  fc
    .constantFrom('network', 'server', 'auth', 'broken-answer')
    .map((failure) => ({ kind: 'api', ...span, failure }) as Fault),
  fc.constantFrom(null, 60, HOUR).map((retryAfter): Fault => ({ kind: 'throttle', ...span, retryAfter })),
  fc.constantFrom(120, 300).map((latency): Fault => ({ kind: 'slow', ...span, latency })),
  fc.constantFrom(-DAY, 90, HOUR).map((off): Fault => ({ kind: 'date', ...span, off, nth: 1 })),
);

/** What came of each run of the tenant that is well, and how its ledger stood then; when it was does not count. */
async function outcomesOf(scenario: Scenario) {
  const { records, final } = await playWeek(scenario, null);
  const commits = records.flatMap((record) =>
    record.kind === 'commit' && record.commit.tenant === WELL ? [record.commit] : [],
  );
  const byRule = new Map<string, unknown[]>();
  for (const { ruleId, rule, run, alerts } of commits) {
    const told = alerts.map(({ id, revision, status, rowCount, title }) => [id, revision, status, rowCount, title]);
    const ledger = rule.ledger.map(({ from, to, outcome, attempts }) => [from, to, outcome, attempts]);
    const { logicalTime, outcome, rows, hits, suppressed } = run;
    const outcomes = byRule.get(ruleId) ?? [];
    byRule.set(ruleId, [
      ...outcomes,
      { logicalTime, outcome, rows, hits, suppressed, told, ledger, frontier: rule.frontier },
    ]);
  }
  const attempts = records.flatMap((record) =>
    record.kind === 'attempt' && record.alert.tenant === WELL
      ? [`${record.target} ${record.messageId} ${record.result}`]
      : [],
  );
  const open = final.openHealth
    .filter(({ tenant }) => tenant === WELL)
    .map(({ code, subject }) => `${code} ${subject}`);
  return { byRule, attempts: attempts.sort(), open };
}

describe('what ails one tenant', () => {
  const healthy = twoTenants();
  let expected: Awaited<ReturnType<typeof outcomesOf>>;
  beforeAll(async () => {
    expected = await outcomesOf(healthy);
  });

  it('is nothing to another: the same runs, alerts, ledger and deliveries', async () => {
    const told = [...expected.byRule.values()].flat() as readonly { readonly told: readonly unknown[] }[];
    expect(told.length).toBeGreaterThan(10);
    expect(told.some((run) => run.told.length > 0)).toBe(true);
    await fc.assert(
      fc.asyncProperty(sickness, async (fault) => {
        expect(await outcomesOf({ ...healthy, faults: [fault] })).toEqual(expected);
      }),
      { numRuns: tries(2, 4), seed: 7 },
    );
  });

  it('is something to itself, so that the comparison can tell', async () => {
    const own: Fault = { kind: 'api', ...span, tenant: WELL, failure: 'network' };
    expect(await outcomesOf({ ...healthy, faults: [own] })).not.toEqual(expected);
  });
});

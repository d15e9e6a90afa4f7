import type { Alert } from '../alerts/alert.ts';
import type { RuleTest, RunnableRule } from '../rules/rule.ts';
import { type Difference, matchAlerts } from './match-alerts.ts';

type Expected = RuleTest['alerts'][number];

/**
 * The alerts of a test's run as `test --update` writes them: what the rule and its data decide, and no ids, times of the run or rows. Each
 * stands where an equal one stood before, so that what is written changes no more than it must.
 */
export function snapshotOf(rule: RunnableRule, test: RuleTest, alerts: readonly Alert[]): RuleTest['alerts'] {
  const came = alerts.map((alert) => toldPart(rule, alert));
  const places = new Map<string, number[]>();
  for (const [at, one] of test.alerts.entries()) places.set(textOf(one), [...(places.get(textOf(one)) ?? []), at]);
  const arranged: (Expected | undefined)[] = came.map(() => undefined);
  const others = came.filter((one) => {
    const at = places.get(textOf(one))?.shift();
    if (at === undefined || at >= came.length) return true;
    arranged[at] = one;
    return false;
  });
  return arranged.map((one) => one ?? others.shift() ?? {});
}

function toldPart(rule: RunnableRule, alert: Alert): Expected {
  const { title, description, severity, firstSeen, lastSeen, rowCount, entities, details } = alert;
  return plain({
    title,
    ...(description !== rule.description && { description }),
    ...{ severity, firstSeen, lastSeen, rowCount },
    ...(entities.length > 0 && { entities }),
    ...(Object.keys(details).length > 0 && { details }),
    ...(alert.overflow && { overflow: alert.overflow }),
    ...(alert.mappingErrors && { mappingErrors: alert.mappingErrors }),
  });
}

/** As JSON gives it: nothing that YAML could not write. */
function plain(value: object): Expected {
  return JSON.parse(JSON.stringify(value)) as Expected;
}

/** The order of keys is no difference. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

/** How a snapshot and what came differ: here what came and is not in the snapshot counts, too. */
export function matchSnapshot(expected: RuleTest['alerts'], came: RuleTest['alerts']): readonly Difference[] {
  const lacking = matchAlerts(expected, came);
  if (lacking.length > 0) return lacking;
  return matchAlerts(came, expected).map(({ path, expected: told, actual }) => {
    return { path, expected: actual, actual: told };
  });
}

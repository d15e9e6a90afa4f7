import { attackPairs } from '../../alerts/map/attack.ts';
import type { Config } from '../../config/config.ts';
import { type KnownTraits, routeRule } from '../../outbox/routes.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { ExplainedTarget } from '../../trial/explain/explanation.ts';
import { shownWay } from './shown-way.ts';

/** Where the alerts of a rule may go, in every tenant that runs it. */
export function waysOfRule(rule: RunnableRule, tenants: readonly string[], config: Config): readonly ExplainedTarget[] {
  const ways = (tenants.length === 0 ? [null] : tenants).flatMap((tenant) =>
    routeRule(traitsOf(rule, tenant), rule.targets, config).map((way) => {
      const because = tenants.length > 1 && rule.targets === null ? `${tenant}: ${way.because}` : way.because;
      return shownWay({ ...way, because }, config);
    }),
  );
  return ways.filter(
    (one, at) => ways.findIndex((other) => other.target === one.target && other.because === one.because) === at,
  );
}

function traitsOf(rule: RunnableRule, tenant: string | null): KnownTraits {
  const attack = attackPairs(rule.attack);
  const named = (texts: readonly (string | null)[]): readonly string[] => texts.filter((text) => text !== null);
  return new Map<string, readonly string[]>([
    ['kind', ['detection']],
    ['rule', [rule.id]],
    ['tag', rule.tags],
    ['tactic', named(attack.map(({ tactic }) => tactic))],
    ['technique', named(attack.map(({ technique }) => technique))],
    ...(tenant === null ? [] : [['tenant', [tenant]] as const]),
    ...(rule.alert.severityColumn === null ? [['severity', [rule.severity]] as const] : []),
  ]);
}

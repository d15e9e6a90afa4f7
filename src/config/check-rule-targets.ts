import type { Problem } from '../lib/errors.ts';
import { suggest } from '../lib/nearest.ts';
import type { Rule } from '../rules/rule.ts';
import type { Config } from './config.ts';

/** Rules that name a target which is not configured, and effective rules whose alerts would go nowhere. */
export function checkRuleTargets(
  rules: readonly Rule[],
  config: Pick<Config, 'targets' | 'defaultTargets' | 'routes'>,
): readonly Problem[] {
  return rules.flatMap((rule) => [...unknownTargets(rule, config), ...withoutTarget(rule, config)]);
}

/** The same for who looks before anything runs: a configuration without any target is one for looking only, and asks for none. */
export function targetProblemsOf(
  config: Pick<Config, 'targets' | 'defaultTargets' | 'routes'>,
): (rules: readonly Rule[]) => readonly Problem[] {
  return (rules) => (config.targets.size === 0 ? [] : checkRuleTargets(rules, config));
}

function unknownTargets(rule: Rule, { targets }: Pick<Config, 'targets'>): readonly Problem[] {
  return (rule.targets ?? []).flatMap((name, index) => {
    if (targets.has(name)) return [];
    const message = `There is no target "${name}".${suggest(name, targets.keys())}`;
    return [problem(rule, ['targets', index], message)];
  });
}

/** A rule in testing delivers nothing, and a disabled one does not run: they need no target. */
function withoutTarget(
  rule: Rule,
  { defaultTargets, routes }: Pick<Config, 'defaultTargets' | 'routes'>,
): readonly Problem[] {
  if (rule.status !== 'enabled' || rule.targets !== null || defaultTargets.length > 0) return [];
  if (routes.some(({ match }) => match.length === 0)) return [];
  const message =
    routes.length === 0
      ? `The rule "${rule.id}" has no target: name one in "targets", or set "defaultTargets" in the configuration.`
      : `Alerts of the rule "${rule.id}" that no route matches have no target: name one in "targets", set "defaultTargets", or add a last route whose "match" is [].`;
  return [problem(rule, ['targets'], message)];
}

function problem(rule: Rule, path: readonly (string | number)[], message: string): Problem {
  return { file: rule.map.file, ...rule.map.placeOf(path), code: 'RULE_INVALID', message };
}

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createAnalyst } from '../kql/analyst.ts';
import { createMemoryCache } from '../lib/cache.ts';
import { HuntwireError } from '../lib/errors.ts';
import { suggest } from '../lib/nearest.ts';
import { type LoadedRules, loadRules } from '../rules/load-rules.ts';
import { prepareRules, refuseProblems } from '../rules/prepare-rules.ts';
import type { Rule, RunnableRule } from '../rules/rule.ts';
import type { RulePlaces } from '../rules/rule-places.ts';
import type { World } from './terminal/world.ts';

/**
 * One rule, ready to run: `name` is the path of a rule file, or the id of a rule; `places` tells where to look for either. Other rules
 * are not analyzed.
 */
export async function findRule(
  world: World,
  name: string,
  places: (given?: string) => Promise<RulePlaces>,
): Promise<RunnableRule> {
  const file = resolve(world.cwd, name);
  const rule = existsSync(file)
    ? onlyRule(name, await loadRules(await places(file)))
    : ruleById(name, await loadRules(await places()));
  const analyst = createAnalyst({ form: 'in-process', cache: createMemoryCache() });
  try {
    const { rules, problems, refusals } = await prepareRules([rule], analyst);
    refuseProblems([...problems, ...refusals]);
    const [prepared] = rules;
    if (!prepared) throw new HuntwireError('RULE_INVALID', `Rule ${rule.id} cannot be run.`);
    return prepared;
  } finally {
    await analyst.close();
  }
}

function onlyRule(name: string, { rules, problems, refusals }: LoadedRules): Rule {
  refuseProblems(rules.length === 1 ? problems : [...problems, ...refusals]);
  const [rule] = rules;
  if (rule && rules.length === 1) return rule;
  const ids = rules.map((one) => one.id).join(', ');
  throw new HuntwireError('USAGE', `${name} holds ${rules.length} rules: ${ids}. Name a file with one rule, or an id.`);
}

/** Problems elsewhere are no hindrance, unless the rule may be what they hide. */
function ruleById(id: string, { rules, problems, overlayProblems }: LoadedRules): Rule {
  const rule = rules.find((one) => one.id === id);
  const own = problems.filter((problem) => problem.file === rule?.map.file);
  refuseProblems(rule ? [...own, ...overlayProblems] : problems);
  if (rule) return rule;
  const ids = rules.map((one) => one.id);
  throw new HuntwireError('USAGE', `There is no rule file and no rule "${id}".${suggest(id, ids)}`);
}

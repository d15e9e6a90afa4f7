import { createAnalyst } from '../../../src/kql/analyst.ts';
import { parseRules } from '../../../src/rules/load-rules.ts';
import { prepareRules, refuseProblems } from '../../../src/rules/prepare-rules.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { yamlOf } from '../rule-text.ts';
import type { RuleSpec } from '../scenario.ts';

/** Analyzed once a text: the same ones come in every life of a week. */
const known = new Map<string, RunnableRule>();
const KNOWN_LIMIT = 500;
const prepared = new Map<string, string>();
const cache = {
  get: async (key: string) => prepared.get(key) ?? null,
  set: async (key: string, value: string) => void prepared.set(key, value),
};

/** Rules as a process reads them: our own reader and analysis, nothing made by hand. */
export async function runnableRules(specs: readonly RuleSpec[], start: number): Promise<readonly RunnableRule[]> {
  const analyst = createAnalyst({ form: 'in-process', cache });
  const rules: RunnableRule[] = [];
  for (const spec of specs) rules.push(await runnableRule(yamlOf(spec, start), spec.id, analyst));
  await analyst.close();
  return rules;
}

async function runnableRule(
  text: string,
  id: string,
  analyst: ReturnType<typeof createAnalyst>,
): Promise<RunnableRule> {
  const before = known.get(text);
  if (before) return before;
  const loaded = parseRules(`${id}.yaml`, text);
  refuseProblems(loaded.problems);
  const made = await prepareRules(loaded.rules, analyst);
  refuseProblems(made.problems);
  const [rule] = made.rules;
  if (!rule) throw new Error(`no rule came of ${text}`);
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(text, rule);
  return rule;
}

import type { Problem } from '../lib/errors.ts';
import type { Rule } from './rule.ts';

/**
 * What keeps former ids from saying which rule a state is of: one that two rules claim, one that a rule has still, and a rule's own. Alerts of
 * two rules would have the same ids. Letter case does not tell ids apart.
 */
export function previousIdProblems(rules: readonly Rule[]): readonly Problem[] {
  const present = new Map(rules.map((rule) => [rule.id.toLowerCase(), rule]));
  const claimed = new Map<string, Rule>();
  return rules.flatMap((rule) =>
    (rule.previousIds ?? []).flatMap((id, index) => {
      const key = id.toLowerCase();
      const message = clashOf(id, rule, present.get(key), claimed.get(key));
      claimed.set(key, claimed.get(key) ?? rule);
      if (message === null) return [];
      const { line, column } = rule.map.placeOf(['previousIds', index]);
      return [{ file: rule.map.file, line, column, code: 'RULE_INVALID' as const, message }];
    }),
  );
}

function clashOf(id: string, rule: Rule, holder: Rule | undefined, claimer: Rule | undefined): string | null {
  if (holder === rule) return `"${id}" is the rule's own id. Name in previousIds only ids that it had before.`;
  if (holder)
    return `The rule "${id}" is still there (${placeOf(holder)}). A rule takes over the state of one that is gone: remove that one, or leave its id out of previousIds.`;
  if (claimer === rule) return `"${id}" stands twice in previousIds.`;
  if (!claimer) return null;
  return `The rule "${claimer.id}" (${placeOf(claimer)}) has "${id}" in its previousIds, too. One rule can take over its state: decide which.`;
}

function placeOf({ map }: Rule): string {
  return `${map.file}:${map.placeOf(['id']).line}`;
}

import type { Edit, RuleSpec } from '../scenario.ts';

/** The rule set after a person has edited it. What names no rule changes nothing. */
export function applyEdits(rules: readonly RuleSpec[], edits: readonly Edit[]): readonly RuleSpec[] {
  let edited = rules;
  for (const { rule, set } of edits) {
    edited = edited.flatMap((one) => (one.id !== rule ? [one] : set === null ? [] : [{ ...one, ...set }]));
  }
  return edited;
}

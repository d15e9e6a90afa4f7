import { HuntwireError } from '../lib/errors.ts';
import type { RunnableRule } from '../rules/rule.ts';

/** The rules named, or all; an unknown name is an error. */
export function chosen(rules: readonly RunnableRule[], ids: readonly string[]): readonly RunnableRule[] {
  const unknown = ids.filter((id) => !rules.some((rule) => rule.id === id));
  if (unknown.length > 0)
    throw new HuntwireError(
      'USAGE',
      `There is no rule "${unknown.join('", "')}". The rules are: ${rules.map((rule) => rule.id).join(', ')}.`,
    );
  return ids.length === 0 ? rules : rules.filter((rule) => ids.includes(rule.id));
}

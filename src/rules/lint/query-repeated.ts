import { queryComments } from '../query-code.ts';
import type { Rule } from '../rule.ts';
import type { LintCheck } from './check.ts';

/** Two rules with one query tell each hit twice, and cost twice the calls; comments, white space and the schedule make no other. */
export const queryRepeated: LintCheck = {
  id: 'query-repeated',
  description: 'Rules with the same query and params, comments and white space aside: each hit is told by all of them.',
  why: 'Each hit is told once a rule, and each rule costs its own calls.',
  mend: 'Join the rules, or let each ask for what the other leaves out.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: () => [],
  finish: (rules) => {
    const first = new Map<string, Rule>();
    return rules.flatMap((rule) => {
      const key = meaningOf(rule);
      const other = first.get(key);
      if (!other) first.set(key, rule);
      if (!other || other.id === rule.id) return [];
      const message = `The rule asks the same query as "${other.id}" (${other.map.file}), so that both tell each hit.`;
      const suggestion = 'Join the rules, or let each ask for what the other leaves out.';
      return [{ file: rule.map.file, place: rule.map.placeOf(['query']), message, suggestion }];
    });
  },
};

/** What decides which rows come back. */
function meaningOf({ query, params, window, threshold }: Rule): string {
  const uncommented = queryComments(query).reduceRight(
    (text, { start, end }) => text.slice(0, start) + text.slice(end),
    query,
  );
  const values = Object.entries(params).map(([name, value]) => `${name} ${String(value)}`);
  const { operator, value, measure, column, groupBy } = threshold;
  return JSON.stringify([
    uncommented.replace(/\s+/g, ' ').trim(),
    values.sort(),
    window.basis,
    [operator, value, measure, column, groupBy],
  ]);
}

import { attackPairs } from '../../alerts/map/attack.ts';
import { mayMatch } from '../../alerts/matchers.ts';
import type { Silence } from '../../alerts/silences.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { ExplainedSilence } from './explanation.ts';

/** Known of every alert of a rule before it runs. */
const KNOWN = ['kind', 'tag', 'tactic', 'technique', 'rule'];

/** The silences and maintenance that may hide hits of a rule: what is known of its alerts before a run speaks against none of them. */
export function silencesOf(
  rule: RunnableRule,
  tenants: readonly string[],
  silences: readonly (Silence & { readonly ends: number | null })[],
): readonly ExplainedSilence[] {
  const names = new Set([...KNOWN, 'tenant', ...(rule.alert.severityColumn === null ? ['severity'] : [])]);
  const { severity } = rule;
  const shared = {
    kind: 'detection',
    severity,
    rule,
    attack: attackPairs(rule.attack),
    entities: [],
    details: {},
  } as const;
  return silences
    .filter(({ match }) => tenants.some((tenant) => mayMatch(match, { ...shared, tenant }, names)))
    .map(({ counts, id, match, owner, reason, ends }) => ({
      kind: counts === 'maintenance' ? 'maintenance' : 'silence',
      id,
      match: match.map(({ text }) => text),
      owner,
      reason,
      ends: ends === null ? null : new Date(ends).toISOString(),
    }));
}

import type { RunnableRule } from '../../rules/rule.ts';
import type { RunDeps, Tenant } from '../tenant.ts';

type MoveDeps = Pick<RunDeps, 'store' | 'log'>;

/**
 * Moves the state of rules that were renamed to their new ids: coverage, keys, quiet times and what is firing. Of several former ids the
 * latest that has a state counts. A rule that has a state of its own keeps it, and so does a former id that is in use.
 */
export async function moveRenamed(
  tenants: readonly Pick<Tenant, 'name' | 'rules'>[],
  { store, log }: MoveDeps,
): Promise<void> {
  for (const { name, rules } of tenants) {
    const present = new Set(rules.map(({ id }) => id));
    for (const rule of rules) {
      const moved = await moveOne(name, rule, present, store);
      if (moved !== null)
        log.info('the state of a renamed rule was moved', { tenant: name, ruleId: rule.id, from: moved });
    }
  }
}

async function moveOne(
  tenant: string,
  { id, previousIds = [] }: RunnableRule,
  present: ReadonlySet<string>,
  store: MoveDeps['store'],
): Promise<string | null> {
  for (const from of previousIds.toReversed()) {
    if (!present.has(from) && (await store.moveRule(tenant, { from, to: id }))) return from;
  }
  return null;
}

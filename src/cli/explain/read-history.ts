import type { RunnableRule } from '../../rules/rule.ts';
import type { WindowSettings } from '../../run/windows.ts';
import { mayHaveState, openStateReader, type StatePlace } from '../../state/state-place.ts';
import { explainHistory } from '../../trial/explain/explain-history.ts';
import type { RuleExplanation } from '../../trial/explain/explanation.ts';
import type { World } from '../terminal/world.ts';

interface Asked {
  /** Epoch ms. */
  readonly at: number;
  readonly tenants: readonly string[];
  readonly settings: WindowSettings;
}

/** What a state knows of a rule at a time; null where there is none. */
export async function readHistory(
  { clock }: World,
  rule: RunnableRule,
  place: StatePlace,
  { at, tenants, settings }: Asked,
): Promise<RuleExplanation['history']> {
  if (!mayHaveState(place)) return null;
  const store = await openStateReader(place, { clock });
  try {
    const now = clock.now();
    return await Promise.all(tenants.map((tenant) => explainHistory(rule, { tenant, at, now, settings }, store)));
  } finally {
    await store.close();
  }
}

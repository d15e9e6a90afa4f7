import { existsSync } from 'node:fs';
import type { RunnableRule } from '../../rules/rule.ts';
import type { WindowSettings } from '../../run/windows.ts';
import { openReader } from '../../state/sqlite-store.ts';
import { explainHistory } from '../../trial/explain/explain-history.ts';
import type { RuleExplanation } from '../../trial/explain/explanation.ts';
import type { World } from '../terminal/world.ts';

interface Asked {
  /** Epoch ms. */
  readonly at: number;
  readonly tenants: readonly string[];
  readonly settings: WindowSettings;
}

/** What a state file knows of a rule at a time; null where there is none. */
export async function readHistory(
  { clock }: World,
  rule: RunnableRule,
  path: string,
  { at, tenants, settings }: Asked,
): Promise<RuleExplanation['history']> {
  if (!existsSync(path)) return null;
  const store = openReader({ path, clock });
  try {
    const now = clock.now();
    return await Promise.all(tenants.map((tenant) => explainHistory(rule, { tenant, at, now, settings }, store)));
  } finally {
    await store.close();
  }
}

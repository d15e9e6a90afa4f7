import type { RunnableRule } from '../../rules/rule.ts';
import type { Tenant } from '../tenant.ts';

/** The rules of a tenant while it runs: others may take their place. */
export interface TenantRules {
  /** As they are now; the same array until there are others. */
  current(): readonly RunnableRule[];
  replace(rules: readonly RunnableRule[]): void;
  readonly listen: NonNullable<Tenant['listenToRules']>;
}

export function createTenantRules(first: readonly RunnableRule[]): TenantRules {
  let rules = first;
  const listeners = new Set<() => void>();
  return {
    current: () => rules,
    replace: (next) => {
      rules = next;
      for (const listener of listeners) listener();
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

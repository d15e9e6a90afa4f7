import type { Table } from '../runtime/table.ts';
import type { TablePlan } from './scope.ts';

/** A plan that runs at most once: queries are pure, so its rows can be shared. */
export function shared(plan: TablePlan): TablePlan {
  let known: Table | null = null;
  return () => {
    known ??= plan();
    return known;
  };
}

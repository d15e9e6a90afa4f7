import { createHash } from 'node:crypto';
import type { TableReference } from '../../kql/prepared.ts';
import { addedTable } from '../../kql/schemas/added-tables.ts';
import { DAY_MS, SECOND_MS } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';

/** A table whose arrivals are looked at, and for whom. */
export interface ArrivalTable {
  readonly table: string;
  readonly timeColumn: string;
  /** Sets that it drives: what arrives too late for one of their windows no other finds. */
  readonly sets: readonly string[];
  /** Whether windows by arrival ask it. */
  readonly byArrival: boolean;
}

/**
 * The tables of rules that run, by name; those that the Defender schema does not have are left out, as their time column is a guess.
 * `times` are columns that the settings name.
 */
export function arrivalTables(
  rules: readonly RunnableRule[],
  times: Readonly<Record<string, string>> = {},
): readonly ArrivalTable[] {
  const found = new Map<string, ArrivalTable>();
  for (const rule of rules) {
    if (rule.status === 'disabled' || rule.prepared.basis === 'none' || rule.window.unstamped) continue;
    for (const reference of rule.prepared.tables) {
      const own = arrivalOf(rule, reference);
      if (!own) continue;
      const timeColumn = (Object.hasOwn(times, own.table) ? times[own.table] : undefined) ?? own.timeColumn;
      found.set(own.table, joined(found.get(own.table), { ...own, timeColumn }));
    }
  }
  return [...found.values()].sort((a, b) => (a.table < b.table ? -1 : 1));
}

/** Null where no window is put behind the table, or its rows tell nothing of their arrival. */
function arrivalOf(
  { id, effectiveShape, window }: RunnableRule,
  { table, known, timeColumn, lookbackMs, role }: TableReference,
): ArrivalTable | null {
  if (!known || timeColumn === null || lookbackMs !== null || addedTable(table)?.ingestionTime === false) return null;
  const sets = effectiveShape === 'set' && role === 'driving' ? [id] : [];
  return { table, timeColumn, sets, byArrival: window.basis === 'ingestion' };
}

function joined(one: ArrivalTable | undefined, other: ArrivalTable): ArrivalTable {
  if (!one) return other;
  return {
    ...one,
    sets: [...new Set([...one.sets, ...other.sets])],
    byArrival: one.byArrival || other.byArrival,
  };
}

/** A time of the day that is the table's own, so that those of fifty tenants do not meet: the latest one at or before `time`. */
export function latestLook(tenant: string, table: string, time: number): number {
  const hash = createHash('sha256')
    .update(JSON.stringify(['arrivals', tenant, table]))
    .digest()
    .readUInt32BE(0);
  const phase = (hash % (DAY_MS / SECOND_MS)) * SECOND_MS;
  return Math.floor((time - phase) / DAY_MS) * DAY_MS + phase;
}

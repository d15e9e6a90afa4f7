import { entityLookbackMs, isEntityTable, timeColumnOf } from '../defender.ts';
import type { PrepareOptions, TableReference, TableRole } from '../prepared.ts';
import type { Absorption, OwnLookback } from './filters/absorb.ts';
import type { TableUse } from './table-uses.ts';

/** Tells which tables are only looked up. */
export interface Roles {
  isContext(use: TableUse): boolean;
}

/**
 * Tables named in `window.tables`, tables without time and entity tables are looked up; of entity tables alone, those that the
 * rows come from (`drivers`) are searched as events are.
 */
export function assignRoles(uses: readonly TableUse[], options: PrepareOptions, drivers: readonly TableUse[]): Roles {
  const named = (table: string) => Object.hasOwn(options.tables, table);
  const isEvent = (table: string) => !named(table) && !isEntityTable(table) && timeColumnOf(table) !== null;
  const hasEvents = uses.some((use) => isEvent(use.table));
  const sources = new Set(hasEvents ? [] : drivers.map((use) => use.table));
  return {
    isContext: ({ table }) => {
      if (isEvent(table)) return false;
      return named(table) || timeColumnOf(table) === null || !sources.has(table);
    },
  };
}

/** The references of a query with their roles and filters, in source order. */
export function describeTables(
  uses: readonly TableUse[],
  options: PrepareOptions,
  roles: Roles,
  text: string,
  filters: Absorption,
): readonly TableReference[] {
  return uses.map((use) => Object.freeze(describe(use, options, roles.isContext(use), text, filters)));
}

function describe(
  use: TableUse,
  options: PrepareOptions,
  isContext: boolean,
  text: string,
  filters: Absorption,
): TableReference {
  const named = Object.hasOwn(options.tables, use.table) ? (options.tables[use.table] ?? null) : null;
  const timeColumn = named === 'none' ? null : timeColumnIn(use.table, text);
  const entity = isContext && named === null && isEntityTable(use.table);
  const own = filters.lookedUp.get(use);
  const lookbackMs =
    typeof named === 'number' ? named : entity ? lookbackOfEntity(entityLookbackMs(use.table), own) : null;
  const ownMs = own && own.ms > 0 ? own.ms : null;
  const filter = ownMs === null ? filterState(use, filters) : 'kept';
  const role = roleOf(timeColumn, isContext, entity);
  const unclear = role === 'entity' ? filters.unclearLookups.get(use) : undefined;
  return { ...use, role, timeColumn, lookbackMs, ownMs, filter, ...(unclear && { unclear }) };
}

/** As far as its own filter asks. One that only some rows pass, or that asks for the time of several, may lengthen the default only. */
function lookbackOfEntity(usualMs: number, own: OwnLookback | undefined): number {
  if (!own) return usualMs;
  return own.isWhole ? own.ms : Math.max(own.ms, usualMs);
}

function filterState(use: TableUse, { filters, uses }: Absorption): TableReference['filter'] {
  const own = filters.filter((_, index) => uses[index]?.has(use));
  if (own.length === 0) return null;
  return own.every(({ because }) => because === null) ? 'absorbed' : 'kept';
}

function roleOf(timeColumn: string | null, isContext: boolean, entity: boolean): TableRole {
  if (timeColumn === null) return 'untimed';
  if (!isContext) return 'driving';
  return entity ? 'entity' : 'context';
}

/** A table outside the schema is one of a workspace, or new: the column that the query itself uses is the better guess. */
export function timeColumnIn(table: string, text: string): string | null {
  const known = timeColumnOf(table);
  if (known !== undefined) return known;
  return /\bTimeGenerated\b/.test(text) && !/\bTimestamp\b/.test(text) ? 'TimeGenerated' : 'Timestamp';
}

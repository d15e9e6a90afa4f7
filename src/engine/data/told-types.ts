import type { ScalarType } from '../../kql/types.ts';
import type { CellPlan } from './raw-columns.ts';
import { widened } from './widen.ts';

/** Types by column; null: no row has a value. */
export type ScalarTypes = ReadonlyMap<string, ScalarType | null>;

/** What values told of the columns to be learnt, and what the file declares: a declared type stands where the values agree with it. */
export function toldTypes(plan: CellPlan, seen: ScalarTypes, declared: ReadonlyMap<string, ScalarType>): ScalarTypes {
  const types = new Map(seen);
  for (const [name, type] of declared) {
    const column = plan.columnOf(name);
    if (column === null || !plan.learns(column)) continue;
    types.set(column, agreed(type, types.get(column) ?? null));
  }
  return types;
}

/** Text may hold a time, a guid or a duration, a number a boolean or a real: then the file knows better than its values. */
const HELD_BY: Readonly<Record<string, readonly ScalarType[]>> = {
  datetime: ['datetime', 'string'],
  guid: ['string'],
  timespan: ['string'],
  decimal: ['string', 'long', 'real'],
  bool: ['bool', 'long'],
  int: ['long'],
  long: ['long', 'string'],
  real: ['long', 'real', 'string'],
  string: ['datetime', 'long', 'real', 'bool', 'dynamic'],
  dynamic: ['string', 'long', 'real', 'bool', 'datetime'],
};

function agreed(declared: ScalarType, seen: ScalarType | null): ScalarType {
  if (seen === null || declared === seen || HELD_BY[declared]?.includes(seen)) return declared;
  return widened(declared, seen) ?? declared;
}

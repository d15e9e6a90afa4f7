import { wellFormed } from '../../lib/text.ts';
import type { Cell, Row } from '../../sources/source.ts';
import { cellOf } from '../cell.ts';
import { scalarOf } from './entity.ts';

/** Gives the rule's `details` of a row: names with the cells of their columns; lists and bags as JSON text, what a row lacks as null. */
export type DetailsMapper = (row: Row) => Readonly<Record<string, Cell>>;

export function createDetailsMapper(mapping: Readonly<Record<string, string>>): DetailsMapper {
  const named = Object.entries(mapping).map(([name, column]) => [wellFormed(name), column] as const);
  // Only `fromEntries` takes such a name for one like any other.
  if (Object.hasOwn(mapping, '__proto__'))
    return (row) => Object.fromEntries(named.map(([name, column]) => [name, scalarOf(cellOf(row, column))]));
  return (row) => {
    const details: Record<string, Cell> = {};
    for (const [name, column] of named) details[name] = scalarOf(cellOf(row, column));
    return details;
  };
}

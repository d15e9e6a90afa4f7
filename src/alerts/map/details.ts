import type { Cell, Row } from '../../sources/source.ts';
import { cellOf } from '../cell.ts';
import { scalarOf } from './entity.ts';

/** The rule's `details`: names with the cells of their columns; lists and bags as JSON text, what a row lacks as null. */
export function detailsOf(mapping: Readonly<Record<string, string>>, row: Row): Readonly<Record<string, Cell>> {
  const named = Object.entries(mapping).map(([name, column]) => [name, scalarOf(cellOf(row, column))]);
  return Object.fromEntries(named);
}

import { cutText, wellFormed } from '../lib/text.ts';
import type { EntityType } from '../rules/rule.ts';
import type { Cell, Row } from '../sources/source.ts';
import type { AlertEntity } from './alert.ts';
import { cellOf, cellText, isEmptyCell } from './cell.ts';

const MAX_VALUE = 4096;

/** Where the fields of an entity come from: field name to result columns, the first with a value wins. */
export interface EntityShape {
  readonly type: EntityType;
  /** What the entity is in its row, where a type can occur twice: `parent`, `initiating`, `source`, `destination`, `remote`. */
  readonly role?: string;
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Without one of these fields there is no entity; absent: any field will do. */
  readonly needs?: readonly string[];
}

/** The entity that a row holds of this shape; null where the row says nothing of it. */
export function entityOf(shape: EntityShape, row: Row): AlertEntity | null {
  const fields = Object.entries(shape.fields).flatMap(([field, columns]): [string, Cell][] => {
    const value = firstValue(row, columns);
    return value === null || field === 'type' ? [] : [[field, value]];
  });
  const needs = shape.needs;
  if (fields.length === 0 || (needs && !fields.some(([field]) => needs.includes(field)))) return null;
  const role = shape.role === undefined ? [] : [['role', shape.role]];
  return { ...Object.fromEntries([...role, ...fields]), type: shape.type };
}

/** Text, numbers and booleans; lists and bags as JSON text. */
export function plainValue(cell: Cell): string | number | boolean | null {
  if (cell === null || typeof cell === 'boolean') return cell;
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null;
  return wellFormed(cutText(cellText(cell), MAX_VALUE));
}

function firstValue(row: Row, columns: readonly string[]): Cell {
  for (const column of columns) {
    const cell = cellOf(row, column);
    if (!isEmptyCell(cell)) return plainValue(cell);
  }
  return null;
}

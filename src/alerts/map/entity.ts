import { cutText, wellFormed } from '../../lib/text.ts';
import type { EntityType } from '../../rules/rule.ts';
import type { Cell, Row } from '../../sources/source.ts';
import type { AlertEntity } from '../alert.ts';
import { cellOf, cellText, isEmptyCell } from '../cell.ts';

const MAX_VALUE = 4096;

/** What is looked for in a row. */
export interface EntityShape {
  readonly type: EntityType;
  /** What the entity is in its row, where a type can occur twice: `parent`, `initiating`, `source`, `destination`, `remote`, `origin`. */
  readonly role: string | null;
  /** Field name and result columns; the first column with a value wins. */
  readonly fields: readonly (readonly [string, readonly string[]])[];
  /** Without one of these fields there is no entity; null: any field will do. */
  readonly needs: readonly string[] | null;
}

/** The shapes that rows with just the columns of this one can hold, each without the columns that they lack. */
export function narrowTo(shapes: readonly EntityShape[], row: Row): readonly EntityShape[] {
  return shapes.flatMap((shape) => {
    const present = shape.fields.map(
      ([field, columns]) => [field, columns.filter((one) => Object.hasOwn(row, one))] as const,
    );
    const fields = present.filter(([, columns]) => columns.length > 0);
    const isNamed = fields.some(([field]) => shape.needs === null || shape.needs.includes(field));
    return isNamed ? [{ ...shape, fields }] : [];
  });
}

/** The entity that a row holds of this shape; null where the row says nothing of it. */
export function entityOf(shape: EntityShape, row: Row): AlertEntity | null {
  const { needs, role } = shape;
  const entity: Record<string, Cell> = role === null ? {} : { role };
  let isNamed = false;
  for (const [field, columns] of shape.fields) {
    const value = firstValue(row, columns);
    if (value === null) continue;
    entity[field] = value;
    isNamed ||= needs === null || needs.includes(field);
  }
  if (!isNamed) return null;
  entity.type = shape.type;
  return entity as AlertEntity;
}

/** Text, numbers and booleans; lists and bags as JSON text. */
export function scalarOf(cell: Cell): string | number | boolean | null {
  if (cell === null || typeof cell === 'boolean') return cell;
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null;
  return wellFormed(cutText(cellText(cell), MAX_VALUE));
}

function firstValue(row: Row, columns: readonly string[]): Cell {
  for (const column of columns) {
    const cell = cellOf(row, column);
    if (!isEmptyCell(cell)) return scalarOf(cell);
  }
  return null;
}

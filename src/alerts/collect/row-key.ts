import type { IdentityPlan, Shape } from '../../kql/prepared.ts';
import type { Column } from '../../kql/types.ts';
import type { Row } from '../../sources/source.ts';
import { cellOf, isEmptyCell } from '../cell.ts';
import { hashText } from '../hash-text.ts';
import { createCanonicalizer } from './canonical-row.ts';

/** What decides a row's key. */
export interface KeyPlan {
  readonly shape: Shape;
  readonly identity: IdentityPlan;
  /** `dedup.columns`; they are the key where the query gives none, and always for snapshots. */
  readonly dedupColumns: readonly string[] | null;
}

/**
 * The function that gives a row's key. A row whose event key is not complete is known by the hash of its
 * canonical form. `event+rest` is that hash too: the event's columns and the rest together are the whole row.
 */
export function createRowKeyer(plan: KeyPlan, columns: readonly Column[]): (row: Row) => string {
  const whole = createCanonicalizer(columns);
  const wholeKey = (row: Row): string => hashText(whole(row));
  if (plan.shape === 'snapshot') return keyByColumns(plan.dedupColumns ?? [], columns, wholeKey);
  switch (plan.identity.kind) {
    case 'event':
      return keyByEvent(plan.identity.columns, columns, wholeKey);
    case 'columns':
      return keyByColumns(plan.identity.columns, columns, wholeKey);
    case 'none':
      return keyByColumns(plan.dedupColumns ?? [], columns, wholeKey);
    default:
      return wholeKey;
  }
}

/** The hash over the named columns of a row; columns that the result lacks count as empty. */
export function createColumnsKeyer(names: readonly string[], columns: readonly Column[]): (row: Row) => string {
  const wanted = new Set(names);
  const form = createCanonicalizer(columns.filter((column) => wanted.has(column.name)));
  return (row) => hashText(`columns ${form(row)}`);
}

function keyByEvent(
  names: readonly string[],
  columns: readonly Column[],
  wholeKey: (row: Row) => string,
): (row: Row) => string {
  const byId = without(names, 'DeviceName', names.includes('DeviceId'));
  const byName = without(names, 'DeviceId', names.includes('DeviceName'));
  const keyById = createColumnsKeyer(byId, columns);
  const keyByName = createColumnsKeyer(byName, columns);
  return (row) => {
    if (isComplete(row, byId)) return keyById(row);
    return isComplete(row, byName) ? keyByName(row) : wholeKey(row);
  };
}

/** The columns without one of the two that name a device, where the other is among them. */
function without(names: readonly string[], device: string, hasOther: boolean): readonly string[] {
  return hasOther ? names.filter((name) => name !== device) : names;
}

function isComplete(row: Row, names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => !isEmptyCell(cellOf(row, name)));
}

/** A group whose columns are all empty is a group like any other; only a result without the columns falls back. */
function keyByColumns(
  names: readonly string[],
  columns: readonly Column[],
  wholeKey: (row: Row) => string,
): (row: Row) => string {
  const present = columns.some((column) => names.includes(column.name));
  return present ? createColumnsKeyer(names, columns) : wholeKey;
}

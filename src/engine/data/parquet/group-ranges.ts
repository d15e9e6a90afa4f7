import type { ScalarType } from '../../../kql/types.ts';
import type { ValueRange } from '../../table-data.ts';
import { coercionOf } from '../coerce.ts';
import type { RowGroup } from './parquet-file.ts';
import { type ParquetElement, parquetType } from './parquet-type.ts';

/** A column of a file, and what its cells become. */
export interface TypedElement {
  readonly element: ParquetElement & { readonly name: string };
  readonly type: ScalarType | null;
}

/** What the file says of a column in one group of rows; null where it has no such column there. */
export function chunkOf(group: RowGroup, name: string): RowGroup['columns'][number] | null {
  const isOf = (path: readonly string[] | undefined): boolean => path?.length === 1 && path[0] === name;
  return group.columns.find(({ meta_data: data }) => isOf(data?.path_in_schema)) ?? null;
}

/** Whole numbers, times and texts: of others the order is not ours, or a missing value may hide in it. */
const ORDERED: readonly ScalarType[] = ['int', 'long', 'datetime', 'string'];

/** Between which values those of a group of rows lie, as its statistics tell; null where they do not, or cells may become something else. */
export function rangeIn(group: RowGroup, { element, type }: TypedElement): ValueRange | null {
  if (!type || !ORDERED.includes(type) || !isSame(element, type) || element.type === 'INT96') return null;
  const told = chunkOf(group, element.name)?.meta_data?.statistics;
  const coerce = coercionOf(type);
  const [low, high] = [told?.min_value ?? null, told?.max_value ?? null];
  if (low === null || high === null || isTorn(low) || isTorn(high)) return null;
  const [least, most] = [coerce(low), coerce(high)];
  return least === null || most === null ? null : { least, most };
}

/** Whether a text was cut within a character: its bytes are not known then. */
function isTorn(value: unknown): boolean {
  return typeof value === 'string' && value.includes('\uFFFD');
}

/** Signs of types whose numbers are others than they seem. */
const SIGNED: readonly string[] = ['INT_8', 'INT_16', 'INT_32', 'INT_64'];

function isPlainNumber({ converted_type: converted, logical_type: logical }: ParquetElement): boolean {
  if (converted !== undefined) return SIGNED.includes(converted);
  return logical === undefined || (logical.type === 'INTEGER' && logical.isSigned === true);
}

/** Whether the column's cells have the type already that they become. */
function isSame(element: ParquetElement, type: ScalarType): boolean {
  const given = parquetType(element);
  if (given === 'long' && !isPlainNumber(element)) return false;
  return given === type || (type === 'int' && element.type === 'INT32' && given === 'long');
}

/**
 * Whether every cell of the column in this group becomes a value, so that nothing has to be told of cells that are not read. Times are, where
 * the statistics say that they lie in the calendar.
 */
export function losesNothing(group: RowGroup, typed: TypedElement): boolean {
  const { element, type } = typed;
  if (type === 'string') return element.type !== undefined;
  if (type === 'datetime') return rangeIn(group, typed) !== null;
  if (type === 'dynamic') return parquetType(element) === 'string';
  return type !== null && ['bool', 'int', 'long', 'real'].includes(type) && isSame(element, type);
}

import { HuntwireError } from '../../lib/errors.ts';
import type { SqlValue } from '../steps/bind.ts';

/** The first line of an exported state. */
export interface ExportHead {
  readonly huntwire: 'state';
  /** The layout of the tables. */
  readonly layout: number;
  /** By table the names of its columns, in the order of the values. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
}

/** Each further line: a table and the values of one row. */
export type ExportedRow = readonly [table: string, ...values: readonly ExportedValue[]];
type ExportedValue = string | number | null | { readonly base64: string };

/** The last line: a file that was cut off does not have it. */
export interface ExportEnd {
  readonly rows: number;
}

export function exportedValue(value: unknown): ExportedValue {
  if (value instanceof ArrayBuffer) return { base64: Buffer.from(value).toString('base64') };
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new HuntwireError('INTERNAL', `A value of the state cannot be exported: ${typeof value}.`);
}

export function importedValue(value: ExportedValue): SqlValue {
  return typeof value === 'object' && value !== null ? Buffer.from(value.base64, 'base64') : value;
}

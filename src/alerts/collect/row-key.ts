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

/** What a key is made of, as the state remembers it: `event`: an event's columns and those that tell its rows apart. */
export type KeyForm = (
  | { readonly kind: 'event'; readonly columns: readonly string[]; readonly fanOut: readonly string[] }
  | { readonly kind: 'columns'; readonly columns: readonly string[] }
  | { readonly kind: 'row' }
) & {
  /** Columns that are left out where a whole row is hashed; absent: none. */
  readonly without?: readonly string[];
  /** The columns of the results that keys were made of, sorted; absent: not known, and taken to be those of today. */
  readonly resultColumns?: readonly string[];
};

export function keyFormOf({ shape, identity, dedupColumns }: KeyPlan): KeyForm {
  if (shape === 'snapshot' || identity.kind === 'none') return { kind: 'columns', columns: dedupColumns ?? [] };
  if (identity.kind === 'columns') return { kind: 'columns', columns: identity.columns };
  const { columns, fanOut = [], changing } = identity;
  const without = changing && { without: changing };
  if (identity.kind === 'event') return { kind: 'event', columns, fanOut, ...without };
  return decidingColumns(identity, dedupColumns) ?? { kind: 'row', ...without };
}

/** A rule's own columns know an event where its query gives no key of it; without its time they would tell what comes later as known. */
function decidingColumns({ time }: IdentityPlan, dedupColumns: KeyPlan['dedupColumns']): KeyForm | null {
  if (time === undefined || !dedupColumns?.includes(time)) return null;
  return { kind: 'columns', columns: dedupColumns };
}

/** Whether a result has all that keys of this form are made of. */
export function hasKeyColumns(form: KeyForm, columns: readonly Column[]): boolean {
  const isThere = (name: string): boolean => columns.some((column) => column.name === name);
  const leftOut = form.without ?? [];
  if (form.kind === 'row') return (form.resultColumns ?? []).every((name) => leftOut.includes(name) || isThere(name));
  const names = form.kind === 'event' ? [...form.columns, ...form.fanOut] : form.columns;
  return names.length > 0 && names.every(isThere);
}

/** Whether keys were made of results with just these columns. */
export function isOfColumns({ resultColumns }: KeyForm, columns: readonly Column[]): boolean {
  return resultColumns === undefined || resultColumns.join('\n') === namesOfColumns(columns).join('\n');
}

/** As a form remembers them. */
export function namesOfColumns(columns: readonly Column[]): readonly string[] {
  return columns.map(({ name }) => name).sort();
}

/** The function that gives a row's key. A row whose event key is not complete is known by the hash of its canonical form. */
export function createRowKeyer(form: KeyForm, present: readonly Column[]): (row: Row) => string {
  const { resultColumns, without: leftOut = [] } = form;
  const columns = resultColumns ? present.filter(({ name }) => resultColumns.includes(name)) : present;
  const whole = createCanonicalizer(columns.filter(({ name }) => !leftOut.includes(name)));
  const wholeKey = (row: Row): string => hashText(whole(row));
  if (form.kind === 'event') return keyByEvent(form.columns, form.fanOut, columns, wholeKey);
  return form.kind === 'columns' ? keyByColumns(form.columns, columns, wholeKey) : wholeKey;
}

/** The hash over the named columns of a row; columns that the result lacks count as empty. */
export function createColumnsKeyer(names: readonly string[], columns: readonly Column[]): (row: Row) => string {
  const wanted = new Set(names);
  const form = createCanonicalizer(columns.filter((column) => wanted.has(column.name)));
  return (row) => hashText(`columns ${form(row)}`);
}

function keyByEvent(
  names: readonly string[],
  fanOut: readonly string[],
  columns: readonly Column[],
  wholeKey: (row: Row) => string,
): (row: Row) => string {
  const byId = without(names, 'DeviceName', names.includes('DeviceId'));
  const byName = without(names, 'DeviceId', names.includes('DeviceName'));
  const keyById = createColumnsKeyer([...byId, ...fanOut], columns);
  const keyByName = createColumnsKeyer([...byName, ...fanOut], columns);
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

import { createHash } from 'node:crypto';
import type { Column } from '../types.ts';

/** A table beside the Defender's, as a schema file says it. */
export interface AddedTable {
  readonly columns: readonly Column[];
  /** The column that holds the time of a row; null: none does. */
  readonly time: string | null;
  /** Whether its rows have an ingestion_time(). */
  readonly ingestionTime: boolean;
  /** Whether it counts before a table of Defender that has the same name: rules are asked where that one is not. */
  readonly isOwn?: boolean;
}

export type AddedTables = Readonly<Record<string, AddedTable>>;

const NONE: AddedTables = {};

let tables: AddedTables = NONE;
let byName: ReadonlyMap<string, AddedTable> = new Map();
let version = '';

/** From here on this process knows these tables beside the Defender's, which win where they have the same name, unless the table is its source's own. */
export function useAddedTables(added: AddedTables): void {
  const names = Object.keys(added);
  if (names.length === 0 && version === '') return;
  tables = names.length === 0 ? NONE : added;
  byName = new Map(Object.entries(tables));
  version = names.length === 0 ? '' : createHash('sha256').update(JSON.stringify(tables)).digest('hex');
}

export function addedTables(): AddedTables {
  return tables;
}

/** The same where it counts before the Defender's of that name. */
export function ownTable(name: string): AddedTable | null {
  const added = byName.get(name);
  return added?.isOwn ? added : null;
}

export function addedTable(name: string): AddedTable | null {
  return byName.get(name) ?? null;
}

/** Another for other tables; empty where there are none. */
export function addedVersion(): string {
  return version;
}

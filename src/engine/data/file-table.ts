import { stat } from 'node:fs/promises';
import { columnsOfTable } from '../../kql/defender.ts';
import type { Column } from '../../kql/types.ts';
import {
  INGESTED,
  type LazyTable,
  type Narrowing,
  type RangeOf,
  type TableData,
  type TableSource,
} from '../table-data.ts';
import { ARRIVALS } from './arrival.ts';
import type { DataFile } from './data-file.ts';
import type { DataNotes } from './data-notes.ts';
import type { ExportContents } from './export-contents.ts';
import { type FilePart, readPart } from './file-part.ts';
import { type NarrowedReading, readNarrowed } from './narrowed-data.ts';
import { noteReading } from './note-reading.ts';
import { partsData } from './parts-data.ts';
import { widened } from './widen.ts';

/**
 * One table over files, read when a query first names it. One reading tells the columns (the schema's, and whatever else the rows of any
 * file bring) and keeps the cells of those that the query mentions; another column than these takes a second one. Of large files, and of Parquet,
 * which tells its columns beside its rows, it keeps no cells.
 */
export function createFileTable(
  table: string,
  files: readonly DataFile[],
  { notes, contents, largeFrom }: FileTableParts,
): LazyTable {
  return {
    async open(mentions, signal) {
      const held: DataFile[] = [];
      for (const file of files) if (await contents.mayHold(file, table)) held.push(file);
      const isParquet = held.every(({ form }) => form === 'parquet');
      const large = isParquet || (await bytesOf(held)) >= largeFrom;
      const keeps = (column: string): boolean => !large && isMentioned(column, mentions);
      const parts = await readParts(table, held, keeps, signal);
      for (const part of parts) {
        noteReading(table, part, notes);
        await contents.note(part.file, [...part.found.others.keys(), ...(part.rowCount > 0 ? [table] : [])]);
      }
      const columns = fileColumns(table, parts);
      noteUnknown(table, columns, notes);
      return openedTable(table, held, columns, { parts, keeps }, notes);
    },
  };
}

interface FileTableParts {
  readonly notes: DataNotes;
  readonly contents: ExportContents;
  /** Bytes of all files together from which on the first reading keeps no cells. */
  readonly largeFrom: number;
}

async function bytesOf(files: readonly DataFile[]): Promise<number> {
  let bytes = 0;
  for (const { path } of files) bytes += (await stat(path)).size;
  return bytes;
}

function isMentioned(column: string, mentions: (name: string) => boolean): boolean {
  return mentions(column) || (isArrival(column) && mentions('ingestion_time'));
}

function isArrival(column: string): boolean {
  return (ARRIVALS as readonly string[]).includes(column);
}

interface FirstReading {
  readonly parts: readonly FilePart[];
  readonly keeps: (column: string) => boolean;
}

function openedTable(
  table: string,
  files: readonly DataFile[],
  columns: readonly Column[],
  first: FirstReading,
  notes: DataNotes,
): TableSource {
  let kept: FirstReading | null = first;
  return {
    columns,
    async load(wanted, signal, narrow) {
      const names = new Set([...wanted, ...(wanted.has(INGESTED) ? ARRIVALS : [])]);
      const reading = kept;
      kept = null;
      if (reading && [...names].every(reading.keeps)) return partsData(table, columns, reading.parts, notes);
      const some = narrow ? await narrowed({ table, columns, files, wanted, notes }, narrow, signal) : null;
      if (some) return some;
      const parts = await readParts(table, files, (column) => names.has(column), signal);
      return partsData(table, columns, parts, notes);
    },
  };
}

/** Null where a condition cannot be asked yet, or fails: the query itself tells that. */
async function narrowed(reading: NarrowedReading, narrow: Narrowing, signal: AbortSignal): Promise<TableData | null> {
  let fails = false;
  const watched = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      signal.throwIfAborted();
      fails = true;
      throw thrown;
    }
  };
  const asked: Narrowing = Object.assign((part: TableData) => watched(() => narrow(part)), {
    columns: narrow.columns,
    mayKeep: (rangeOf: RangeOf) => watched(() => narrow.mayKeep(rangeOf)),
  });
  try {
    return await readNarrowed(reading, asked, signal);
  } catch (thrown) {
    if (fails && !signal.aborted) return null;
    throw thrown;
  }
}

async function readParts(
  table: string,
  files: readonly DataFile[],
  keeps: (column: string) => boolean,
  signal: AbortSignal,
): Promise<readonly FilePart[]> {
  const parts: FilePart[] = [];
  for (const file of files) parts.push(await readPart(file, table, keeps, signal));
  return parts;
}

/** The schema's columns, then all others that any file has; a type that holds the values of all of them. */
export function fileColumns(table: string, parts: readonly Pick<FilePart, 'types'>[]): readonly Column[] {
  const known = columnsOfTable(table) ?? [];
  const names = new Set(known.map((column) => column.name));
  const others = new Map<string, Column['type'] | null>();
  for (const { types } of parts) {
    for (const [name, type] of types) if (!names.has(name)) others.set(name, widened(others.get(name) ?? null, type));
  }
  if (others.size === 0) return known;
  return [...known, ...[...others].map(([name, type]) => ({ name, type: type ?? ('string' as const) }))];
}

function noteUnknown(table: string, columns: readonly Column[], notes: DataNotes): void {
  const known = columnsOfTable(table);
  if (!known || columns.length === known.length) return;
  const unknown = columns.slice(known.length).map(({ name, type }) => `${name} (${type})`);
  notes.say(`${table} has columns that the schema does not know: ${unknown.join(', ')}.`);
}

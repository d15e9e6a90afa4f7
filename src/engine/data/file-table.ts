import { columnsOfTable } from '../../kql/defender.ts';
import type { Column } from '../../kql/types.ts';
import { INGESTED, type LazyTable, type TableSource } from '../table-data.ts';
import { ARRIVALS } from './arrival.ts';
import type { DataFile } from './data-file.ts';
import type { DataNotes } from './data-notes.ts';
import type { ExportContents } from './export-contents.ts';
import { type FilePart, readPart } from './file-part.ts';
import { noteReading } from './note-reading.ts';
import { partsData } from './parts-data.ts';
import { widened } from './widen.ts';

/**
 * One table over files, read when a query first names it. One reading tells the columns (the schema's, and whatever else the rows of any
 * file bring) and keeps the cells of those that the query mentions; another column than these takes a second one.
 */
export function createFileTable(
  table: string,
  files: readonly DataFile[],
  notes: DataNotes,
  contents: ExportContents,
): LazyTable {
  return {
    async open(mentions, signal) {
      const keeps = (column: string): boolean =>
        isArrival(column) ? mentions('ingestion_time') || mentions(column) : mentions(column);
      const held: DataFile[] = [];
      for (const file of files) if (await contents.mayHold(file, table)) held.push(file);
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
    async load(wanted, signal) {
      const names = new Set([...wanted, ...(wanted.has(INGESTED) ? ARRIVALS : [])]);
      const reading = kept;
      kept = null;
      if (reading && [...names].every(reading.keeps)) return partsData(table, columns, reading.parts, notes);
      const parts = await readParts(table, files, (column) => names.has(column), signal);
      return partsData(table, columns, parts, notes);
    },
  };
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

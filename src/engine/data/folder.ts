import { defenderTables } from '../../kql/defender.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { LazyTable } from '../table-data.ts';
import type { DataFile } from './data-file.ts';
import { createDataNotes, type DataNotes } from './data-notes.ts';
import type { DateOrder } from './dates.ts';
import { createExportContents } from './export-contents.ts';
import { createFileTable } from './file-table.ts';
import { type FoundFile, type FoundFiles, findFiles, withoutRepeats } from './find-files.ts';
import { tableOfName } from './table-name.ts';
import { matchesFile, readTablesFile, type TableEntry } from './tables-file.ts';

/** Local data as tables by name. Nothing but names is read before a query names a table. */
export interface DataFolder {
  readonly tables: Readonly<Record<string, LazyTable>>;
  readonly files: readonly DataFile[];
  /** Names of what lies there and is not read, some with the reason. */
  readonly unread: readonly string[];
  /** What was not read or became null so far, and what else one should know of the files; each once. */
  notes(): readonly string[];
}

const LARGE_FROM = 256_000_000;

export interface DataOptions {
  /** Whether what cannot be read is an error. */
  readonly strict?: boolean;
  /** The order of day and month in dates of numbers that do not tell it. */
  readonly dates?: DateOrder | null;
  /** Bytes of a table's files from which on these are read twice, so that only rows are held which the first `where` behind the table keeps. */
  readonly largeFrom?: number;
}

/**
 * Opens folders or files of JSON (lines, lists, saved answers, Streaming API exports), CSV and Parquet. A file is named for its table
 * (`DeviceEvents.jsonl`, `DeviceEvents_20260131.csv.gz`), or lies in a folder that is (`DeviceEvents/part-1.parquet`,
 * `insights-logs-advancedhunting-deviceevents/…/PT1H.json`), or `tables.yaml` in the folder says it; other JSON files are taken for exports.
 */
export async function openDataFolder(
  paths: string | readonly string[],
  options: DataOptions = {},
): Promise<DataFolder> {
  const notes = createDataNotes(options.strict ?? false);
  const unread: string[] = [];
  const files = await dataFiles(typeof paths === 'string' ? [paths] : paths, options, notes, unread);
  const named = new Map<string, DataFile[]>();
  for (const file of files) if (file.table !== null) named.set(file.table, [...(named.get(file.table) ?? []), file]);
  const contents = createExportContents();
  const exports = files.filter((file) => file.table === null);
  const names = new Set([...named.keys(), ...(exports.length > 0 ? defenderTables() : [])]);
  const tables = [...names].map(
    (name) =>
      [
        name,
        createFileTable(name, [...(named.get(name) ?? []), ...exports], {
          notes,
          contents,
          largeFrom: options.largeFrom ?? LARGE_FROM,
        }),
      ] as const,
  );
  return { tables: Object.fromEntries(tables), files, unread, notes: notes.all };
}

async function dataFiles(
  paths: readonly string[],
  options: DataOptions,
  notes: DataNotes,
  unread: string[],
): Promise<readonly DataFile[]> {
  const found = paths.map(findFiles);
  const files: DataFile[] = [];
  for (const one of await withoutRepeats(found)) {
    const sorted = await sortFiles(one, options, notes, paths.length > 1);
    files.push(...sorted.files);
    unread.push(...sorted.unread);
  }
  return files;
}

interface SortedFiles {
  readonly files: readonly DataFile[];
  readonly unread: readonly string[];
}

async function sortFiles(
  found: FoundFiles,
  options: DataOptions,
  notes: DataNotes,
  several: boolean,
): Promise<SortedFiles> {
  const { root } = found;
  const entries = found.hasTablesFile ? await readTablesFile(root) : [];
  const unread = [...found.unread];
  const nameless: FoundFile[] = [];
  const files = found.files.flatMap((file): readonly DataFile[] => {
    const entry = entries.find(({ pattern }) => matchesFile(pattern, file.name));
    if (entry?.table === null) return [];
    const table = entry?.table ?? tableOfName(file.name, root);
    if (table === null && file.form !== 'json') {
      nameless.push(file);
      unread.push(`${file.name} (its name is no table's)`);
      return [];
    }
    return [{ ...file, name: several ? file.path : file.name, table, dates: entry?.dates ?? options.dates ?? null }];
  });
  const [first] = nameless;
  if (files.length === 0 && first) throw namelessFile(first);
  noteUnread(root, unread, notes);
  noteUnused(root, entries, found.files, notes);
  return { files, unread };
}

function namelessFile({ path, form }: FoundFile): HuntwireError {
  return new HuntwireError(
    'CONFIG_INVALID',
    `${path}: name the file or its folder for the table it holds, for example DeviceEvents.${form}.`,
  );
}

const MOST_NAMES = 10;

function noteUnread(root: string, names: readonly string[], notes: DataNotes): void {
  if (names.length === 0) return;
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  notes.lose(`${root}: not read: ${names.slice(0, MOST_NAMES).join(', ')}${more}.`);
}

function noteUnused(root: string, entries: readonly TableEntry[], files: readonly FoundFile[], notes: DataNotes): void {
  for (const { pattern } of entries)
    if (!files.some(({ name }) => matchesFile(pattern, name)))
      notes.say(`${root}: "${pattern}" of tables.yaml matches no file.`);
}

import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { defenderTables } from '../../kql/defender.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { TableSource } from '../table-data.ts';
import type { DataFile, DataForm } from './data-file.ts';
import { createFileTable } from './file-table.ts';

/** The event files of a folder as tables by name. Nothing but names and first lines is read before a query asks. */
export interface DataFolder {
  readonly tables: Readonly<Record<string, TableSource>>;
  readonly files: readonly DataFile[];
}

const FORMS: Readonly<Record<string, DataForm>> = {
  jsonl: 'json-lines',
  ndjson: 'json-lines',
  json: 'json-lines',
  csv: 'csv',
  parquet: 'parquet',
};
const MOST_FILES = 100_000;

/**
 * Opens a folder (or one file) of JSON Lines, CSV, Parquet and Streaming API exports. A file is named for its table
 * (`DeviceEvents.jsonl`, `DeviceEvents.2026-01.csv`), or lies in a folder that is (`DeviceEvents/part-1.parquet`,
 * `insights-logs-advancedhunting-deviceevents/…/PT1H.json`); other JSON Lines files are taken for exports.
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  const files = await findFiles(path);
  if (files.length === 0)
    throw new HuntwireError(
      'CONFIG_INVALID',
      `${path} holds no data files (*.jsonl, *.ndjson, *.json, *.csv, *.parquet).`,
    );
  const named = new Map<string, DataFile[]>();
  for (const file of files) if (file.table !== null) named.set(file.table, [...(named.get(file.table) ?? []), file]);
  const exports = files.filter((file) => file.table === null);
  const names = new Set([...named.keys(), ...(exports.length > 0 ? defenderTables() : [])]);
  const entries = await Promise.all(
    [...names].map(
      async (name) => [name, await createFileTable(name, [...(named.get(name) ?? []), ...exports])] as const,
    ),
  );
  return { tables: Object.fromEntries(entries), files };
}

async function findFiles(root: string): Promise<readonly DataFile[]> {
  const paths = await listFiles(root);
  return paths.sort().flatMap((path) => {
    const form = FORMS[path.slice(path.lastIndexOf('.') + 1).toLowerCase()];
    if (!form) return [];
    const table = tableOf(root, path);
    if (table === null && form !== 'json-lines') {
      throw new HuntwireError(
        'CONFIG_INVALID',
        `${path}: name the file or its folder for the table it holds, for example DeviceEvents.${form}.`,
      );
    }
    return [{ path, form, table }];
  });
}

async function listFiles(root: string): Promise<string[]> {
  try {
    if ((await stat(root)).isFile()) return [root];
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    if (paths.length > MOST_FILES)
      throw new HuntwireError('CONFIG_INVALID', `${root} holds more than ${MOST_FILES} files.`);
    return paths;
  } catch (cause) {
    if (cause instanceof HuntwireError) throw cause;
    throw new HuntwireError(
      'CONFIG_INVALID',
      `${root} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      { cause },
    );
  }
}

const CONTAINER = /^insights-logs-advancedhunting-(\w+)$/;

/** The file's own name up to its first dot where it is a table or nothing above it tells; else the nearest folder that is named for one. */
function tableOf(root: string, path: string): string | null {
  const own = basename(path).split('.')[0] ?? '';
  const known = knownTable(own);
  if (known) return known;
  const folders = dirname(relative(root, path)).split(/[\\/]/).reverse();
  for (const folder of [...folders, basename(root)]) {
    const table = knownTable(CONTAINER.exec(folder)?.[1] ?? folder);
    if (table) return table;
  }
  return /^[A-Z]\w*$/.test(own) && !/^PT\d/.test(own) ? own : null;
}

const TABLES: ReadonlyMap<string, string> = new Map(defenderTables().map((name) => [name.toLowerCase(), name]));

function knownTable(name: string): string | null {
  return TABLES.get(name.toLowerCase()) ?? null;
}

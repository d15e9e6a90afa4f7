import { type Dirent, readdirSync, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { HuntwireError } from '../../lib/errors.ts';
import type { DataForm, Packing } from './data-file.ts';

/** What a path holds: files in a form that is read, and names of whatever else lies there. */
export interface FoundFiles {
  readonly root: string;
  readonly files: readonly FoundFile[];
  readonly unread: readonly string[];
  readonly hasTablesFile: boolean;
}

export interface FoundFile {
  readonly path: string;
  /** Below the root, with slashes. */
  readonly name: string;
  readonly isLink: boolean;
  readonly form: DataForm;
  readonly packing: Packing;
}

const FORMS: Readonly<Record<string, DataForm>> = {
  jsonl: 'json',
  ndjson: 'json',
  json: 'json',
  csv: 'csv',
  tsv: 'csv',
  parquet: 'parquet',
};
const PACKINGS: Readonly<Record<string, Packing>> = { gz: 'gzip', gzip: 'gzip', zst: 'zstd', zstd: 'zstd' };
const MOST_FILES = 100_000;
/** Settles what names do not tell, and is no data itself. */
export const TABLES_FILE = 'tables.yaml';

/** A name in a folder, before anybody looked what it is. */
interface Listed {
  readonly path: string;
  /** Null: a link or something else that must be looked at. */
  readonly isFile: boolean | null;
}

/** Looks through a folder with all below it, or takes one file. Names that begin with a dot are left out. To ask another thread costs more than to look. */
export function findFiles(root: string): FoundFiles {
  try {
    if (statSync(root).isFile()) return sorted(root, [{ path: root, isFile: true }]);
    return sorted(root, listBelow(root).sort(byPath));
  } catch (cause) {
    if (cause instanceof HuntwireError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuntwireError('CONFIG_INVALID', `${root} cannot be read: ${reason}.`, { cause });
  }
}

/** Does not enter folders through links, which may lead in circles; `readdir` with `recursive` does so since Node 26. */
function listBelow(root: string): Listed[] {
  const found: Listed[] = [];
  const folders = [root];
  for (const folder of folders) {
    const entries = readdirSync(folder, { withFileTypes: true });
    const shown = entries.filter(({ name }) => !name.startsWith('.'));
    folders.push(...shown.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name)));
    found.push(...shown.filter((entry) => !entry.isDirectory()).map((entry) => listed(folder, entry)));
    if (found.length > MOST_FILES)
      throw new HuntwireError('CONFIG_INVALID', `${root} holds more than ${MOST_FILES} files.`);
  }
  return found;
}

function listed(folder: string, entry: Dirent): Listed {
  return { path: join(folder, entry.name), isFile: entry.isFile() ? true : null };
}

function byPath(left: Listed, right: Listed): number {
  return left.path < right.path ? -1 : 1;
}

function sorted(root: string, paths: readonly Listed[]): FoundFiles {
  const files: FoundFile[] = [];
  const unread: string[] = [];
  let hasTablesFile = false;
  for (const { path, isFile } of paths) {
    const name = (path === root ? basename(path) : relative(root, path)).split(sep).join('/');
    const form = formOf(name);
    if (form && (isFile ?? leadsToFile(path))) files.push({ path, name, isLink: isFile === null, ...form });
    else if (name === TABLES_FILE) hasTablesFile = true;
    else unread.push(name);
  }
  if (files.length === 0) throw nothingThere(root);
  return { root, files, unread, hasTablesFile };
}

function nothingThere(root: string): HuntwireError {
  return new HuntwireError(
    'CONFIG_INVALID',
    `${root} holds no data files (*.jsonl, *.ndjson, *.json, *.csv, *.tsv, packed as *.gz or *.zst, *.parquet).`,
  );
}

/** Links are followed to files; what else stands there (a pipe, a socket) is not opened. */
function leadsToFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function formOf(name: string): { readonly form: DataForm; readonly packing: Packing } | null {
  const [last = '', before = ''] = name.toLowerCase().split('.').reverse();
  const packing = PACKINGS[last];
  const form = FORMS[packing ? before : last];
  if (!form || (packing && form === 'parquet')) return null;
  return { form, packing: packing ?? 'plain' };
}

/** One file is read once, even where several of the paths or a link lead to it. */
export async function withoutRepeats(found: readonly FoundFiles[]): Promise<readonly FoundFiles[]> {
  if (found.length === 1 && !found.some(({ files }) => files.some(({ isLink }) => isLink))) return found;
  const seen = new Set<string>();
  const kept: FoundFiles[] = [];
  for (const one of found) {
    const files: FoundFile[] = [];
    for (const file of one.files) {
      const real = await realpath(file.path);
      if (!seen.has(real)) files.push(file);
      seen.add(real);
    }
    kept.push({ ...one, files });
  }
  return kept;
}

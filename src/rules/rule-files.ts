import { readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Problem } from '../lib/errors.ts';
import { fileText, MOST_BYTES } from './file-text.ts';
import { DEFAULTS_FILE } from './rule-places.ts';

/** The file system as the loader sees it. Rejections are told as problems of the path. */
export interface RuleIo {
  /** `absent` where nothing stands there; `special`: a device, pipe or socket. */
  kind(path: string): Promise<'file' | 'folder' | 'special' | 'absent'>;
  /** Names in a folder. */
  list(folder: string): Promise<readonly string[]>;
  /** One name for all paths that lead to the same file. */
  identity(path: string): Promise<string>;
  read(file: string): Promise<Uint8Array>;
  /** How many bytes a file has; left out: nobody knows before it is read. */
  size?(file: string): Promise<number>;
}

/** Synchronous: thousands of small files are read before anything else runs, and each detour over a thread costs more than the read. */
export const diskRules: RuleIo = Object.freeze({
  kind: async (path: string) => {
    const found = statOrNull(path);
    if (found === null) return 'absent';
    if (found.isFile()) return 'file';
    return found.isDirectory() ? 'folder' : 'special';
  },
  list: async (folder: string) => readdirSync(folder),
  identity: async (path: string) => realpathSync.native(path),
  read: async (file: string) => readFileSync(file),
  size: async (file: string) => statSync(file).size,
});

function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

/** What is looked for in folders. */
export interface FileKind {
  readonly name: string;
  /** In small letters, with their dots. */
  readonly extensions: readonly string[];
  /** Whether a given folder may hold nothing at all, because it waits for the first. */
  readonly mayBeEmpty?: boolean;
}

export const RULE_FILES: FileKind = Object.freeze({ name: 'rule file', extensions: ['.yaml', '.yml', '.json'] });
/** Tests that stand beside a rule. */
const TEST_FILE = /\.test\.yaml$/i;
const MAX_FOLDER_DEPTH = 32;
const MAX_FILES = 50_000;

interface Search {
  readonly io: RuleIo;
  readonly kind: FileKind;
  readonly seen: Set<string>;
  /** Folders met before, by whatever path: links may lead in circles. */
  readonly folders: Set<string>;
  /** Those without a name that is not hidden. */
  readonly empty: Set<string>;
  readonly files: string[];
  readonly problems: Problem[];
  readonly faults: Problem[];
  /** Files and problems met, files met before included. */
  visits: number;
}

export interface FoundRuleFiles {
  readonly files: readonly string[];
  /** Of given paths that lead nowhere, and of more than anybody has. */
  readonly problems: readonly Problem[];
  /** Of single entries of folders that cannot be read, such as links in circles. They keep the others from nothing. */
  readonly faults: readonly Problem[];
}

/** Files of a kind at the given paths, folders searched recursively in the order of their names; each file once. Hidden names in folders are passed over. */
export async function findRuleFiles(paths: readonly string[], io: RuleIo, kind = RULE_FILES): Promise<FoundRuleFiles> {
  const search: Search = {
    io,
    kind,
    seen: new Set(),
    folders: new Set(),
    empty: new Set(),
    files: [],
    problems: [],
    faults: [],
    visits: 0,
  };
  for (const path of paths) {
    const before = search.visits;
    await visit(search, path, 0);
    const waits = kind.mayBeEmpty === true && search.empty.has(path);
    if (search.visits === before && !waits)
      report(search, path, `There is no ${kind.name} (${patternsOf(kind)}) here.`);
  }
  return { files: search.files, problems: search.problems, faults: search.faults };
}

function patternsOf({ extensions }: FileKind): string {
  return extensions.map((extension) => `*${extension}`).join(', ');
}

const ABSENT = 'There is no such file or folder.';
const SPECIAL = 'It is a device, pipe or socket: only files and folders are read.';

async function visit(search: Search, path: string, depth: number): Promise<void> {
  const list = depth === 0 ? search.problems : search.faults;
  try {
    const kind = await search.io.kind(path);
    if (kind === 'file') await addFile(search, path);
    else if (kind === 'folder') await visitFolder(search, path, depth);
    else report(search, path, kind === 'absent' ? ABSENT : SPECIAL, list);
  } catch (error) {
    report(search, path, `The path cannot be read: ${reasonOf(error)}`, list);
  }
}

async function visitFolder(search: Search, folder: string, depth: number): Promise<void> {
  if (depth > MAX_FOLDER_DEPTH) return report(search, folder, `Folders are nested more than ${MAX_FOLDER_DEPTH} deep.`);
  const identity = await search.io.identity(folder);
  if (search.folders.has(identity)) {
    search.visits += 1;
    return;
  }
  search.folders.add(identity);
  const names = [...(await search.io.list(folder))].sort();
  if (names.every((name) => name.startsWith('.'))) search.empty.add(folder);
  for (const name of names) {
    const path = join(folder, name);
    if (name.startsWith('.') || name === DEFAULTS_FILE) continue;
    if (TEST_FILE.test(name) && !names.some((other) => isBeside(search.kind, other, name)))
      report(search, path, 'These tests stand beside no rule file of their name.');
    const isWanted = search.kind.extensions.includes(extname(name).toLowerCase()) && !TEST_FILE.test(name);
    if (isWanted || (await isFolder(search, path))) await visit(search, path, depth + 1);
  }
}

function isBeside({ extensions }: FileKind, name: string, tests: string): boolean {
  const base = tests.replace(TEST_FILE, '');
  return extensions.some((extension) => name.toLowerCase() === `${base}${extension}`.toLowerCase());
}

/** What is neither a rule nor can be looked at (a link in a circle) is no business of ours. */
async function isFolder(search: Search, path: string): Promise<boolean> {
  return (await search.io.kind(path).catch(() => 'absent')) === 'folder';
}

async function addFile(search: Search, path: string): Promise<void> {
  search.visits += 1;
  const identity = await search.io.identity(path);
  if (search.seen.has(identity)) return;
  search.seen.add(identity);
  if (search.files.length < MAX_FILES) search.files.push(path);
  else if (search.seen.size === MAX_FILES + 1) report(search, path, `There are more than ${MAX_FILES} rule files.`);
}

/** The text of a file of rules or overlays; null and a problem where it has none. */
export async function readRuleText(
  { io, problems }: { readonly io: RuleIo; readonly problems: Problem[] },
  file: string,
): Promise<string | null> {
  const fail = (message: string): null => {
    problems.push({ file, line: null, column: null, code: 'RULE_INVALID', message });
    return null;
  };
  try {
    const size = (await io.size?.(file)) ?? 0;
    if (size > MOST_BYTES) return fail(`The file cannot be read: it is larger than ${MOST_BYTES} bytes.`);
    const { text, fault } = fileText(await io.read(file));
    return text ?? fail(`The file cannot be read: ${fault}`);
  } catch (error) {
    return fail(`The file cannot be read: ${reasonOf(error)}.`);
  }
}

function report(search: Search, file: string, message: string, list = search.problems): void {
  search.visits += 1;
  list.push({ file, line: null, column: null, code: 'RULE_INVALID', message });
}

/** What a failed call of the file system says, without a stack. */
export function reasonOf(error: unknown): string {
  const message = (error as { readonly message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : String(error);
}

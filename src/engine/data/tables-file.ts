import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HuntwireError } from '../../lib/errors.ts';
import { parseYaml, type YamlDocument } from '../../lib/yaml/parse-yaml.ts';
import { DATE_ORDERS, type DateOrder } from './dates.ts';
import { TABLES_FILE } from './find-files.ts';

/** What `tables.yaml` says of the files that a pattern matches; a null table: they are left out on purpose. */
export interface TableEntry {
  readonly pattern: string;
  readonly table: string | null;
  readonly dates: DateOrder | null;
}

/** The entries of the folder's `tables.yaml`: file name or pattern to table, null, or `{table, dates}`. None where there is no such file. */
export async function readTablesFile(folder: string): Promise<readonly TableEntry[]> {
  const path = join(folder, TABLES_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return [];
  }
  const { documents, problems } = parseYaml(path, text, 'CONFIG_INVALID');
  if (problems.length > 0)
    throw new HuntwireError('CONFIG_INVALID', `${path} cannot be read: ${problems[0]?.message}`, { problems });
  return documents.flatMap((document) => entriesOf(document));
}

function entriesOf(document: YamlDocument): readonly TableEntry[] {
  const { value } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(document, [], 'a list of patterns with their tables');
  return Object.entries(value).map(([pattern, given]: [string, unknown]) => {
    const entry = entryOf(pattern, given);
    if (!entry) throw wrong(document, [pattern], 'a table, null, or {table, dates: dmy|mdy}');
    return entry;
  });
}

const NAME = /^[A-Za-z_]\w*$/;

function entryOf(pattern: string, given: unknown): TableEntry | null {
  if (given === null) return { pattern, table: null, dates: null };
  if (typeof given === 'string') return NAME.test(given) ? { pattern, table: given, dates: null } : null;
  if (typeof given !== 'object' || Array.isArray(given)) return null;
  const { table, dates = null, ...rest } = given as Readonly<Record<string, unknown>>;
  const order = DATE_ORDERS.find((one) => one === dates) ?? null;
  if (typeof table !== 'string' || !NAME.test(table) || order !== dates || Object.keys(rest).length > 0) return null;
  return { pattern, table, dates: order };
}

function wrong(document: YamlDocument, path: readonly string[], expected: string): HuntwireError {
  const { line, column } = document.valuePlace(path);
  const message = `${document.file}:${line}:${column}: expected ${expected}.`;
  const problem = { file: document.file, line, column, code: 'CONFIG_INVALID', message };
  return new HuntwireError('CONFIG_INVALID', message, { problems: [problem] });
}

/** Whether a pattern matches a file: `*` stands for any text within a name, `**` for any, `?` for one letter; without a slash it is about the name alone. */
export function matchesFile(pattern: string, name: string): boolean {
  const text = pattern.includes('/') ? name : (name.split('/').at(-1) ?? name);
  const parts = pattern.split(/(\*\*|\*|\?)/).map((part) => WILD[part] ?? part.replace(/[.+^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('')}$`, 'i').test(text);
}

const WILD: Readonly<Record<string, string>> = { '**': '.*', '*': '[^/]*', '?': '[^/]' };

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type AddedTables, useAddedTables } from '../kql/schemas/added-tables.ts';
import { parseSchemaFile } from '../kql/schemas/schema-file.ts';
import { HuntwireError } from '../lib/errors.ts';

/** The word that stands for the file that is shipped. */
const SHIPPED = 'sentinel';
const SHIPPED_FILE = new URL('../../schemas/sentinel.json', import.meta.url);

/**
 * This process knows the tables of these files beside the Defender's; of tables with one name that of the last file. `isOwn`: nobody asks
 * Defender, and they count before its tables, too.
 */
export function takeSchemas(files: readonly string[], isOwn = false): void {
  const tables = Object.assign({}, ...files.map(tablesOf)) as AddedTables;
  const marked = Object.entries(tables).map(([name, table]) => [name, { ...table, isOwn }] as const);
  useAddedTables(isOwn ? Object.fromEntries(marked) : tables);
}

function tablesOf(file: string): AddedTables {
  const path = basename(file) === SHIPPED ? SHIPPED_FILE : file;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const message = `schemas: ${file} cannot be read. Name a file that "huntwire schema pull" wrote, or sentinel.`;
    throw new HuntwireError('CONFIG_INVALID', message, { cause });
  }
  return parseSchemaFile(text, file);
}

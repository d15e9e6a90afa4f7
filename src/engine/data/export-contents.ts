import { stat } from 'node:fs/promises';
import type { DataFile } from './data-file.ts';

/** Which tables files of exports hold, once they have been read: a query over all tables reads each of them once for each of its tables. */
export interface ExportContents {
  /** Whether the file may hold rows of the table, as it stands there now. */
  mayHold(file: DataFile, table: string): Promise<boolean>;
  note(file: DataFile, tables: Iterable<string>): Promise<void>;
}

export function createExportContents(): ExportContents {
  const known = new Map<string, { readonly state: string; readonly tables: ReadonlySet<string> }>();
  return {
    async mayHold(file, table) {
      const entry = file.table === null ? known.get(file.path) : undefined;
      if (!entry || entry.state !== (await stateOf(file))) return true;
      return entry.tables.has(table);
    },
    async note(file, tables) {
      if (file.table === null) known.set(file.path, { state: await stateOf(file), tables: new Set(tables) });
    },
  };
}

async function stateOf({ path }: DataFile): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return `${size} ${mtimeMs}`;
}

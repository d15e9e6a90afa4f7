import { setImmediate } from 'node:timers/promises';
import type { Connection } from './connection.ts';

/** Pages that are given back in one go: a few milliseconds. */
const PAGES_AT_ONCE = 500;
const INCREMENTAL = 2;

/** Free pages go back to the file system. Of a file that was made without this nothing is given back; its free pages are used again. */
export async function giveBackRoom(connection: Connection): Promise<void> {
  if (pragma(connection, 'auto_vacuum') !== INCREMENTAL) return;
  for (let free = pragma(connection, 'freelist_count'); free > 0; ) {
    connection.script(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`);
    await setImmediate();
    const left = pragma(connection, 'freelist_count');
    if (left >= free) return;
    free = left;
  }
}

function pragma(connection: Connection, name: 'auto_vacuum' | 'freelist_count'): number {
  const [row] = connection.prepare(`PRAGMA ${name}`).rows([]);
  return Number(Object.values((row as Readonly<Record<string, unknown>> | undefined) ?? {})[0] ?? 0);
}

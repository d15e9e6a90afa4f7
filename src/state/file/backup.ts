import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { HuntwireError } from '../../lib/errors.ts';
import { openConnection } from '../sqlite/connection.ts';
import { requireNotNewer } from '../sqlite/migrate.ts';

const BUSY_MS = 5000;

/**
 * Writes the state as it is at this moment into one new file, beside whoever works with it: whole, consistent, without what was removed.
 * The file has its name only once it is on the disk. USAGE where the file is there already, else STATE_ errors.
 */
export function backUpState(path: string, file: string): void {
  if (!existsSync(path)) throw new HuntwireError('USAGE', `There is no state file ${path}.`);
  if (existsSync(file)) throw new HuntwireError('USAGE', `${file} is there already: a backup is a new file.`);
  const part = `${file}.part`;
  rmSync(part, { force: true });
  makePrivate(part, file);
  const connection = openConnection(path);
  try {
    connection.script(`PRAGMA busy_timeout = ${BUSY_MS}`);
    requireNotNewer(connection);
    connection.script(`VACUUM INTO '${part.replaceAll("'", "''")}'`);
  } catch (thrown) {
    rmSync(part, { force: true });
    throw thrown;
  } finally {
    connection.close();
  }
  reachDisk(part);
  renameSync(part, file);
}

/** Alerts are confidential: only the owner reads the copy. */
function makePrivate(part: string, file: string): void {
  try {
    closeSync(openSync(part, 'wx', 0o600));
  } catch (cause) {
    const { code = 'unknown' } = cause as { readonly code?: string };
    throw new HuntwireError('USAGE', `${file} cannot be written (${code}).`, { cause });
  }
}

function reachDisk(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

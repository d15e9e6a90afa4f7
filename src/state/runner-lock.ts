import { dirname } from 'node:path';
import { HuntwireError } from '../lib/errors.ts';
import { makeDurableFolder } from './durable-folder.ts';
import { type Connection, openConnection } from './sqlite/connection.ts';
import { toStateError } from './sqlite/state-error.ts';

/** Proof that this process is the only one that runs rules and delivers on a state file. */
export interface RunnerLock {
  readonly path: string;
  release(): void;
}

/**
 * Takes the runner lock of a state file: an open exclusive transaction on `<state path>.lock`. The operating system frees it when the
 * process dies, however it dies, so nothing is left to clean up. Throws STATE_LOCKED where another runner has it.
 */
export function takeRunnerLock(statePath: string): RunnerLock {
  const path = `${statePath}.lock`;
  try {
    makeDurableFolder(dirname(path));
    const connection = openConnection(path);
    begin(connection);
    return { path, release: () => connection.close() };
  } catch (thrown) {
    const error = toStateError(thrown, path);
    if (error.code !== 'STATE_BUSY') throw error;
    throw lockedError(statePath, path, error);
  }
}

function begin(connection: Connection): void {
  try {
    connection.script('BEGIN EXCLUSIVE');
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
}

function lockedError(statePath: string, path: string, cause: HuntwireError): HuntwireError {
  return new HuntwireError(
    'STATE_LOCKED',
    `Another huntwire runs on the state file ${statePath} (it holds ${path}); end it, or give this one its own state.path.`,
    { cause },
  );
}

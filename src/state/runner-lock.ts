import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { HuntwireError } from '../lib/errors.ts';
import { makeDurableFolder } from './durable-folder.ts';
import { readRunner } from './rows/runner-rows.ts';
import type { RunnerRecord } from './runner-record.ts';
import { type Connection, openConnection } from './sqlite/connection.ts';
import { toStateError } from './sqlite/state-error.ts';
import { takeSteps } from './sqlite/take-steps.ts';

/** Proof that this process is the only one that runs rules and delivers on a state file. */
export interface RunnerLock {
  readonly path: string;
  release(): void;
}

/** Whoever asks whether a runner is alive holds the lock file for less than this. */
const ASKED_MS = 250;

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
    held.add(connection);
    return { path, release: () => release(connection) };
  } catch (thrown) {
    const error = toStateError(thrown, path);
    if (error.code !== 'STATE_BUSY') throw error;
    throw lockedError(statePath, path, error);
  }
}

/** A connection that nobody knows any more is closed by the garbage collector, and its lock with it. */
const held = new Set<Connection>();

function release(connection: Connection): void {
  held.delete(connection);
  connection.close();
}

function begin(connection: Connection): void {
  try {
    connection.script(`PRAGMA busy_timeout = ${ASKED_MS}`);
    connection.script('BEGIN EXCLUSIVE');
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
}

/** Whether a process holds the runner lock of a state file. Throws a STATE_ error where that cannot be told. */
export function isRunnerAlive(statePath: string): boolean {
  const path = `${statePath}.lock`;
  if (!existsSync(path)) return false;
  const connection = openConnection(path);
  try {
    connection.script('PRAGMA schema_version');
    return false;
  } catch (thrown) {
    const error = toStateError(thrown, path);
    if (error.code === 'STATE_BUSY') return true;
    throw error;
  } finally {
    connection.close();
  }
}

function lockedError(statePath: string, path: string, cause: HuntwireError): HuntwireError {
  const runner = runnerOf(statePath);
  const who = runner
    ? `"huntwire ${runner.verb}" (pid ${runner.pid} on ${runner.machine}, since ${isoSeconds(runner.startedAt)})`
    : 'Another huntwire';
  return new HuntwireError(
    'STATE_LOCKED',
    `${who} runs on the state file ${statePath} (it holds ${path}); end it, or give this one its own state.path.`,
    { cause },
  );
}

/** null where nothing is said, or it cannot be read now. */
function runnerOf(statePath: string): RunnerRecord | null {
  if (!existsSync(statePath)) return null;
  try {
    const connection = openConnection(statePath);
    try {
      connection.script('PRAGMA query_only = 1');
      return takeSteps(connection, readRunner());
    } finally {
      connection.close();
    }
  } catch {
    return null;
  }
}

function isoSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}

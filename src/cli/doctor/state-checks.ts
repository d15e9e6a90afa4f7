import { accessSync, constants, existsSync, type Stats, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type CheckResult, failed, passed } from '../../lib/check-result.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import {
  type FilePlace,
  type FolderMounts,
  NETWORK_CURE,
  nearestFolder,
  networkOf,
  networkSentence,
  realMounts,
} from '../../state/file/network-folder.ts';
import { isRunnerAlive } from '../../state/runner-lock.ts';
import { inspectState } from '../../state/sqlite/inspect.ts';
import { MEGABYTE, sizeText } from './size-text.ts';

/** What is asked of the operating system, so that tests can answer. */
export interface StateSurroundings extends FolderMounts {
  /** User id of this process; null where there are none (Windows). */
  readonly user: number | null;
  /** Bytes that this user may still write to the disk of a folder. */
  readonly freeBytes: (folder: string) => number;
}

export const realSurroundings: StateSurroundings = {
  user: process.getuid?.() ?? null,
  freeBytes: (folder) => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  },
  ...realMounts,
};

const MODE = 'Check its mode, and whether its disk is mounted read-only.';
/** Reading more for damage would make a person wait. */
const LARGEST_READ_BYTES = 2000 * MEGABYTE;
const FULL_BYTES = 20 * MEGABYTE;
const SCARCE_BYTES = 500 * MEGABYTE;

/** Whether the state can be opened and written by this user, is sound, of a layout that we know, and has room to grow. */
export function stateChecks(
  place: FilePlace,
  surroundings: StateSurroundings = realSurroundings,
): readonly CheckResult[] {
  const { path } = place;
  const folder = nearestFolder(dirname(path));
  const owned = [path, `${path}-wal`, `${path}-shm`].flatMap((file) => ownerChecks(path, file, surroundings.user));
  if (owned.some((check) => !check.ok)) return [...owned, ...diskChecks(place, folder, surroundings)];
  const own = existsSync(path) ? fileCheck(path) : newFileCheck(path, folder);
  return [own, ...owned, ...diskChecks(place, folder, surroundings), ...runnerChecks(path)];
}

function newFileCheck(path: string, folder: string): CheckResult {
  if (mayUse(folder, constants.W_OK | constants.X_OK))
    return passed('state', path, 'is not there yet; the first run makes it');
  const fix = `Let the user that runs huntwire write to ${folder}, or set state.path.`;
  return failed('state', path, `cannot be made: this user may not write to ${folder}`, fix);
}

/** A file of another user that this one cannot write, or that root has made beside that of a service. */
function ownerChecks(path: string, file: string, user: number | null): readonly CheckResult[] {
  const stats = statsOf(file);
  if (!stats || user === null) return [];
  if (!mayUse(file, constants.R_OK | constants.W_OK)) {
    if (stats.uid === user) return [failed('state', path, `this user owns ${file} and may not write it`, MODE)];
    const message = `${file} belongs to user ${stats.uid}, and this one (${user}) may not write it`;
    return [failed('state', path, message, `Run huntwire as that user, or: chown ${user} ${file}`)];
  }
  const state = statsOf(path);
  if (state && state.uid !== stats.uid) {
    const message = `${file} belongs to user ${stats.uid}, the state itself to ${state.uid}: was huntwire run by root?`;
    return [failed('state', path, message, `Stop huntwire, then: chown ${state.uid} ${file}`)];
  }
  if (file !== path || stats.uid === user) return [];
  const message = `belongs to user ${stats.uid}, this is user ${user}: what that one may do is not checked`;
  return [failed('owner', path, message, 'Run doctor as the user that runs huntwire.')];
}

function fileCheck(path: string): CheckResult {
  const { size } = statSync(path);
  const folder = dirname(path);
  if (!mayUse(folder, constants.W_OK | constants.X_OK)) {
    const message = `this user may not write to ${folder}, where SQLite keeps files beside the state`;
    return failed(
      'state',
      path,
      message,
      'Check owner and mode of the folder, and whether its disk is mounted read-only.',
    );
  }
  try {
    const { layout, newest, damage } = inspectState(path, size <= LARGEST_READ_BYTES);
    if (damage !== null) return failed('state', path, `is damaged: ${damage}`, RESTORE);
    if (layout > newest)
      return failed(
        'state',
        path,
        `was written by a newer huntwire (layout ${layout}; this one knows ${newest})`,
        'Install that version, or use another state.path.',
      );
    if (layout < newest && size > 0)
      return passed('state', path, `has layout ${layout}; the next run brings it up to ${newest}`);
    const looked = size <= LARGEST_READ_BYTES ? 'is sound' : 'can be opened; it is too large to look for damage';
    return passed('state', path, `${looked} (${sizeText(size)}, layout ${layout})`);
  } catch (thrown) {
    const { code, message } = toHuntwireError(thrown);
    return failed('state', path, message, cureOf(code, message));
  }
}

const RESTORE =
  'Stop huntwire and put a backup in its place, or move it away to begin anew: docs/operations.md, State.';

function cureOf(code: string, message: string): string {
  if (code === 'STATE_BUSY') return 'End the process that locks it.';
  if (code === 'STATE_FULL') return 'Free space on its disk; nothing is lost meanwhile, windows and alerts wait.';
  return /damaged|no database/.test(message)
    ? RESTORE
    : 'Check state.path, and owner and mode of the file and its folder.';
}

function diskChecks(place: FilePlace, folder: string, surroundings: StateSurroundings): readonly CheckResult[] {
  return [...networkChecks(place, surroundings), roomCheck(place.path, folder, surroundings)];
}

function networkChecks(
  { path, overNetwork = false }: FilePlace,
  surroundings: StateSurroundings,
): readonly CheckResult[] {
  const network = networkOf(dirname(path), surroundings);
  if (network === null) return [];
  const sentence = networkSentence(path, network);
  if (overNetwork) return [passed('network', path, `${sentence}; state.overNetwork says that none does`)];
  return [failed('network', path, sentence, NETWORK_CURE)];
}

function roomCheck(path: string, folder: string, { freeBytes }: StateSurroundings): CheckResult {
  const free = freeBytes(folder);
  const fix = `Free space on the disk of ${folder}; nothing is lost meanwhile, windows and alerts wait.`;
  if (free < FULL_BYTES) return failed('disk', path, `the disk is full: ${sizeText(free)} are left`, fix);
  if (free < SCARCE_BYTES) return failed('space', path, `the disk is nearly full: ${sizeText(free)} are left`, fix);
  return passed('disk', path, `has room to grow: ${sizeText(free)} are free`);
}

function runnerChecks(path: string): readonly CheckResult[] {
  try {
    const message = isRunnerAlive(path) ? 'is alive; "huntwire status" tells who it is' : 'none is alive now';
    return [passed('runner', path, message)];
  } catch {
    return [];
  }
}

function mayUse(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function statsOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}

import { accessSync, constants, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ErrorCode, HuntwireError } from '../../lib/errors.ts';

interface Cause {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly text: string;
}

const FULL: Cause = {
  pattern: /^SQLITE_FULL|ENOSPC|EDQUOT/,
  code: 'STATE_FULL',
  retryable: true,
  text: 'cannot grow: the disk is full; free space on it, nothing was lost',
};
const READ_ONLY_DISK: Cause = {
  pattern: /EROFS/,
  code: 'STATE_FAILED',
  retryable: false,
  text: 'is on a disk that is mounted for reading only; mount it for writing, or set state.path',
};

/** SQLite result codes (https://www.sqlite.org/rescode.html) by what a person can do about them; the first match counts. */
const CAUSES: readonly Cause[] = [
  {
    pattern: /^SQLITE_(BUSY|LOCKED)/,
    code: 'STATE_BUSY',
    retryable: true,
    text: 'is locked by another process; it is tried again, end that process if this stays',
  },
  FULL,
  READ_ONLY_DISK,
  {
    pattern: /^SQLITE_(CORRUPT|NOTADB)/,
    code: 'STATE_FAILED',
    retryable: false,
    text: 'is damaged or no database; restore a copy, or move it away to start with an empty state',
  },
  {
    pattern: /^SQLITE_READONLY|readonly database/,
    code: 'STATE_FAILED',
    retryable: false,
    text: 'was opened for reading only or may not be written; check its owner and permissions and those of its folder',
  },
  {
    pattern: /^SQLITE_(CANTOPEN|PERM|AUTH)|ConnectionFailed|EACCES|EPERM|ENOENT|ENOTDIR|EEXIST|EISDIR/,
    code: 'STATE_FAILED',
    retryable: false,
    text: 'cannot be opened; check state.path, and owner and permissions of the file and its folder',
  },
  {
    pattern: /^SQLITE_IOERR/,
    code: 'STATE_FAILED',
    retryable: true,
    text: 'cannot be read or written; check the disk it is on',
  },
];

/** What SQLite says of a disk that is full or mounted for reading only when it cannot make the file that it shares memory by. */
const MAY_BE_THE_DISK = /^SQLITE_(IOERR|CANTOPEN|READONLY)/;
const NEEDED_BYTES = 64 * 1024;

export type DiskTrouble = 'full' | 'read-only';

/** What SQLite or the file system threw, as a HuntwireError that names the file and what to do. Our own errors pass as they are. */
export function toStateError(thrown: unknown, path: string, lookAtDisk = diskTroubleOf): HuntwireError {
  if (thrown instanceof HuntwireError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const sign = `${codeOf(thrown)} ${message}`;
  const cause = causeOf(thrown, sign.trim(), path, lookAtDisk);
  if (!cause) return new HuntwireError('STATE_FAILED', `The state file ${path} failed: ${message}`, { cause: thrown });
  return new HuntwireError(cause.code, `The state file ${path} ${cause.text} (${message}).`, {
    cause: thrown,
    retryable: cause.retryable,
  });
}

function causeOf(thrown: unknown, sign: string, path: string, lookAtDisk: typeof diskTroubleOf): Cause | undefined {
  const code = codeOf(thrown);
  const trouble = MAY_BE_THE_DISK.test(code) ? lookAtDisk(path) : null;
  if (trouble !== null) return trouble === 'full' ? FULL : READ_ONLY_DISK;
  return CAUSES.find((one) => one.pattern.test(sign) || one.pattern.test(code));
}

/** What is wrong with the disk of a file for all who write to it; null where nothing is, or that cannot be told. */
function diskTroubleOf(path: string): DiskTrouble | null {
  const folder = dirname(path);
  try {
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < NEEDED_BYTES) return 'full';
    accessSync(folder, constants.W_OK);
    return null;
  } catch (error) {
    return codeOf(error) === 'EROFS' ? 'read-only' : null;
  }
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return '';
  return String(thrown.code);
}

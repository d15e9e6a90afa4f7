import { type ErrorCode, HuntwireError } from '../../lib/errors.ts';

interface Cause {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly text: string;
}

/** SQLite result codes (https://www.sqlite.org/rescode.html) by what a person can do about them; the first match counts. */
const CAUSES: readonly Cause[] = [
  {
    pattern: /^SQLITE_(BUSY|LOCKED)/,
    code: 'STATE_BUSY',
    retryable: true,
    text: 'is locked by another process; it is tried again, end that process if this stays',
  },
  {
    pattern: /^SQLITE_FULL|ENOSPC|EDQUOT/,
    code: 'STATE_FULL',
    retryable: true,
    text: 'cannot grow: the disk is full; free space on it, nothing was lost',
  },
  {
    pattern: /^SQLITE_(CORRUPT|NOTADB)/,
    code: 'STATE_FAILED',
    retryable: false,
    text: 'is damaged or no database; restore a copy, or move it away to start with an empty state',
  },
  {
    pattern: /^SQLITE_READONLY|EROFS|readonly database/,
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

/** What SQLite or the file system threw, as a HuntwireError that names the file and what to do. Our own errors pass as they are. */
export function toStateError(thrown: unknown, path: string): HuntwireError {
  if (thrown instanceof HuntwireError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const sign = `${codeOf(thrown)} ${message}`;
  const cause = CAUSES.find((one) => one.pattern.test(sign.trim()) || one.pattern.test(codeOf(thrown)));
  if (!cause) return new HuntwireError('STATE_FAILED', `The state file ${path} failed: ${message}`, { cause: thrown });
  return new HuntwireError(cause.code, `The state file ${path} ${cause.text} (${message}).`, {
    cause: thrown,
    retryable: cause.retryable,
  });
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return '';
  return String(thrown.code);
}

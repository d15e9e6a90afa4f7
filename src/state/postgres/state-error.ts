import { type ErrorCode, HuntwireError } from '../../lib/errors.ts';

interface Cause {
  /** How SQLSTATE begins, or the code of a socket. */
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly text: string;
}

/** SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html) by what a person can do about it; the first match counts. */
const CAUSES: readonly Cause[] = [
  {
    pattern: /^53100/,
    code: 'STATE_FULL',
    retryable: true,
    text: 'cannot grow: its disk is full; free space on it, nothing was lost',
  },
  {
    pattern: /^(40001|40P01|55P03|57014)/,
    code: 'STATE_BUSY',
    retryable: true,
    text: 'is busy: another process holds what this one needs; it is tried again',
  },
  {
    pattern: /^(08|57P0|53[23]|25P03)|^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)/,
    code: 'STATE_BUSY',
    retryable: true,
    text: 'cannot be reached now; it is tried again',
  },
  {
    pattern: /^ENOTFOUND/,
    code: 'STATE_FAILED',
    retryable: true,
    text: 'cannot be reached: nobody knows its host; check state.url',
  },
  {
    pattern: /^28/,
    code: 'STATE_FAILED',
    retryable: false,
    text: 'refuses the login; check user and password in state.url',
  },
  { pattern: /^3D000/, code: 'STATE_FAILED', retryable: false, text: 'does not exist; create it, or set state.url' },
  {
    pattern: /^25006/,
    code: 'STATE_FAILED',
    retryable: true,
    text: 'can only be read; state.url must lead to the primary',
  },
  {
    pattern: /^(42P05|26000)/,
    code: 'STATE_FAILED',
    retryable: false,
    text: 'is behind something that hands one session to several (PgBouncer in transaction mode?); let state.url lead to the database itself, or to a pooler in session mode',
  },
  {
    pattern: /^42501/,
    code: 'STATE_FAILED',
    retryable: false,
    text: 'refuses that; its user needs CREATE and USAGE on the schema',
  },
];

/** What the driver says where a connection ended, which has no code. */
const LOST = /terminated|Connection ended|not queryable|timeout exceeded when trying to connect|timeout expired/i;

/** What Postgres or the socket threw, as a HuntwireError that names the database and what to do. Our own errors pass as they are. */
export function toDatabaseError(thrown: unknown, name: string): HuntwireError {
  if (thrown instanceof HuntwireError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code = codeOf(thrown);
  const cause = CAUSES.find(({ pattern }) => pattern.test(LOST.test(message) && code === '' ? 'ECONNRESET' : code));
  const begin = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  if (!cause) return new HuntwireError('STATE_FAILED', `${begin} failed: ${message}`, { cause: thrown });
  return new HuntwireError(cause.code, `${begin} ${cause.text} (${message}).`, {
    cause: thrown,
    retryable: cause.retryable,
  });
}

/** Whether a row was to be added that is there already (unique_violation). */
export function isThere(thrown: unknown): boolean {
  return codeOf(thrown) === '23505';
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return '';
  return String(thrown.code);
}

/**
 * The one error class of the project and the closed list of its codes.
 * A code exists only where a caller does something different because of it; docs/errors.md has a row for each.
 */
export const ERROR_CODES = [
  'USAGE',
  'NOT_FOUND',
  'ACTION_BUSY',
  'ACTION_NOT_OFFERED',
  'CONFIG_INVALID',
  'CONFIG_SECRET_UNREADABLE',
  'RULE_INVALID',
  'KQL_SYNTAX',
  'KQL_WINDOW_REFUSED',
  'KQL_UNSUPPORTED',
  'KQL_FAILED',
  'KQL_BUDGET',
  'SOURCE_THROTTLED',
  'SOURCE_QUERY_INVALID',
  'SOURCE_TABLE_MISSING',
  'SOURCE_RESULT_TOO_LARGE',
  'SOURCE_LIMITS_EXCEEDED',
  'SOURCE_TIMEOUT',
  'SOURCE_AUTH',
  'SOURCE_PERMISSION',
  'SOURCE_LICENSE',
  'SOURCE_BODY_TOO_LARGE',
  'SOURCE_RESPONSE_INVALID',
  'SOURCE_RETIRED',
  'SOURCE_SERVER',
  'SOURCE_NETWORK',
  'SOURCE_QUOTA',
  'SOURCE_CLOCK',
  'STATE_LOCKED',
  'STATE_BUSY',
  'STATE_FULL',
  'STATE_FAILED',
  'STATE_FENCED',
  'STATE_GONE',
  'RUN_MISCOUNTED',
  'ALERT_INVALID',
  'TEMPLATE_FAILED',
  'ABORTED',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** One finding with its place. `line` and `column` count from 1; null where the place is unknown. */
export interface Problem {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly code: string;
  readonly message: string;
}

/** What a service that refuses for its quota says of it. */
export interface ThrottleTold {
  /** What is used up: calls, or processing time. */
  readonly of: 'calls' | 'processing';
  /** So many calls in such a period, where that was told. */
  readonly allowed: { readonly calls: number; readonly periodMs: number } | null;
}

export interface ErrorOptionsOf {
  /** Whether the same call may succeed later without a change by a person. Default false. */
  readonly retryable?: boolean;
  /** Lower bound in milliseconds before a retry, where the other side told one. */
  readonly retryAfterMs?: number | null;
  /** Of a refusal for a quota. */
  readonly throttle?: ThrottleTold | null;
  /** The service's clock (epoch ms) at the moment of the throw, where an answer that failed told it. */
  readonly serviceTime?: number | null;
  /** The connection broke before any byte of an answer came: the request may be sent once more. */
  readonly unanswered?: boolean;
  /** The part of the message that says what a person has to do. */
  readonly advice?: string | null;
  readonly cause?: unknown;
  /** All problems at once, for errors that stand for several. */
  readonly problems?: readonly Problem[];
}

export class HuntwireError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  readonly throttle: ThrottleTold | null;
  readonly serviceTime: number | null;
  readonly unanswered: boolean;
  readonly advice: string | null;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, options: ErrorOptionsOf = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HuntwireError';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.throttle = options.throttle ?? null;
    this.serviceTime = options.serviceTime ?? null;
    this.unanswered = options.unanswered ?? false;
    this.advice = options.advice ?? null;
    this.problems = options.problems ?? [];
  }
}

/** The message of an error without what it advises, for those who show that by itself. */
export function withoutAdvice({ message, advice }: HuntwireError): string {
  return advice === null ? message : message.replace(advice, '').replace(/ {2,}/g, ' ').trim();
}

/** The same error with the service's time, where it does not tell one yet. */
export function withServiceTime(error: HuntwireError, serviceTime: number | null): HuntwireError {
  if (serviceTime === null || error.serviceTime !== null) return error;
  const { code, message, retryable, retryAfterMs, throttle, unanswered, advice, cause, problems } = error;
  const rest = { retryable, retryAfterMs, throttle, unanswered, advice, cause, problems };
  return new HuntwireError(code, message, { ...rest, serviceTime });
}

/**
 * Anything thrown, as a HuntwireError: one of ours as it is, an abort as ABORTED, all else as INTERNAL with its cause. Other errors are
 * told by their members: those of another realm (a worker's, a test runner's) are no `instanceof` ours, and a signal's reason is a
 * DOMException, which `isNativeError` does not know.
 */
export function toHuntwireError(thrown: unknown): HuntwireError {
  if (thrown instanceof HuntwireError) return thrown;
  const { name, message } = membersOf(thrown);
  if (name === 'AbortError') {
    return new HuntwireError('ABORTED', 'The work was stopped before it was done.', { cause: thrown, retryable: true });
  }
  return new HuntwireError('INTERNAL', typeof message === 'string' ? message : String(thrown), { cause: thrown });
}

/** Whether whoever runs on this state has to stop: nothing that it does can be kept any more. */
export function endsRunner(error: HuntwireError): boolean {
  return error.code === 'STATE_FENCED' || error.code === 'STATE_GONE';
}

function membersOf(thrown: unknown): { readonly name?: unknown; readonly message?: unknown } {
  return typeof thrown === 'object' && thrown !== null ? thrown : {};
}

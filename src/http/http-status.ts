import type { ErrorCode } from '../lib/errors.ts';

const STATUSES: Partial<Record<ErrorCode, number>> = {
  USAGE: 400,
  NOT_FOUND: 404,
  ACTION_BUSY: 409,
  ACTION_NOT_OFFERED: 501,
  STATE_LOCKED: 409,
  STATE_BUSY: 409,
  RULE_INVALID: 422,
  KQL_SYNTAX: 422,
  KQL_WINDOW_REFUSED: 422,
  KQL_UNSUPPORTED: 422,
  KQL_FAILED: 422,
  KQL_BUDGET: 422,
  SOURCE_QUERY_INVALID: 422,
  SOURCE_TABLE_MISSING: 422,
  SOURCE_RESULT_TOO_LARGE: 422,
  SOURCE_LIMITS_EXCEEDED: 422,
  SOURCE_QUOTA: 429,
  SOURCE_THROTTLED: 429,
  SOURCE_TIMEOUT: 504,
  INTERNAL: 500,
};

/** The HTTP status of an action that failed: 4xx where the caller can do something, 502 where the tenant's service fails, 503 where we do. */
export function httpStatusOf(code: ErrorCode): number {
  return STATUSES[code] ?? (code.startsWith('SOURCE_') ? 502 : 503);
}

/** What is about this machine, its files and its configuration is for its log, and not for callers. */
export function isForLog(code: ErrorCode): boolean {
  return code.startsWith('STATE_') || code.startsWith('CONFIG_') || code === 'INTERNAL';
}

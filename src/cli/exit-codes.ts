import type { ErrorCode } from '../lib/errors.ts';

/** What a verb's exit code says. The smallest that applies wins. */
export const EXIT = { ok: 0, findings: 1, usage: 2, permission: 3, quota: 4, failed: 5 } as const;

const BY_CODE: Partial<Record<ErrorCode, number>> = {
  USAGE: EXIT.usage,
  NOT_FOUND: EXIT.usage,
  ACTION_NOT_OFFERED: EXIT.usage,
  CONFIG_INVALID: EXIT.usage,
  CONFIG_SECRET_UNREADABLE: EXIT.usage,
  RULE_INVALID: EXIT.usage,
  KQL_SYNTAX: EXIT.usage,
  KQL_WINDOW_REFUSED: EXIT.usage,
  STATE_LOCKED: EXIT.usage,
  SOURCE_AUTH: EXIT.permission,
  SOURCE_PERMISSION: EXIT.permission,
  SOURCE_LICENSE: EXIT.permission,
  SOURCE_THROTTLED: EXIT.quota,
  SOURCE_QUOTA: EXIT.quota,
};

export function exitCodeOf(code: ErrorCode): number {
  return BY_CODE[code] ?? EXIT.failed;
}

/** The smallest code that is not ok, or ok. */
export function worstOf(codes: readonly number[]): number {
  const bad = codes.filter((code) => code !== EXIT.ok);
  return bad.length === 0 ? EXIT.ok : Math.min(...bad);
}

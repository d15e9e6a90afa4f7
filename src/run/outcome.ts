import type { ErrorCode, HuntwireError } from '../lib/errors.ts';
import type { RunOutcome } from '../state/run-record.ts';
import type { RuleStanding } from '../state/store.ts';

/** How a failed run is taken: what it says of the rule, and whether it speaks against the window itself. */
export interface FailureClass {
  readonly outcome: Exclude<RunOutcome, 'ok' | 'skipped'>;
  readonly standing: RuleStanding;
  /** Counts as one of the attempts after which a set window is given up. */
  readonly counts: boolean;
}

const THROTTLED: FailureClass = { outcome: 'throttled', standing: 'throttled', counts: false };
const BLOCKED: FailureClass = { outcome: 'blocked', standing: 'blocked', counts: false };
const FAILED: FailureClass = { outcome: 'failed', standing: 'failing', counts: true };
/** The service, the network or the credentials failed; the window may be fine. */
const UNREACHED: FailureClass = { outcome: 'failed', standing: 'failing', counts: false };

const CLASSES: Partial<Record<ErrorCode, FailureClass>> = {
  SOURCE_THROTTLED: THROTTLED,
  SOURCE_QUOTA: THROTTLED,
  SOURCE_QUERY_INVALID: BLOCKED,
  SOURCE_TABLE_MISSING: BLOCKED,
  SOURCE_PERMISSION: BLOCKED,
  SOURCE_LICENSE: BLOCKED,
  SOURCE_BODY_TOO_LARGE: BLOCKED,
  SOURCE_RETIRED: BLOCKED,
  KQL_SYNTAX: BLOCKED,
  KQL_WINDOW_REFUSED: BLOCKED,
  KQL_UNSUPPORTED: BLOCKED,
  CONFIG_INVALID: BLOCKED,
  CONFIG_SECRET_UNREADABLE: BLOCKED,
  SOURCE_AUTH: UNREACHED,
  SOURCE_NETWORK: UNREACHED,
  SOURCE_RESPONSE_INVALID: UNREACHED,
  SOURCE_SERVER: UNREACHED,
  SOURCE_CLOCK: UNREACHED,
};

export function classOf(error: HuntwireError): FailureClass {
  return CLASSES[error.code] ?? FAILED;
}

import type { Alert } from '../../../alerts/alert.ts';
import { parseWritten } from '../../../lib/json/known-text.ts';
import type { Detour } from '../../detour-store.ts';
import type { OutboxEntry } from '../../outbox-store.ts';

/** An entry as it was read. */
export interface EntryHead {
  readonly id: number;
  readonly messageId: string;
  readonly orderKey: string;
  readonly createdAt: number;
  /** The alert as JSON. */
  readonly text: string;
  readonly past: EntryPast;
}

/** What an entry has from earlier attempts, earlier messages of its alert, or a detour. */
export interface EntryPast {
  readonly attempts: number;
  readonly firstAttemptAt: number | null;
  readonly agedMs: number;
  readonly triedAt: number | null;
  readonly probedFrom: number | null;
  readonly receipt: string | null;
  readonly insteadOf: string | null;
  readonly escalatedAfter: number | null;
}

export const NO_PAST: EntryPast = {
  attempts: 0,
  firstAttemptAt: null,
  agedMs: 0,
  triedAt: null,
  probedFrom: null,
  receipt: null,
  insteadOf: null,
  escalatedAfter: null,
};

export function createStoredEntry(target: string, head: EntryHead): OutboxEntry {
  return new StoredEntry(target, head);
}

/** A class, because a getter that all entries share costs nothing, and one of each of them as much as parsing its alert. */
class StoredEntry implements OutboxEntry {
  readonly id: number;
  readonly messageId: string;
  readonly target: string;
  readonly orderKey: string;
  readonly attempts: number;
  readonly createdAt: number;
  readonly firstAttemptAt: number | null;
  readonly agedMs: number;
  readonly triedAt: number | null;
  readonly probedFrom: number | null;
  readonly receipt: string | null;
  readonly text: string;
  declare readonly detour?: Detour;

  constructor(target: string, { id, messageId, orderKey, createdAt, text, past }: EntryHead) {
    this.id = id;
    this.messageId = messageId;
    this.target = target;
    this.orderKey = orderKey;
    this.attempts = past.attempts;
    this.createdAt = createdAt;
    this.firstAttemptAt = past.firstAttemptAt;
    this.agedMs = past.agedMs;
    this.triedAt = past.triedAt;
    this.probedFrom = past.probedFrom;
    this.receipt = past.receipt;
    this.text = text;
    const detour = detourOf(past);
    if (detour) this.detour = detour;
  }

  get alert(): Alert {
    return parseWritten<Alert>(this.text);
  }

  get characters(): number {
    return this.text.length;
  }
}

function detourOf({ insteadOf, escalatedAfter }: EntryPast): Detour | null {
  if (insteadOf !== null) return { kind: 'fallback', of: insteadOf };
  return escalatedAfter === null ? null : { kind: 'escalation', afterMs: escalatedAfter };
}

import type { Alert } from '../../../alerts/alert.ts';
import { parseWritten } from '../../../lib/json/known-text.ts';
import type { Detour } from '../../detour-store.ts';
import type { OutboxEntry } from '../../outbox-store.ts';

/** What every entry has. */
export interface EntryHead {
  readonly id: number;
  readonly messageId: string;
  readonly orderKey: string;
  readonly createdAt: number;
  /** The alert as JSON. */
  readonly text: string;
}

/** What an entry has from earlier attempts, earlier messages of its alert, or a detour. */
export interface EntryPast {
  readonly attempts: number;
  readonly first_attempt_at: number | null;
  readonly aged_ms: number;
  readonly tried_at: number | null;
  readonly probed_from: number | null;
  readonly receipt: string | null;
  readonly instead_of: string | null;
  readonly escalated_after: number | null;
}

export const NO_PAST: EntryPast = {
  attempts: 0,
  first_attempt_at: null,
  aged_ms: 0,
  tried_at: null,
  probed_from: null,
  receipt: null,
  instead_of: null,
  escalated_after: null,
};

export function createStoredEntry(target: string, head: EntryHead, past: EntryPast): OutboxEntry {
  return new StoredEntry(target, head, past);
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

  constructor(target: string, { id, messageId, orderKey, createdAt, text }: EntryHead, past: EntryPast) {
    this.id = id;
    this.messageId = messageId;
    this.target = target;
    this.orderKey = orderKey;
    this.attempts = past.attempts;
    this.createdAt = createdAt;
    this.firstAttemptAt = past.first_attempt_at;
    this.agedMs = past.aged_ms;
    this.triedAt = past.tried_at;
    this.probedFrom = past.probed_from;
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

function detourOf({ instead_of, escalated_after }: EntryPast): Detour | null {
  if (instead_of !== null) return { kind: 'fallback', of: instead_of };
  return escalated_after === null ? null : { kind: 'escalation', afterMs: escalated_after };
}

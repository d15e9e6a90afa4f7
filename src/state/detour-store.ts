import type { Alert, Disposition } from '../alerts/alert.ts';
import type { Severity } from '../rules/rule.ts';
import type { ChangedBy } from './audit-store.ts';

/** Why an entry goes to a target that its alert was not sent to at first. */
export type Detour =
  /** It waits for the target `of`, too, which takes nothing. */
  | { readonly kind: 'fallback'; readonly of: string }
  /** Nobody has acknowledged the alert within `afterMs`. */
  | { readonly kind: 'escalation'; readonly afterMs: number };

/** Entries that wait for one target and are to reach another one, too. */
export interface Diversion {
  readonly of: string;
  readonly to: string;
  /** A few hundred at most, in ascending order. */
  readonly ids: readonly number[];
  /** Epoch ms. */
  readonly at: number;
}

/** Further targets that an alert goes to, one after another, for as long as nobody has acknowledged it and it fires. */
export interface Escalation {
  /** Outbox time before the first, and between any two. */
  readonly everyMs: number;
  readonly targets: readonly string[];
  /** The revision with which the severity has risen: only an acknowledgement behind it holds. Left out: any does. */
  readonly risen?: number;
}

/** How a message reaches its target. */
export interface Way {
  readonly target: string;
  /** It waits for the next digest instead of going out by itself; a digest goes out so long after its first message. */
  readonly digestMs?: number;
  /** Begins with the first message of the alert, while it fires, that names it; named by several of them, it is the same one. */
  readonly escalation?: Escalation;
}

/** What a digest may be made of. */
export interface DueDigest {
  readonly id: number;
  readonly tenant: string;
  readonly target: string;
  /** Epoch ms at which its first message was committed. */
  readonly from: number;
  /** Message id of its first message. */
  readonly firstMessageId: string;
  /** How many alerts there are of each severity and rule, highest severity and most alerts first. */
  readonly counts: readonly { readonly severity: Severity; readonly rule: string; readonly alerts: number }[];
  /** The newest revision of each of the first alerts: highest severity, then oldest first. */
  readonly alerts: readonly Alert[];
}

/** Who took an alert on. */
export interface StoredAcknowledgement {
  readonly by: string;
  /** Epoch ms. */
  readonly at: number;
  /** What it turned out to be, as was said last; left out: nobody has said. */
  readonly disposition?: Disposition;
}

/** How many alerts of a rule somebody has taken on, and what they turned out to be; of those that the state still holds. */
export interface AcknowledgementCount {
  readonly tenant: string;
  readonly ruleId: string;
  readonly acknowledged: number;
  readonly dispositions: Readonly<Record<Disposition, number>>;
}

/** The part of the state that brings alerts to targets they were not sent to at first. */
export interface DetourStore {
  /** Ids of all pending entries of a target behind `after`, ascending. */
  waitingIds(target: string, after: number): Promise<readonly number[]>;
  /**
   * Gives the target `to` an entry of its own, under the same message id, for each of these that is pending still; returns how many were
   * added. Messages that are there already stay as they are, and a resolve goes only where something of its alert went before.
   */
  divert(diversion: Diversion): Promise<number>;

  /**
   * The first one holds, and behind each rise of the severity that is escalated the first after it; of dispositions the latest that is given. Ends the escalations of the alert, and with its rule's next
   * run its updates; null where the state has no such alert. Any process may call it.
   */
  acknowledge(
    alertId: string,
    acknowledgement: StoredAcknowledgement,
    asked?: ChangedBy,
  ): Promise<StoredAcknowledgement | null>;
  acknowledgementOf(alertId: string): Promise<StoredAcknowledgement | null>;
  /** By tenant and rule, in their order; rules without any are left out. */
  acknowledgementCounts(): Promise<readonly AcknowledgementCount[]>;
  /**
   * Gives each escalation that is due at the outbox time `now` its next target, once; an alert that was acknowledged (since its severity has risen, where that
   * began it) or resolved goes to no further one. Returns the targets that have new entries.
   */
  escalate(due: { readonly now: number; readonly at: number }): Promise<readonly string[]>;
  /** Closes digests that are due at the outbox time `now`, or for other targets than `targets`, and returns all that are closed and not told. */
  dueDigests(due: {
    readonly now: number;
    readonly targets: readonly string[];
    readonly limit: number;
  }): Promise<readonly DueDigest[]>;
  /** Commits the alert that a digest was made into, with an entry for its target; done twice it is done once. */
  tellDigest(digest: Pick<DueDigest, 'id' | 'target'>, alert: Alert): Promise<void>;
  /** The outbox time at which the next escalation or digest falls due; null: none does. */
  nextDetour(): Promise<number | null>;
}

import type { Alert } from '../alerts/alert.ts';
import type { Format } from '../formats/format.ts';
import type { Preset } from '../formats/presets/preset.ts';
import type { CheckResult } from '../lib/check-result.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';

/** What is handed to a target: one alert, already rendered by the target's format. */
export interface Delivery {
  /** Goes out as `webhook-id` and `Idempotency-Key`; docs/alerts.md tells how it is made. */
  readonly messageId: string;
  /** May be parsed each time that it is asked for: ask once. */
  readonly alert: Alert;
  /** The alert as JSON, where it is there without being written. */
  readonly text?: string;
  /** What this target answered to an earlier message of the alert, such as the key of a ticket; null: nothing. */
  readonly receipt: string | null;
}

/** What came of one delivery. The outbox decides what follows; a target never retries. */
export type DeliveryResult =
  /** `receipt`, at most 512 characters, is handed back with later messages of the alert. */
  | { readonly kind: 'delivered'; readonly receipt?: string }
  /** Try this entry again, not before `retryAfterMs` where the other side told it. */
  | {
      readonly kind: 'again';
      readonly reason: string;
      readonly status: number | null;
      readonly retryAfterMs: number | null;
    }
  /** The target as a whole does not take anything: entries wait, one probe goes out. */
  | {
      readonly kind: 'blocked';
      readonly reason: string;
      readonly status: number | null;
      readonly retryAfterMs: number | null;
    }
  /** This entry will never be taken: dead letter. `answer` is the first 1 kB of the reply. */
  | { readonly kind: 'refused'; readonly reason: string; readonly status: number | null; readonly answer: string };

/** What is no alert: something that happened, for those who collect it. No format knows of it. */
export interface JournalMessage {
  /** The same when it is handed over again; no two that say something else have one. */
  readonly id: string;
  /** ISO, UTC. */
  readonly at: string;
  /** One JSON object on one line, of at most so many bytes; null: whole. */
  text(maxBytes: number | null): string;
}

export interface TargetTraits {
  readonly concurrency: number;
  /** Deliveries a second, or null. */
  readonly ratePerSecond: number | null;
  /**
   * Entries of one order key are handed over one behind another, without waiting for results. Results then come in the order in which entries were
   * handed over; of one that is not taken the result is there before anything handed over later is taken, and all behind it are not taken either.
   */
  readonly keepsOrder?: true;
  /** For a target with `deliverMany`; concurrency and rate then count batches. */
  readonly batch?: BatchTraits;
  /** For a receiver that forgets: alerts that fire are handed over again. */
  readonly resend?: ResendTraits;
}

/** How long alerts that a target has taken are handed over again. */
export interface ResendTraits {
  readonly everyMs: number;
  /** Since the message was committed; health alerts until they are resolved. */
  readonly forMs: number;
}

/** How many entries are gathered into one delivery. */
export interface BatchTraits {
  /** At most 1,000, which is what the outbox has ready. */
  readonly max: number;
  /** An entry waits this long at most for others. */
  readonly everyMs: number;
  /** Of the alerts as JSON, about; the target keeps to the bytes of its receiver itself. */
  readonly maxCharacters: number;
}

/**
 * Where alerts go. `deliver` resolves with a result for every outcome it can name and throws only for defects of ours.
 * Entries of one dedup key are handed over one after another, unless the target keeps their order itself.
 */
export interface Target {
  readonly name: string;
  readonly type: string;
  readonly traits: TargetTraits;
  deliver(delivery: Delivery, signal: AbortSignal): Promise<DeliveryResult>;
  /** One result each, in their order. No two are of one dedup key. */
  deliverMany?(deliveries: readonly Delivery[], signal: AbortSignal): Promise<readonly DeliveryResult[]>;
  /**
   * Hands over what is no alert, whatever the settings say of alerts: one result each, in their order. Only of types whose plugin has a
   * `journalRefusal`.
   */
  carry?(messages: readonly JournalMessage[], signal: AbortSignal): Promise<readonly DeliveryResult[]>;
  /** What `doctor` asks: whether deliveries could arrive, as far as that shows without sending anything. Never rejects for what it finds. */
  check(signal: AbortSignal): Promise<readonly CheckResult[]>;
  /** Flushes and closes; deliveries still in flight resolve as `again`. */
  close(): Promise<void>;
}

/** A request that would be sent, as people may see it: secrets are masked. */
export interface RehearsedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface TargetDeps {
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly format: Format;
  /** The bodies of a vendor, for the target of that name. */
  readonly preset: Preset | null;
  /** Given, requests go there and not out; each is answered with a 200 that finds nothing. */
  readonly rehearse?: (request: RehearsedRequest) => void;
}

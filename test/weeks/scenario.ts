import type { RuleStatus, Severity } from '../../src/rules/rule.ts';

/**
 * One simulated week as plain data: the same scenario gives the same week. All times (`at`, `from`, `to`) are seconds after `start` of
 * the service's clock, all lengths seconds.
 */
export interface Scenario {
  readonly seed: number;
  /** ISO; true time, which is the service's. */
  readonly start: string;
  /** Faults and events end before; what is left of the week is calm. */
  readonly length: number;
  readonly service: ServiceSpec;
  /** Further tenants beside the first, which is `contoso`; none where left out. */
  readonly otherTenants?: readonly TenantSpec[];
  readonly targets: readonly TargetSpec[];
  /** What hides alerts of a rule for a time; none where left out. */
  readonly silences?: readonly SilenceSpec[];
  /** Where alerts of rules go beside their targets; nowhere where left out. */
  readonly detours?: DetourSpec;
  /** What our clock is ahead of true time at the beginning. */
  readonly skew: number;
  readonly rules: readonly RuleSpec[];
  readonly events: readonly EventSpec[];
  readonly faults: readonly Fault[];
}

export interface ServiceSpec {
  /** What we plan with; the service itself allows an eighth more. */
  readonly callsPerMinute: number;
  readonly callsPerHour: number;
  readonly maxRows: number;
  readonly retention: number;
  /** How long a query takes, at least and at most. */
  readonly latency: readonly [number, number];
  /** It tells the time in steps of so many ms; a `Date` header has whole seconds. */
  readonly dateStep: number;
  /** How many rules may go in one call; each alone where it is left out. */
  readonly pack?: number;
}

/** A tenant of its own: its API, its quota, and faults that are told by its name. */
export interface TenantSpec {
  readonly name: string;
  readonly service: ServiceSpec;
}

export const FIRST_TENANT = 'contoso';

export type SilenceSpec =
  /** `added`: beside the process, before the week begins; else it is configured. */
  | (Span & { readonly counts: 'silenced'; readonly id: string; readonly rule: string; readonly added: boolean })
  /** Each day at `hour` UTC for so many hours. */
  | {
      readonly counts: 'maintenance';
      readonly id: string;
      readonly rule: string;
      readonly hour: number;
      readonly hours: number;
    };

export interface DetourSpec {
  /** What goes to the first target, and nobody takes on within so long, goes to `pager`, too; null: it does not. */
  readonly escalateAfter: number | null;
  /** All of it goes to `mail`, in a digest so long after its first alert; null: it does not. */
  readonly digestEvery: number | null;
  /** What waits for the first target goes to `standby`, too, once that has been down for so long; null: it does not. */
  readonly fallbackAfter: number | null;
}

export interface TargetSpec {
  readonly name: string;
  readonly concurrency: number;
}

export const FAMILIES = [
  'stream',
  'stream-as-of',
  'stream-reach',
  'stream-own-filter',
  'stream-fan-out',
  'stream-context',
  'stream-group',
  'set-count',
  'set-pairs',
  'set-first-seen',
  'snapshot',
] as const;
/** The form of a rule's query; families.ts tells each. */
export type Family = (typeof FAMILIES)[number];

export interface RuleSpec {
  readonly id: string;
  /** The first where left out. */
  readonly tenant?: string;
  /** It is in no file, until an edit puts it there. */
  readonly absent?: boolean;
  /** What its events are marked with: it stays through edits and renames. */
  readonly mark: string;
  readonly family: Family;
  readonly table: string;
  readonly severity: Severity;
  readonly status: RuleStatus;
  readonly schedule: { readonly every: number } | { readonly cron: string; readonly timezone: string };
  readonly lookback: number | null;
  readonly basis: 'ingestion' | 'event';
  /** How many rows or groups it takes; for the families that count. */
  readonly atLeast: number;
  /** Whether the rows of a set tell an event time. */
  readonly timed: boolean;
  readonly dedup: readonly string[] | null;
  readonly suppress: number | null;
  readonly limit: number | null;
  /** Updates of alerts that fire; none where left out. */
  readonly updates?: { readonly every: number; readonly when: 'grown' | 'severity' };
  readonly exceptions: readonly { readonly device: string; readonly expires: number }[];
  /** Ids that it had before. */
  readonly previousIds: readonly string[];
}

export interface EventSpec {
  /** Unique in the scenario, from 1: the event's ReportId. */
  readonly id: number;
  readonly mark: string;
  readonly device: string;
  readonly account: string;
  /** When it arrives at the service. */
  readonly at: number;
  /** How long before its arrival it happened. */
  readonly late: number;
  /** How long after its arrival queries see it. */
  readonly hidden: number;
  /** For pairs, which half it is. */
  readonly half: '' | 'a' | 'b';
  /** What it fans out to. */
  readonly parts: readonly string[];
  /** So long after its arrival the same row arrives once more; never where left out. */
  readonly again?: number;
}

/** Where a process can be killed; `moment`: at a time, whatever it does. */
export const KILL_POINTS = [
  'moment',
  'admitted',
  'asking',
  'halving',
  'before commit',
  'after commit',
  'before send',
  'after send',
  'before ack',
  'after ack',
] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

export type ApiFailure = 'network' | 'server' | 'auth' | 'broken-answer';
export type TargetFailure = 'again' | 'blocked' | 'throttled' | 'refused' | 'hangs';

interface Span {
  readonly from: number;
  readonly to: number;
}

/** A fault of one tenant's API; of the first's where left out. */
interface OfApi {
  readonly tenant?: string;
}

export type Fault =
  | (Span & OfApi & { readonly kind: 'api'; readonly failure: ApiFailure })
  /** The next `count` requests break before any byte of an answer. */
  | (OfApi & { readonly kind: 'reset'; readonly at: number; readonly count: number })
  | (Span & OfApi & { readonly kind: 'throttle'; readonly retryAfter: number | null })
  /** Windows longer than `longest` (or any with `longest` 0) of a rule time out, after `after` seconds. */
  | (Span & OfApi & { readonly kind: 'heavy'; readonly mark: string; readonly longest: number; readonly after: number })
  | (Span & OfApi & { readonly kind: 'slow'; readonly latency: number })
  /** Every `nth` answer tells a time that is `off` seconds wrong. */
  | (Span & OfApi & { readonly kind: 'date'; readonly off: number; readonly nth: number })
  | (Span & {
      readonly kind: 'target';
      readonly target: string;
      readonly failure: TargetFailure;
      readonly retryAfter: number | null;
    })
  /** Our clock is set: from then on it is `skew` seconds ahead of true time. */
  | { readonly kind: 'clock'; readonly at: number; readonly skew: number }
  /** The machine sleeps: nothing runs and monotonic time stands. */
  | { readonly kind: 'suspend'; readonly at: number; readonly length: number }
  /** The process dies at the `nth` time that it reaches the point after `at`, and is started `down` seconds later. */
  | {
      readonly kind: 'kill';
      readonly at: number;
      readonly point: KillPoint;
      readonly nth: number;
      readonly down: number;
    }
  /** The process is stopped in order, the rules are edited, and it is started again. */
  | { readonly kind: 'restart'; readonly at: number; readonly down: number; readonly edits: readonly Edit[] }
  /** Everything is read again while the process goes on: with edits and other settings of targets, or refused, and all stays as it was. */
  | {
      readonly kind: 'reload';
      readonly at: number;
      readonly edits: readonly Edit[];
      readonly targets: readonly TargetSpec[] | null;
      readonly refused: boolean;
    }
  /** Somebody asks the running process for turns: of past time, from `from` to `to`, or for a run as of now. */
  | (Span & { readonly kind: 'backfill'; readonly at: number; readonly rule: string })
  | { readonly kind: 'run-now'; readonly at: number; readonly rule: string }
  /** Somebody takes on the newest alert of a rule that fires and nobody has. */
  | { readonly kind: 'acknowledge'; readonly at: number; readonly rule: string }
  /** The state as it was at `from` is put back at `at`. */
  | { readonly kind: 'put-back'; readonly from: number; readonly at: number; readonly down: number };

/** `set: null` removes the rule; an `id` in it renames it. */
export interface Edit {
  readonly rule: string;
  readonly set: Partial<RuleSpec> | null;
}

export const SECOND = 1000;
export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

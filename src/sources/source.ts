import type { Column } from '../kql/types.ts';
import type { TimeRange } from '../kql/window.ts';
import type { Cache } from '../lib/cache.ts';
import type { CheckResult } from '../lib/check-result.ts';
import type { Clock } from '../lib/clock.ts';
import type { HuntwireError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { AuthConfig } from './auth/auth-config.ts';

export const API_NAMES = ['graph', 'xdr', 'mde', 'loganalytics', 'kusto', 'lake', 'local'] as const;
export type ApiName = (typeof API_NAMES)[number];

/** A value in a row after normalization. Integers beyond 2^53 are decimal strings; datetimes are UTC ISO strings. */
export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [key: string]: Cell };

/** One result row, normalized to the schema that came with it: exactly the schema's columns, in its order. */
export type Row = Readonly<Record<string, Cell>>;

export interface QueryRequest {
  /** For the comment line in front of the query, `// huntwire <rule id>`. */
  readonly ruleId: string;
  /** The rendered query, without that comment. */
  readonly query: string;
  /** L, in epoch ms: what the query calls now, for services that can be told. */
  readonly asOf?: number;
  /** Outside of this range of `TimeGenerated` no row can matter, for services that can be told. */
  readonly range?: TimeRange;
  /** Over a new connection: the one before broke. */
  readonly fresh?: boolean;
  readonly signal: AbortSignal;
}

/** Called once, before the first row, or with no row at all when the answer is empty. */
export interface RowSink {
  schema(columns: readonly Column[]): void;
  row(row: Row): void;
}

export interface QueryEnd {
  readonly rows: number;
  /** Exactly the API's row limit came back: there may be more. */
  readonly truncated: boolean;
  readonly bytes: number;
  /** How many bytes the query read, where the service tells: what it is charged for is no less. */
  readonly scannedBytes?: number;
  readonly elapsedMs: number;
  /** The service's clock in epoch ms at the end of the answer: its `Date` and the time since. Null where it did not say, or nobody can vouch for it. */
  readonly serviceTime: number | null;
}

/**
 * Where queries run. A client sends once and never retries: every failure is a HuntwireError with a SOURCE_ code,
 * and rows already handed to the sink then count for nothing. An answer that failed tells the service's time in its error.
 */
export interface Source {
  readonly api: ApiName;
  /** Rows that the API returns at most; an answer of exactly as many is truncated. */
  readonly maxRows: number;
  readonly retentionMs: number;
  /** ISO date on which the API stops, or null. */
  readonly retiresOn: string | null;
  readonly quota: QuotaLimits;
  /** What it can tell of when rows came; absent: as the hunting APIs. */
  readonly arrival?: ArrivalTraits;
  /** What a GB that a query reads costs, where the settings say it. */
  readonly pricePerGb?: number;
  /** How many rules may be asked in one call where calls are short; absent: one. */
  readonly packRules?: number;
  /** Epoch ms at which the certificate of the credentials expires; null or absent: not known. */
  readonly credentialExpiresAt?: number | null;
  /** Why it cannot be asked as it is configured, which fails every query; null or absent: it can. It may be tried again for who asks this. */
  blockedBy?(): HuntwireError | null;
  query(request: QueryRequest, sink: RowSink): Promise<QueryEnd>;
  /** All its tables, in one call; rejects as query does. Absent where no one call tells them. */
  tables?(signal: AbortSignal): Promise<ToldTables>;
  /**
   * Gets the token that the first query needs anyway. Tells the service's clock as the login host has it, null where that did not say;
   * rejects as query does. Absent where there is no login.
   */
  greet?(signal: AbortSignal): Promise<number | null>;
  /** DNS, TLS, token, permission, a one-row query: for `doctor`. */
  check(signal: AbortSignal): Promise<readonly CheckResult[]>;
  close(): Promise<void>;
}

/** A table as a source tells it. */
export interface ToldTable {
  readonly columns: readonly Column[];
  /** The column that holds the time of a row; null: none does. */
  readonly time: string | null;
}

/** All tables of a source, and the end of the call that told them. */
export interface ToldTables {
  readonly tables: ReadonlyMap<string, ToldTable>;
  readonly end: QueryEnd;
}

/** What a source can tell of when rows came and happened. */
export interface ArrivalTraits {
  /** Whether rows have an `ingestion_time()`: all, those of some tables (each is asked once a week), or none. */
  readonly ingestionTime: 'always' | 'asked' | 'never';
  /** How long a row may take at most until it is found, ms: a window by event time ends no later before now. */
  readonly minDelayMs: number;
  /** How much of what came before a window by event time reads again at least, ms. */
  readonly minOverlapMs: number;
  /** Columns that hold the time of a table's rows, where the settings say so. */
  readonly timeColumns: Readonly<Record<string, string>>;
}

/** Limits that the meter plans with; null: not limited. */
export interface QuotaLimits {
  readonly callsPerMinute: number | null;
  readonly callsPerHour: number | null;
  readonly runSecondsPerHour: number | null;
  readonly runSecondsPerDay: number | null;
  readonly concurrency: number;
}

/** Of sources that ask nobody: one query at a time, as many as come. */
export const UNLIMITED: QuotaLimits = {
  callsPerMinute: null,
  callsPerHour: null,
  runSecondsPerHour: null,
  runSecondsPerDay: null,
  concurrency: 1,
};

/** One call on the meter. */
export interface MeteredCall {
  /** When the call began, in ms: epoch of the service's clock in the store, monotonic in the meter's memory. */
  readonly at: number;
  readonly runMs: number;
}

/** A call as it stands in the store. */
export interface NumberedCall extends MeteredCall {
  readonly number: number;
}

/** Who used up what a 429 spoke of: our calls, those of others of the tenant, or queries by what they took to process. */
export type ThrottleCause = 'calls' | 'others' | 'processing';

/** What a 429 leaves behind beside its pause, as it is stored: what was left of it at `writtenAt`. */
export interface StoredRestraint {
  readonly cause: ThrottleCause;
  /** How much longer low lanes do not go. */
  readonly heldMs: number;
  /** Which share of the limits of calls is used, above 0 to 1; it grows back. */
  readonly pace: number;
  /** How far it grows back. */
  readonly ceiling: number;
  /** Epoch ms of the service's clock; of ours where that was not known. */
  readonly writtenAt: number;
}

/** A pause as it is stored: no instant of a clock that may be wrong, but what was left of it when it was written. */
export interface StoredPause {
  readonly remainedMs: number;
  /** Epoch ms of the service's clock; of ours where that was not known. */
  readonly writtenAt: number;
}

/** Where the meter keeps its record, so that a restart does not forget. Implemented by state. */
export interface QuotaStore {
  /** Calls that began at `since` or later, oldest first, those in flight too. */
  calls(tenant: string, api: ApiName, since: number): Promise<readonly MeteredCall[]>;
  /** Records a call as it is admitted, with the time that it is expected to take: a kill in flight leaves it as made. Gives its number. */
  beginCall(tenant: string, api: ApiName, call: MeteredCall): Promise<number>;
  endCall(number: number, runMs: number): Promise<void>;
  /** The call was admitted and never made. */
  cancelCall(number: number): Promise<void>;
  /** Calls of all processes with a greater number, by their numbers. */
  callsAfter(tenant: string, api: ApiName, number: number): Promise<readonly NumberedCall[]>;
  pauseOf(tenant: string, api: ApiName): Promise<StoredPause | null>;
  pause(tenant: string, api: ApiName, pause: StoredPause): Promise<void>;
  restraintOf(tenant: string, api: ApiName): Promise<StoredRestraint | null>;
  restrain(tenant: string, api: ApiName, restraint: StoredRestraint): Promise<void>;
}

export interface SourceDeps {
  readonly tenant: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly cache: Cache;
  /** For the User-Agent. */
  readonly version: string;
  /** The tenant's `auth` settings; null for sources that ask nobody. */
  readonly auth: AuthConfig | null;
  /** Shows a device code message to the person at the terminal. */
  readonly prompt: (message: string) => void;
}

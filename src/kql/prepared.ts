import type { Edit } from './edits.ts';
import type { Column } from './types.ts';
import type { WindowBasis } from './window.ts';

/** `stream`: each result row comes from one new row of a driving table; `set`: everything else; `snapshot`: no window at all. */
export type Shape = 'stream' | 'set' | 'snapshot';

/** `driving`: its new rows can make a hit; `context`: only looked up; `entity`: context with 7 days; `untimed`: has no time column, gets no filter. */
export type TableRole = 'driving' | 'context' | 'entity' | 'untimed';

export interface TableReference {
  readonly table: string;
  /** Whether the Defender schema has the table; where not, `timeColumn` is a guess that RenderOptions.timeColumns can correct. */
  readonly known: boolean;
  /** Whether the name comes from a wildcard: several references then share one span, which is replaced by the list of them. */
  readonly expanded: boolean;
  readonly role: TableRole;
  /** `Timestamp`, `TimeGenerated`, or null: no filter. */
  readonly timeColumn: string | null;
  /** Span of the whole expression that denotes the table, as offsets in the rule's query. */
  readonly start: number;
  readonly end: number;
  /** Own lookback of a context table in ms, where known (`window.tables`, else its own filter, else 7 days of entity tables); null: the window of the run. */
  readonly lookbackMs: number | null;
  /** The farthest own filter of a reference that is looked up, in ms; null: none. */
  readonly ownMs: number | null;
  /** What becomes of the reference's own time filters; null: it has none. */
  readonly filter: 'absorbed' | 'kept' | null;
  /** Of an entity table with no word of `window.tables`, conditions on its time that do not say how far back they ask. Absent: none. */
  readonly unclear?: readonly { readonly start: number; readonly end: number }[];
  /** Whether the leg must end in `| as T`, because the query uses `union withsource=`. */
  readonly nameLeg: boolean;
}

/** A place where time is asked for, to be replaced by a literal of the run's logical time: `now()`, `now(x)`, `ago(x)`. */
export interface TimeCall {
  readonly start: number;
  readonly end: number;
  /** Offset from L in ms where constant (`ago(1h)` is -3600000); null: `expression` is kept and subtracted or added. */
  readonly offsetMs: number | null;
  /** `+` or `-`: how a non-constant argument applies to L. */
  readonly sign: '+' | '-';
  readonly argumentStart: number;
  readonly argumentEnd: number;
}

/** A conjunct of a `where` that asks how far back the rows of event tables lie, at a distance from now. */
export interface OwnFilter {
  readonly start: number;
  readonly end: number;
  readonly tables: readonly string[];
  /** The (farthest) distance in ms. */
  readonly distanceMs: number;
  /** Why it stays in the query, in words; null: it is absorbed, because the window says it. */
  readonly because: string | null;
}

/** Why filters of a set are kept that would be absorbed if the rule said no other lookback. */
export const OTHER_LOOKBACK = 'the lookback is another';
export const KEPT_BY_RULE = '"window.keepFilters" says so';

/** How a row of this query is known to be the same row again, however often it comes back. */
export interface IdentityPlan {
  /** `event`: (Timestamp, device, ReportId); `row`: hash of the canonical row; `columns`: the named ones; `none`: nothing can be derived. */
  readonly kind: 'event' | 'row' | 'columns' | 'none';
  /** Result columns that make the key, for `event` and `columns`. */
  readonly columns: readonly string[];
  /** Of `event`, the result columns that tell apart the rows that one event gives; absent: there is but one, or they are one. */
  readonly fanOut?: readonly string[];
  /** Times, in the result, of looked-up rows that make several rows of one event: the newest stands for all. Absent: none. */
  readonly newest?: readonly string[];
  /** Of `row`, the result column that holds the time of the event as its table has it; absent: none does. */
  readonly time?: string;
  /**
   * Of a stream, result columns that are no part of a key, because they may hold something else when the row comes again: what was looked
   * up, or was made of that or of the time of the run. Absent: none, or nothing in their place would tell events apart.
   */
  readonly changing?: readonly string[];
  /** Of a stream, such columns that keys are made of all the same: when they change, an event is told again. Absent: none. */
  readonly loose?: readonly string[];
  /** Of a set, times in the result that its rows are grouped by, and that are no part of their key. Absent: none. */
  readonly bins?: readonly string[];
  /** Result columns with times that are none of the query's events. Absent: none. */
  readonly otherTimes?: readonly string[];
}

/** A diagnostic of the query, with offsets in the rule's query text. */
export interface QueryFinding {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint: string | null;
  /** The schema knows that the name is wrong, so near is it to one that it has: an error of lint, while the rule still runs. */
  readonly sure?: true;
  /** Of a name that is not known, the one that was most likely meant. */
  readonly meant?: string;
}

/** A habit of a query that costs or misleads, as a check of lint tells it; offsets in the rule's query text. */
export interface QueryNote {
  /** The id of the check. */
  readonly check: string;
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint: string | null;
}

/**
 * What is known of a query once it has been parsed: plain, frozen, serializable (it is cached in the state by hash).
 * `findings` of severity error refuse the rule.
 */
export interface PreparedQuery {
  readonly text: string;
  /** As asked for in the options; `none`: no table is filtered. */
  readonly basis: WindowBasis | 'none';
  /** Where reserved lets and params are put in: the start of the first statement. */
  readonly preludeAt: number;
  readonly shape: Shape;
  /** Why the analysis calls the query a set, in words, whatever the rule says of its shape; empty where it calls it a stream, and for snapshots. */
  readonly shapeReason: string;
  readonly tables: readonly TableReference[];
  readonly timeCalls: readonly TimeCall[];
  readonly ownFilters: readonly OwnFilter[];
  /** Of a stream, conditions on the time of its events whose distance from now is not constant: what they hide at first is not asked again. */
  readonly unclearFilters: readonly { readonly start: number; readonly end: number }[];
  /** What the text as sent has in the place of absorbed filters, wherever there is a window. */
  readonly absorbed: readonly Edit[];
  /** Of a set, how far back its absorbed filters asked: the default of its lookback. Else null. */
  readonly absorbedMs: number | null;
  /** Of a stream, how long after it happened an event passes its filters at the latest, in ms; 0: at once. */
  readonly upperMs: number;
  /** Largest constant distance from now in ms, absorbed filters and those of context tables aside; null where a distance is not constant; 0 where there is none. */
  readonly reachMs: number | null;
  /** Whether what runs asks for the time, once filters are absorbed. */
  readonly usesTime: boolean;
  /** Whether the text names `_from` or `_to`. */
  readonly usesWindowNames: boolean;
  readonly identity: IdentityPlan;
  /** Result columns against the Defender schema, or null where unknown. */
  readonly columns: readonly Column[] | null;
  /** Of a result that may have more columns than are known, those that are. Absent: it may not, or none is. */
  readonly openColumns?: readonly string[];
  readonly findings: readonly QueryFinding[];
  /** Absent: none. */
  readonly notes?: readonly QueryNote[];
  /** Whether it calls what nobody knows, which may read tables that it does not name. Absent: it does not. */
  readonly opaque?: true;
  /** Whether it may be one of several in one call. Absent: it may not. */
  readonly packable?: true;
  /** Of result columns that hold one of a few texts whatever the row, those texts. Absent: none. */
  readonly texts?: Readonly<Record<string, readonly string[]>>;
}

export interface PrepareOptions {
  /** `none` prepares a snapshot. */
  readonly basis: WindowBasis | 'none';
  /** The basis in its place where the query proves to be a set. Left out: the same. */
  readonly sets?: WindowBasis | undefined;
  /** Own lookbacks of context tables in ms; `none`: no filter. From `window.tables`. */
  readonly tables: Readonly<Record<string, number | 'none'>>;
  /** The rule's own statement of its shape, where given. */
  readonly shape: 'stream' | 'set' | null;
  /** Whether own time filters stay as they are: `sets`: in sets only. From `window.keepFilters`. */
  readonly keepFilters: 'never' | 'sets' | 'always';
  /** The rule's lookback in ms, where it says one. */
  readonly lookbackMs: number | null;
  /** The rule's `params`: their names must not be declared by the query, their values tell types and constant distances. */
  readonly params: Readonly<Record<string, ParamValue>>;
}

/** Turns texts into prepared queries; in-process or in a worker (kql/analyst.ts). */
export interface Analyst {
  prepare(text: string, options: PrepareOptions): Promise<PreparedQuery>;
  close(): Promise<void>;
}

/** Value of a rule's `params` entry. Integers may exceed 2^53 as bigint. */
export type ParamValue = string | number | bigint | boolean | readonly ParamValue[];

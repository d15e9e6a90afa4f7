import type { ParamValue, PreparedQuery, PrepareOptions, Shape } from '../kql/prepared.ts';
import type { WindowBasis } from '../kql/window.ts';
import type { Path, Place, YamlDocument } from '../lib/yaml/parse-yaml.ts';

export const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const RULE_STATUSES = ['enabled', 'testing', 'disabled'] as const;
export type RuleStatus = (typeof RULE_STATUSES)[number];

export const ENTITY_TYPES = ['host', 'account', 'file', 'process', 'ip', 'url', 'mail', 'registry', 'app'] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

export type Schedule = (
  | { readonly kind: 'every'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly cron: string; readonly timezone: string }
) & {
  readonly lookbackMs: number | null;
  /** What the windows of a set rule leave out is meant. Left out where it is not, so that hashes of rules stay what they were. */
  readonly pauses?: 'accepted';
};

/** Columns whose values no alert shows: dropped, or hashed with a secret so that equal ones can be told. */
export interface Redaction {
  readonly columns: readonly string[];
  readonly how: 'drop' | 'hash';
}

export type ThresholdOperator = '>' | '>=' | '<' | '<=' | '==' | '!=';
export type Measure = 'rows' | 'distinct' | 'sum' | 'avg' | 'min' | 'max';

export interface Threshold {
  readonly measure: Measure;
  /** The measured column; null for `rows`. */
  readonly column: string | null;
  readonly operator: ThresholdOperator;
  readonly value: number;
  readonly groupBy: readonly string[];
}

/** One entity to take from a row: fields name result columns (`{name: DeviceName}`). */
export interface EntityMapping {
  readonly type: EntityType;
  readonly fields: Readonly<Record<string, string>>;
}

export type AlertPer = 'row' | 'group' | 'run';

/** When an alert that is firing is told again: its severity has risen, or also that its condition has grown. */
export interface AlertUpdates {
  /** The shortest time between two messages, but for a severity that rises. */
  readonly everyMs: number;
  readonly when: 'grown' | 'severity';
}

export interface AlertSpec {
  readonly per: AlertPer;
  readonly title: string | null;
  readonly description: string | null;
  readonly severityColumn: string | null;
  /** null: inferred from well-known columns. */
  readonly entities: readonly EntityMapping[] | null;
  /** Beside `entities`, which an overlay added, those of well-known columns are told, too. Left out: only where `entities` is null. */
  readonly inferred?: true;
  /** Name in the alert's details to result column. */
  readonly details: Readonly<Record<string, string>>;
  readonly dedupColumns: readonly string[] | null;
  /** null: the default of docs/rules.md. */
  readonly suppressMs: number | null;
  /** Ms, or that the end of an alert is never told; left out: the default of docs/rules.md. */
  readonly resolveAfterMs?: number | 'never';
  /** What is told of an alert while it fires; left out: nothing. */
  readonly updates?: AlertUpdates;
  readonly limit: number;
  readonly evidence: number;
}

export interface Exception {
  /** All columns must match, any of a column's values; case-insensitive, `*` is a wildcard. */
  readonly where: Readonly<Record<string, readonly string[]>>;
  readonly reason: string;
  readonly owner: string;
  /** Epoch ms; rows from then on are no longer excepted. */
  readonly expires: number;
}

/** A test inside a rule file: result rows in, alerts out. `line` and `column` tell where it stands. */
export interface RuleTest {
  readonly name: string;
  /** Where it stands, if not in the rule's file. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
  /** Epoch ms; the L of the test's run. */
  readonly now: number;
  readonly rows: readonly Readonly<Record<string, unknown>>[] | null;
  /** Events by table, run through the local engine. Exactly one of `rows` and `tables` is given. */
  readonly tables: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> | null;
  /** Fixture rows by function name and by externaldata URL. */
  readonly functions: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly externaldata: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly alerts: readonly Readonly<Record<string, unknown>>[];
  /** `test --update` writes `alerts`, which say all that a snapshot says. Left out: a person does, and they say what they want. */
  readonly snapshot?: true;
}

/** Where the query text stands in its file, to map offsets in it back to a line and column. */
export interface SourceMap {
  readonly file: string;
  /** The place of an offset in the query text; of a saved function in front of it, in that one's file. */
  place(offset: number): Place;
  /** The place of a key given by its path, for example `['alert', 'dedup', 'columns', 0]`; the nearest enclosing one when absent. */
  placeOf(path: readonly (string | number)[]): Place;
  /** The place of a character of a text value, whatever the scalar's style. */
  textPlace(path: readonly (string | number)[], offset: number): Place;
  /** Offsets in the query of what stood first on a line that YAML joined to the one before (`>`); null: lines are as in the file. */
  readonly folds: readonly number[] | null;
  /** The comments around the query that contain a word; absent where the file's format has none. */
  comments?(word: string): readonly FileComment[];
  /** Saved functions that stand in front of the query, in their order. Left out: none. */
  readonly functions?: readonly { readonly name: string; readonly file: string }[];
  /** Lists that stand there, too. Left out: none. */
  readonly watchlists?: readonly { readonly alias: string; readonly file: string; readonly rows: number }[];
  /** What overlays say of the rule, in the order in which they were laid over it. Left out: nothing. */
  readonly overlaid?: readonly OverlaidPart[];
}

/** A comment of a rule's file and the lines that it speaks of; lines and columns count from 1. */
export interface FileComment {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly first: number;
  readonly last: number;
}

/** A part of a rule that an overlay says, and where it says it. */
export interface OverlaidPart {
  /** In the rule. */
  readonly path: Path;
  /** Of a list, the first entry that is the overlay's; null: all of it is. */
  readonly first: number | null;
  /** An entry of an overlay file, or a `defaults.yaml`. */
  readonly kind: 'entry' | 'defaults';
  readonly document: YamlDocument;
  /** Of the overlay in its document. */
  readonly entryPath: Path;
  /** Of the value in the overlay's document. */
  readonly at: Path;
}

/** In what a rule was written. */
export const RULE_FORMATS = ['native', 'sentinel', 'arm', 'detection-rule'] as const;
export type RuleFormat = (typeof RULE_FORMATS)[number];

/** Of a rule that another product was written for. */
export interface RuleOrigin {
  readonly format: Exclude<RuleFormat, 'native'>;
  /** What it says beside that and nothing here acts on: response actions, grouping of incidents. Plain JSON. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** One parsed, frozen YAML file, before its query was analyzed. */
export interface Rule {
  readonly id: string;
  /** Ids that it had before, oldest first; left out: none. */
  readonly previousIds?: readonly string[];
  readonly name: string;
  readonly description: string;
  readonly severity: Severity;
  readonly version: string;
  readonly status: RuleStatus;
  readonly attack: readonly string[];
  readonly tags: readonly string[];
  readonly author: string | null;
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  readonly runbook: string | null;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly query: string;
  readonly shape: 'stream' | 'set' | null;
  readonly schedule: Schedule;
  readonly window: {
    readonly basis: WindowBasis | 'none';
    readonly tables: Readonly<Record<string, number | 'none'>>;
    /** Whether the query's own time filters stay as they are. `sets`: in sets only, as imported rules want it. */
    readonly keepFilters: PrepareOptions['keepFilters'];
    /** The basis where the query is a set, when that is another. Left out where it is not, so that hashes of rules stay what they were. */
    readonly sets?: 'event';
    /** Of a source whose rows have no ingestion time: how far behind its time a run asks at least, and how much it reads again. */
    readonly unstamped?: { readonly delayMs: number; readonly overlapMs: number };
  };
  readonly threshold: Threshold;
  readonly alert: AlertSpec;
  readonly exceptions: readonly Exception[];
  /** What alerts do not show; left out: everything is shown. */
  readonly redact?: Redaction;
  /** Target names; null: the default targets. */
  readonly targets: readonly string[] | null;
  readonly tests: readonly RuleTest[];
  /** Absent: written for Huntwire. What a rule of another product does in its own home refuses it here only where it cannot run. */
  readonly origin?: RuleOrigin;
  /** SHA-256 (hex) of what decides the rule's results, for `rule.hash` in alerts and for caches. */
  readonly hash: string;
  readonly map: SourceMap;
}

/** A rule whose query has been prepared: what runs. */
export interface RunnableRule extends Rule {
  readonly prepared: PreparedQuery;
  /** Shape after the rule's own statement: what windows and keys follow. */
  readonly effectiveShape: Shape;
  /** Lookback in ms with the defaults by shape applied; 0 for snapshots. */
  readonly lookbackMs: number;
}

import type { Column } from '../../kql/types.ts';
import type { WindowBasis } from '../../kql/window.ts';
import type { EntityMapping, Redaction, RuleStatus, Severity, Threshold } from '../../rules/rule.ts';
import type { ExplainedHistory } from './history.ts';
import type { ExplainedRow } from './row/explained-row.ts';

/** What there is to know of a rule before it runs: the document of `explain --format json`. Times are ISO texts in UTC, durations as rules have them. */
export interface RuleExplanation {
  readonly rule: string;
  readonly name: string;
  readonly file: string;
  readonly status: RuleStatus;
  readonly severity: Severity;
  readonly hash: string;
  readonly schedule:
    | { readonly every: string }
    | { readonly cron: string; readonly timezone: string; readonly pauses?: 'accepted' };
  readonly shape: 'stream' | 'set' | 'snapshot';
  readonly because: string;
  /** null: a snapshot has none. */
  readonly lookback: string | null;
  /** Of a set, how far apart two events may arrive and still be found together; null: the question does not arise. */
  readonly together: string | null;
  /** Names of the tenants that run it; none where no configuration names its file. */
  readonly tenants: readonly string[];
  /** As of when it is told. */
  readonly at: string;
  /** The next scheduled times; empty where a rule never runs again. */
  readonly next: readonly string[];
  /** Of the next run, as if all before it had been covered; null: a snapshot. */
  readonly window: ExplainedWindow | null;
  /** The lengths that its windows are made with; null: a snapshot has none. */
  readonly lengths: ExplainedLengths | null;
  readonly tables: readonly ExplainedTable[];
  /** As the next run sends it, the comment line with the rule's id included. */
  readonly query: string;
  /** Saved functions that stand in front of the rule's own query. */
  readonly functions: readonly { readonly name: string; readonly file: string }[];
  /** Lists that stand there, too. */
  readonly watchlists: readonly { readonly alias: string; readonly file: string; readonly rows: number }[];
  /** null: they are known only once the query was run. */
  readonly columns: readonly Column[] | null;
  readonly rowKey: ExplainedKey;
  readonly mapping: ExplainedMapping;
  readonly targets: readonly ExplainedTarget[];
  readonly overlays: readonly OverlaidValue[];
  /** Retries, slices of heavy windows and what is made up for come on top. */
  readonly cost: { readonly callsPerDay: number };
  /** Those that may hide its hits; what entities and details say shows only in a run. */
  readonly silences: readonly ExplainedSilence[];
  /** What the state of each tenant knows of the time asked about; null: nobody asked, or there is no state. */
  readonly history: readonly ExplainedHistory[] | null;
  /** What becomes of a row in each tenant; null: nobody asked. */
  readonly row: readonly ExplainedRow[] | null;
}

/** Where its alerts may go, and what sends them there. */
export interface ExplainedTarget {
  readonly target: string;
  readonly because: string;
  /** Left out: each by itself. */
  readonly digest?: { readonly every: string };
  /** Left out: no further, acknowledged or not. */
  readonly escalate?: { readonly after: string; readonly to: readonly string[] };
  /** Who stands in while it is down; left out: nobody. */
  readonly fallback?: { readonly target: string; readonly after: string };
}

export interface ExplainedSilence {
  readonly kind: 'silence' | 'maintenance';
  readonly id: string;
  readonly match: readonly string[];
  readonly owner: string;
  readonly reason: string;
  /** null: maintenance, which comes again. */
  readonly ends: string | null;
}

export interface ExplainedLengths {
  /** How far behind its time a run asks. */
  readonly delay: string;
  /** How much a stream reads again; null: a set reads nothing again. */
  readonly readAgain: string | null;
  /** How much older than its arrival an event may be and still be found; null: windows go by the event. */
  readonly lateness: string | null;
}

export interface ExplainedWindow {
  readonly from: string;
  readonly to: string;
  readonly basis: WindowBasis;
}

export interface ExplainedTable {
  readonly name: string;
  readonly role: 'driving' | 'context' | 'entity' | 'untimed';
  /** null: all that the table has. */
  readonly window: ExplainedWindow | null;
  /** What became of the query's own time filters on it; null: it has none. */
  readonly filter: 'kept' | 'absorbed' | null;
  readonly known: boolean;
}

/** By what a row is known when it comes again. */
export interface ExplainedKey {
  readonly by: 'event' | 'columns' | 'row';
  readonly columns: readonly string[];
  /** Of `event`, what tells apart the rows that one event gives. */
  readonly fanOut: readonly string[];
  /** Of a whole row, what is left out. */
  readonly without: readonly string[];
}

export interface ExplainedMapping {
  readonly threshold: Threshold;
  readonly per: 'row' | 'group' | 'run';
  readonly title: string;
  readonly description: string | null;
  readonly severityColumn: string | null;
  /** null: inferred from well-known columns. */
  readonly entities: readonly EntityMapping[] | null;
  /** Whether inferred ones stand beside them. */
  readonly inferred: boolean;
  readonly details: Readonly<Record<string, string>>;
  /** Columns of the dedup key; null: the key of the row or group. */
  readonly dedup: readonly string[] | null;
  readonly suppress: string;
  /** How long the condition must be gone before its end is told; null: it is not. */
  readonly resolveAfter: string | null;
  readonly updates: { readonly every: string; readonly when: 'grown' | 'severity' } | null;
  readonly limit: number;
  readonly evidence: number;
  readonly exceptions: number;
  /** What the rule itself keeps from its alerts; null: nothing. */
  readonly redact: Redaction | null;
  /** All that is kept from its alerts, and by whom. */
  readonly redacted: readonly ExplainedRedaction[];
}

export interface ExplainedRedaction extends Redaction {
  /** An overlay counts as the rule. */
  readonly by: 'rule' | 'configuration';
}

/** A value that a rule does not have from its own file. */
export interface OverlaidValue {
  readonly path: string;
  readonly file: string;
  readonly line: number;
  /** As the overlay has it. */
  readonly value: unknown;
}

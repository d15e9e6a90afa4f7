import type { PreparedQuery, Shape } from '../../kql/prepared.ts';
import type { Place } from '../../lib/yaml/parse-yaml.ts';
import type { UnmatchedOverlay } from '../overlays/overlay.ts';
import type { Rule } from '../rule.ts';

export const LINT_SEVERITIES = ['error', 'warning', 'info'] as const;
export type LintSeverity = (typeof LINT_SEVERITIES)[number];

/** What rules may be meant for beside us. */
export const LINT_PURPOSES = ['custom-detection'] as const;
export type LintPurpose = (typeof LINT_PURPOSES)[number];

/** A text that takes the place of what stands between two places of a file; lines and columns count from 1, the end is behind it. */
export interface FileEdit {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
}

/** One finding as the command line prints it. */
export interface LintFinding {
  readonly check: string;
  readonly severity: LintSeverity;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Behind the last character that it is about; null where only its beginning is known. */
  readonly endLine: number | null;
  readonly endColumn: number | null;
  readonly message: string;
  readonly suggestion: string | null;
  /** What mends it without changing what the rule means; null where a person has to decide. */
  readonly fix: readonly FileEdit[] | null;
  /** Whether it keeps the rule from running: such a finding cannot be switched off. */
  readonly refuses: boolean;
}

/** What the source of a rule has. */
export interface Offer {
  readonly api: string;
  /** How far back it can be asked. */
  readonly retentionMs: number;
  /** Whether it has the tables of devices only. */
  readonly devicesOnly: boolean;
  /** Whether it has no `ingestion_time()`. */
  readonly isUnstamped: boolean;
  /** Whether it lacks the functions that only Defender has. */
  readonly lacksDefenderFunctions: boolean;
}

export interface LintContext {
  readonly prepared: PreparedQuery;
  /** Epoch ms. */
  readonly now: number;
  /** How far back the source can be asked, where none is known. */
  readonly retentionMs: number;
  /** Of the source that has least, of those that run the rule; absent: none is known. */
  readonly offer?: Offer;
}

/** An edit of the query's text, by offsets in it. */
export interface QueryEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What a check says; the check's own severity where none is given. */
export interface Remark {
  readonly place: Place;
  /** Behind the last character that it is about, where that is known. */
  readonly end?: Place;
  readonly message: string;
  readonly suggestion: string | null;
  readonly severity?: LintSeverity;
  /** Whether the rule cannot run because of it; where left out, the check's own word. */
  readonly refuses?: boolean;
  /** Edits that keep what the rule means. */
  readonly fix?: readonly QueryEdit[];
}

export interface LintSubject {
  readonly rule: Rule;
  readonly prepared: PreparedQuery;
}

/** What checks over several rules ask for beside these. */
export interface JointSettings {
  /** What overlays name and no rule of the whole set has; left out where less was loaded. */
  readonly unmatched?: readonly UnmatchedOverlay[];
}

/** One thing that lint looks for. Pure. */
export interface LintCheck {
  readonly id: string;
  /** What it looks for, for the table in docs/lint.md. */
  readonly description: string;
  /** What goes wrong where nobody heeds it, as a sentence of docs/lint.md and of a report's help. */
  readonly why: string;
  /** What to write instead, as a sentence. */
  readonly mend: string;
  readonly severity: LintSeverity;
  /** Whether it asks for what the analysis found: such a check is left out where the analysis refuses the query and so found nothing. */
  readonly analyzed: boolean;
  /** The shapes for which an error means that the rule cannot run at all. */
  readonly refuses: readonly Shape[];
  /** Asked only where rules are meant for that, too; left out: always. */
  readonly purpose?: LintPurpose;
  check(rule: Rule, context: LintContext): readonly Remark[];
  /** Looks at all rules together, after each was looked at alone. */
  finish?(rules: readonly Rule[], set: JointSettings): readonly (Remark & { readonly file: string })[];
}

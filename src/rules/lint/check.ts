import type { PreparedQuery, Shape } from '../../kql/prepared.ts';
import type { Place } from '../../lib/yaml/parse-yaml.ts';
import type { Rule } from '../rule.ts';

export type LintSeverity = 'error' | 'warning' | 'info';

/** One finding as the command line prints it. */
export interface LintFinding {
  readonly check: string;
  readonly severity: LintSeverity;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly suggestion: string | null;
}

export interface LintContext {
  readonly prepared: PreparedQuery;
  /** Epoch ms. */
  readonly now: number;
  /** How far back the source can be asked. */
  readonly retentionMs: number;
}

/** What a check says; the check's own severity where none is given. */
export interface Remark {
  readonly place: Place;
  readonly message: string;
  readonly suggestion: string | null;
  readonly severity?: LintSeverity;
}

export interface LintSubject {
  readonly rule: Rule;
  readonly prepared: PreparedQuery;
}

/** One thing that lint looks for. Pure. */
export interface LintCheck {
  readonly id: string;
  /** What it looks for, for the table in docs/rules.md. */
  readonly description: string;
  readonly severity: LintSeverity;
  /** Whether it asks for what the analysis found: such a check is left out where the analysis refuses the query and so found nothing. */
  readonly analyzed: boolean;
  /** The shapes for which an error means that the rule cannot run at all. */
  readonly refuses: readonly Shape[];
  check(rule: Rule, context: LintContext): readonly Remark[];
  /** Looks at all rules together, after each was looked at alone. */
  finish?(subjects: readonly LintSubject[]): readonly (Remark & { readonly file: string })[];
}

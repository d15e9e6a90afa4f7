import type { LintFinding } from '../../rules/lint/check.ts';
import type { SeverityCounts } from './lint-gate.ts';

/** What one go of lint found. */
export interface LintReport {
  /** Absolute paths of the rule files that were looked at. */
  readonly files: readonly string[];
  readonly rules: number;
  readonly findings: readonly LintFinding[];
  readonly counts: SeverityCounts;
  /** Why the exit code is 1, in words that add to the counts; null: it is 0. */
  readonly reason: string | null;
}

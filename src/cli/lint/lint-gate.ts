import { HuntwireError } from '../../lib/errors.ts';
import { LINT_SEVERITIES, type LintFinding, type LintSeverity } from '../../rules/lint/check.ts';

/** What makes the exit code 1. */
export interface LintGate {
  readonly failOn: LintSeverity;
  /** null: no limit. */
  readonly maxWarnings: number | null;
}

export interface GateOptions {
  readonly failOn: LintSeverity;
  readonly strict: boolean;
  readonly maxWarnings?: string;
}

export function gateOf({ failOn, strict, maxWarnings }: GateOptions): LintGate {
  if (maxWarnings !== undefined && !/^\d{1,9}$/.test(maxWarnings))
    throw new HuntwireError('USAGE', `--max-warnings: "${maxWarnings}" is no number of warnings; write 0 or more.`);
  return {
    failOn: strict && failOn === 'error' ? 'warning' : failOn,
    maxWarnings: maxWarnings === undefined ? null : Number(maxWarnings),
  };
}

export type SeverityCounts = Readonly<Record<LintSeverity, number>>;

export function countsOf(findings: readonly LintFinding[]): SeverityCounts {
  const count = (severity: LintSeverity): number => findings.filter((one) => one.severity === severity).length;
  return { error: count('error'), warning: count('warning'), info: count('info') };
}

/** Why the exit code is 1, in words that add to the counts; null: it is 0. */
export function reasonToFail(counts: SeverityCounts, { failOn, maxWarnings }: LintGate): string | null {
  if (counts.error > 0) return '';
  const failing = LINT_SEVERITIES.slice(0, LINT_SEVERITIES.indexOf(failOn) + 1).find((one) => counts[one] > 0);
  if (failing) return `failed, as --fail-on ${failOn} asks`;
  if (maxWarnings === null || counts.warning <= maxWarnings) return null;
  return `failed, as --max-warnings allows ${maxWarnings}`;
}

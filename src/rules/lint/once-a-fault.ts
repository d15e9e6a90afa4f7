import type { LintFinding } from './check.ts';

/** Checks that know more of an unknown function than the analysis, which tells it as well, and that it can have no window. */
const KNOWING = ['watchlist-unknown', 'sentinel-function'];

/** Of one rule: what the analysis tells of a place and a check tells better is told by that check alone, as severe as the analysis has it. */
export function onceAFault(findings: readonly LintFinding[]): readonly LintFinding[] {
  const knowing = findings.filter(({ check }) => KNOWING.includes(check));
  if (knowing.length === 0) return findings;
  const same = (one: LintFinding) => (other: LintFinding) =>
    one.file === other.file && one.line === other.line && one.column === other.column;
  const echoes = findings.filter((one) => one.check === 'query-finding' && knowing.some(same(one)));
  return findings
    .filter((one) => !echoes.includes(one))
    .map((one) => (KNOWING.includes(one.check) ? withWeight(one, echoes.filter(same(one))) : one));
}

function withWeight(finding: LintFinding, echoes: readonly LintFinding[]): LintFinding {
  const refusal = echoes.find(({ refuses }) => refuses);
  if (!refusal) return finding;
  return Object.freeze({ ...finding, severity: 'error', refuses: true });
}

import { suggest } from '../../../lib/nearest.ts';
import type { LintCheck, LintFinding } from '../check.ts';
import { disableUnclear } from '../disable-unclear.ts';
import { disableUnused } from '../disable-unused.ts';
import type { Disable } from './read.ts';

/** Whether a check did not look at a file. */
export type IdleChecks = (check: string, file: string) => boolean;

interface Disabling {
  readonly disables: readonly Disable[];
  /** Of all checks. */
  readonly names: readonly string[];
  readonly isIdle: IdleChecks;
}

/** The findings that no comment switches off, and what is wrong with the comments. One that refuses a rule stays. */
export function applyDisables(findings: readonly LintFinding[], disabling: Disabling): LintFinding[] {
  const { disables, names, isIdle } = disabling;
  const used = new Set<Disable>();
  const kept = findings.filter((finding) => {
    const covering = disables.filter((disable) => covers(disable, finding));
    for (const disable of covering) used.add(disable);
    return covering.length === 0 || finding.refuses;
  });
  const refusing = (disable: Disable): boolean => findings.some((one) => one.refuses && covers(disable, one));
  const faults = disables.flatMap((one) => {
    if (!names.includes(one.check)) return [unknown(one, names)];
    return faultOf(one, used.has(one) || isIdle(one.check, one.file), refusing(one));
  });
  return [...kept, ...faults];
}

/** Without a reason, a comment switches nothing off. */
function covers({ file, check, reason, first, last }: Disable, finding: LintFinding): boolean {
  if (reason === null || check !== finding.check || file !== finding.file) return false;
  return finding.line >= first && finding.line <= last;
}

function unknown(disable: Disable, names: readonly string[]): LintFinding {
  const { check } = disable;
  const message = check === '' ? 'The comment names no check.' : `There is no check "${check}".`;
  const near = suggest(check, names).trim();
  return finding(disableUnclear, disable, message, near || 'See docs/lint.md for the names of all checks.');
}

function faultOf(disable: Disable, isUsed: boolean, refuses: boolean): readonly LintFinding[] {
  const { check, reason } = disable;
  if (reason === null) {
    const message = `The comment gives no reason, so "${check}" is not switched off.`;
    return [finding(disableUnclear, disable, message, `Write "huntwire-disable ${check}: reason".`)];
  }
  if (refuses) {
    const message = `"${check}" keeps the rule from running here and cannot be switched off.`;
    return [finding(disableUnclear, disable, message, 'Mend what it finds.')];
  }
  if (isUsed) return [];
  const message = `The comment switches "${check}" off, which finds nothing here.`;
  return [finding(disableUnused, disable, message, 'Take the comment out.')];
}

function finding(check: LintCheck, { file, line, column }: Disable, message: string, suggestion: string): LintFinding {
  const { id, severity } = check;
  const place = { file, line, column, endLine: null, endColumn: null };
  return Object.freeze({ check: id, severity, ...place, message, suggestion, fix: null, refuses: false });
}

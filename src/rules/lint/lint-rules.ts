import type { Rule } from '../rule.ts';
import { effectiveShape } from '../shape.ts';
import type {
  FileEdit,
  JointSettings,
  LintCheck,
  LintContext,
  LintFinding,
  LintPurpose,
  LintSeverity,
  LintSubject,
  Offer,
  QueryEdit,
  Remark,
} from './check.ts';
import { applyDisables, type IdleChecks } from './disables/apply.ts';
import { disablesOf } from './disables/read.ts';
import { onceAFault } from './once-a-fault.ts';
import { querySpan } from './query-span.ts';
import { LINT_CHECKS } from './registry.ts';

/** By the name of a check how severe it is, whatever it says itself. */
export type CheckSeverities = Readonly<Record<string, LintSeverity | 'off'>>;

export interface LintSettings extends JointSettings {
  /** Epoch ms. */
  readonly now: number;
  readonly retentionMs: number;
  /** What the source has that runs the rules of a file; left out, or null: none is known. */
  readonly offerOf?: (file: string) => Offer | null;
  readonly purpose?: LintPurpose | undefined;
  /** From `lint.checks` of the configuration; left out, checks are as severe as they say. */
  readonly severities?: CheckSeverities;
  /** All rules that checks over several rules look at, where those are more than the subjects. */
  readonly all?: readonly Rule[];
}

/** What the checks say about a rule by itself, before anything was switched off. */
export interface OwnFindings {
  readonly rule: Rule;
  readonly findings: readonly LintFinding[];
  /** Whether the analysis refuses the query, so that checks which ask for what it found did not look. */
  readonly isRefused: boolean;
}

/** Everything that the checks say about the rules, by file and place, less what comments switch off. */
export function lintRules(subjects: readonly LintSubject[], settings: LintSettings): readonly LintFinding[] {
  return joinFindings(
    subjects.map((subject) => lintAlone(subject, settings)),
    settings,
  );
}

export function lintAlone(subject: LintSubject, settings: LintSettings): OwnFindings {
  const checks = LINT_CHECKS.filter(({ purpose }) => purpose === undefined || purpose === settings.purpose);
  return { rule: subject.rule, findings: lintRule(subject, checks, settings), isRefused: isRefused(subject) };
}

/** With what checks over several rules say. */
export function joinFindings(own: readonly OwnFindings[], settings: LintSettings): readonly LintFinding[] {
  const rules = settings.all ?? own.map(({ rule }) => rule);
  const single = onceEach(own.flatMap(({ findings }) => findings));
  const joint = LINT_CHECKS.flatMap((check) =>
    (check.finish?.(rules, settings) ?? []).map((remark) => toFinding(check, remark.file, remark, false)),
  );
  const { severities = {} } = settings;
  const found = [...single, ...joint].flatMap((finding) => withSeverity(finding, severities));
  const disables = onceEach(own.flatMap(({ rule }) => disablesOf(rule)));
  if (disables.length === 0) return found.sort(byPlace);
  const names = LINT_CHECKS.map(({ id }) => id);
  const left = applyDisables(found, { disables, names, isIdle: idleChecks(own, settings) });
  const told = left.flatMap((finding) => withSeverity(finding, severities));
  return told.sort(byPlace);
}

/** What stands in a saved function is found with every rule that uses it. */
function onceEach<T extends { readonly file: string; readonly line: number; readonly check: string }>(
  found: readonly T[],
): readonly T[] {
  const seen = new Set<string>();
  return found.filter((one) => {
    const key = JSON.stringify(one);
    return !seen.has(key) && seen.add(key);
  });
}

/** What the given checks say about one rule. */
export function lintRule(
  subject: LintSubject,
  checks: readonly LintCheck[],
  settings: LintSettings,
): readonly LintFinding[] {
  const { rule, prepared } = subject;
  // The settings are asked, not copied: who keeps findings notes whether they depend on the time.
  const { file } = rule.map;
  const offer = settings.offerOf?.(file) ?? null;
  const own = { prepared: { value: prepared }, ...(offer && { offer: { value: offer } }) };
  const context = Object.create(settings, own) as LintContext;
  const shape = effectiveShape(rule, prepared);
  const asked = isRefused(subject) ? checks.filter((check) => !check.analyzed) : checks;
  const found = asked.flatMap((check) =>
    check.check(rule, context).map((remark) => toFinding(check, file, remark, check.refuses.includes(shape), rule)),
  );
  return onceAFault(found);
}

function isRefused({ prepared }: LintSubject): boolean {
  return prepared.findings.some((finding) => finding.severity === 'error');
}

function toFinding(check: LintCheck, file: string, remark: Remark, refuses: boolean, rule?: Rule): LintFinding {
  const { place, end, message, suggestion, severity = check.severity, fix } = remark;
  return Object.freeze({
    check: check.id,
    severity,
    file: place.file ?? file,
    line: place.line,
    column: place.column,
    endLine: end?.line ?? null,
    endColumn: end?.column ?? null,
    message,
    suggestion,
    fix: fix && rule ? fix.map((edit) => inFile(rule, edit)) : null,
    refuses: remark.refuses ?? (refuses && severity === 'error'),
  });
}

function inFile({ map }: Rule, edit: QueryEdit): FileEdit {
  const { place, end = place } = querySpan(map, edit);
  return { line: place.line, column: place.column, endLine: end.line, endColumn: end.column, text: edit.text };
}

/** A finding that keeps a rule from running stays what it is: the rule would not run for its silence. */
function withSeverity(finding: LintFinding, severities: CheckSeverities): readonly LintFinding[] {
  const wanted = Object.hasOwn(severities, finding.check) ? severities[finding.check] : undefined;
  if (wanted === undefined || finding.refuses) return [finding];
  return wanted === 'off' ? [] : [Object.freeze({ ...finding, severity: wanted })];
}

/** Checks that did not look, by file: what switches them off is not useless. */
function idleChecks(own: readonly OwnFindings[], { severities = {}, purpose }: LintSettings): IdleChecks {
  const isOff = (id: string): boolean => Object.hasOwn(severities, id) && severities[id] === 'off';
  const off = LINT_CHECKS.filter((one) => isOff(one.id) || (one.purpose ?? purpose) !== purpose);
  const analyzed = LINT_CHECKS.filter((check) => check.analyzed).map(({ id }) => id);
  const refused = new Set(own.filter((one) => one.isRefused).map(({ rule }) => rule.map.file));
  return (check, file) => off.some(({ id }) => id === check) || (refused.has(file) && analyzed.includes(check));
}

function byPlace(a: LintFinding, b: LintFinding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.check < b.check ? -1 : 1);
}

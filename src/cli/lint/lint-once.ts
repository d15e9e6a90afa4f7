import type { Problem } from '../../lib/errors.ts';
import type { LintFinding, LintPurpose } from '../../rules/lint/check.ts';
import { lintRules } from '../../rules/lint/lint-rules.ts';
import type { Rule } from '../../rules/rule.ts';
import { DEFAULT_RETENTION_MS } from '../../rules/shape.ts';
import { type RuleSetOptions, readRuleSet } from '../rule-set.ts';
import type { World } from '../terminal/world.ts';
import { countsOf, type LintGate, reasonToFail } from './lint-gate.ts';
import type { LintReport } from './lint-report.ts';
import type { LintScope } from './lint-scope.ts';
import { findingsOfVerdict } from './verdict-findings.ts';

export interface LintOrder {
  readonly scope: LintScope;
  readonly gate: LintGate;
  /** Whether findings of a file are wanted; null: of all. Rules of other files are read for checks over several rules only. */
  readonly wanted: ((file: string) => boolean) | null;
  readonly reading: RuleSetOptions;
  readonly purpose?: LintPurpose | undefined;
}

/** One go over all rules. */
export async function lintOnce(
  world: World,
  { scope, gate, wanted, reading, purpose }: LintOrder,
): Promise<LintReport> {
  const isWanted = wanted ?? (() => true);
  const { prepared, problems, refusals, verdicts, files, rules, unmatched } = await readRuleSet(world, scope.places, {
    ...reading,
    ...(wanted && { analyzed: (rule) => filesOf(rule).some(wanted) }),
  });
  const { severities, devicesOnly, whole } = scope;
  const settings = {
    now: world.clock.now(),
    retentionMs: DEFAULT_RETENTION_MS,
    severities,
    devicesOnly,
    all: rules,
    purpose,
    unmatched: whole ? unmatched : [],
  };
  const found = lintRules(prepared.subjects, settings);
  const refused = [...prepared.problems, ...prepared.refusals].map(findingOf);
  const left = [...problems, ...refusals].map(findingOf).sort(byFile);
  const told = [...left, ...verdicts.flatMap(findingsOfVerdict)];
  const all = [...told, ...withoutTwins(refused, found), ...found];
  const findings = all.filter(({ file }) => isWanted(file));
  const counts = countsOf(findings);
  const looked = files.filter(isWanted);
  return { files: looked, rules: prepared.subjects.length, findings, counts, reason: reasonToFail(counts, gate) };
}

function byFile(a: LintFinding, b: LintFinding): number {
  return a.file < b.file ? -1 : Number(a.file > b.file);
}

/** Its own, and those of the saved functions and lists that it uses. */
function filesOf({ map }: Rule): readonly string[] {
  return [map.file, ...[...(map.functions ?? []), ...(map.watchlists ?? [])].map(({ file }) => file)];
}

/** What refuses a rule is often a lint finding too: it is told once. */
function withoutTwins(refusals: readonly LintFinding[], found: readonly LintFinding[]): readonly LintFinding[] {
  const places = new Set(found.map((finding) => `${finding.file}:${finding.line}:${finding.column}`));
  return refusals.filter((finding) => !places.has(`${finding.file}:${finding.line}:${finding.column}`));
}

function findingOf(problem: Problem): LintFinding {
  const { file, line, column, code, message } = problem;
  return {
    check: code,
    severity: 'error',
    file: file ?? '',
    line: line ?? 1,
    column: column ?? 1,
    endLine: null,
    endColumn: null,
    message,
    suggestion: null,
    fix: null,
    refuses: true,
  };
}

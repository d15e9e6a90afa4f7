import { dirname, join } from 'node:path';
import type { Diagnostic } from 'vscode-languageserver';
import { lintEach, type RuleFindings } from '../../rules/kept/lint-set.ts';
import { filesOfRule, findingOfProblem, toldFindings } from '../../rules/kept/told-findings.ts';
import type { LintFinding } from '../../rules/lint/check.ts';
import { joinFindings, type LintSettings } from '../../rules/lint/lint-rules.ts';
import { type LoadedRules, loadRules } from '../../rules/load-rules.ts';
import { DEFAULTS_FILE } from '../../rules/rule-places.ts';
import { DEFAULT_RETENTION_MS } from '../../rules/shape.ts';
import type { Diagnosis } from '../question.ts';
import type { EditorScope } from '../scope.ts';
import { type FileRole, isTests, roleOf, rulesFileOf, testedFiles } from './file-role.ts';
import { heldFiles } from './held-files.ts';
import { noteQueries } from './known-queries.ts';
import type { Lookout } from './lookout.ts';
import { linedText, rangeOfFinding } from './spans.ts';

/** More rules than that are not looked at together while somebody writes: `huntwire lint` does. */
export const MOST_TOGETHER = 2000;

/** So many files beside defaults that no configuration speaks of. */
const MOST_BESIDE = 100;

/** What lint says of a file, and with it of what stands beside it and is open, too. */
export async function diagnose(lookout: Lookout, file: string, whole: boolean): Promise<Diagnosis> {
  const text = lookout.held.get(file) ?? '';
  const scope = await lookout.deps.scopeOf(file, lookout.held);
  const role = roleOf(file, text, scope);
  const config = configFindings(scope);
  if (role === 'none') return told(lookout, [file], config);
  if (role === 'config') return told(lookout, [file], config);
  const paths = await pathsFor(lookout, { file, role, scope, whole });
  if (paths === null) return { files: [], tested: 0 };
  const loaded = await loadRules({ ...scope.places, paths }, heldFiles(lookout.held), lookout.memory.reader);
  const { own, findings } = await lintHeld(lookout, scope, loaded, whole || role === 'shared');
  await noteQueries(lookout, own);
  const files = [...lookout.held.keys()].filter(
    (held) => (held === file && role === 'shared') || concerns(held, loaded, scope),
  );
  const tested = own.filter(({ rule, problems }) => isOf(file, rule.map.file) && problems.length === 0);
  return {
    ...told(lookout, files, [...config, ...findings]),
    tested: tested.filter(({ rule }) => rule.tests.length > 0).length,
  };
}

interface Wanted {
  readonly file: string;
  readonly role: FileRole;
  readonly scope: EditorScope;
  readonly whole: boolean;
}

/** The rule files to load; null: there is nothing to look at. */
async function pathsFor({ held }: Lookout, { file, role, scope, whole }: Wanted): Promise<readonly string[] | null> {
  const { paths } = scope.places;
  if (role === 'shared') return scope.config === null ? besideDefaults(file, held) : paths;
  if (whole) return scope.config === null ? null : paths;
  const rules = await rulesFileOf(file, heldFiles(held));
  return rules === null ? null : [rules];
}

/** Without a configuration nobody knows how far a set reaches: rules in the very folder show what is wrong with its defaults. */
async function besideDefaults(file: string, held: Lookout['held']): Promise<readonly string[]> {
  const folder = dirname(file);
  const names = (await heldFiles(held).list(folder)).filter((name) => /\.ya?ml$/i.test(name));
  const rules = names.filter((name) => name !== DEFAULTS_FILE && !isTests(name)).slice(0, MOST_BESIDE);
  return rules.map((name) => join(folder, name));
}

/** Looks at the rules that an open file has part in; the others are there for checks over several rules. */
async function lintHeld(
  lookout: Lookout,
  { severities, offerOf, targetProblems }: EditorScope,
  loaded: LoadedRules,
  whole: boolean,
): Promise<{ readonly own: readonly RuleFindings[]; readonly findings: readonly LintFinding[] }> {
  const { rules, unmatched } = loaded;
  const settings: LintSettings = {
    now: lookout.deps.clock.now(),
    retentionMs: DEFAULT_RETENTION_MS,
    severities,
    offerOf,
    all: rules,
    unmatched: whole ? unmatched : [],
  };
  const held = [...lookout.held.keys()];
  const isHeld = (file: string): boolean => held.some((one) => isOf(one, file));
  const looked = rules.filter((rule) => filesOfRule(rule).some(isHeld)).slice(0, MOST_TOGETHER);
  const own = await lintEach(looked, { analyst: lookout.analyst, settings, keeping: null, progress: () => undefined });
  const problems = [...loaded.problems, ...targetProblems(looked)];
  return { own, findings: toldFindings({ ...loaded, problems }, own, joinFindings(own, settings)) };
}

/** Whether what was found says all that there is to say of a file: its rules were loaded with all that is laid over them. */
function concerns(held: string, { files }: LoadedRules, { config }: EditorScope): boolean {
  return held !== config && files.some((file) => isOf(held, file));
}

/** A rule file itself, or the tests beside it. */
function isOf(held: string, file: string): boolean {
  return held === file || (isTests(held) && testedFiles(held).includes(file));
}

function configFindings({ problems }: EditorScope): readonly LintFinding[] {
  return problems.map(findingOfProblem);
}

function told(lookout: Lookout, files: readonly string[], findings: readonly LintFinding[]): Diagnosis {
  const found = files.map((file) => {
    const text = lookout.held.get(file) ?? '';
    const own = findings.filter((finding) => finding.file === file);
    lookout.found.set(file, { text, findings: own });
    const lined = linedText(text);
    return { file, diagnostics: own.slice(0, MOST_TOLD).map((finding) => toDiagnostic(lined, finding)) };
  });
  return { files: found, tested: 0 };
}

const MOST_TOLD = 500;
const SEVERITIES = { error: 1, warning: 2, info: 3 } as const;

function toDiagnostic(lined: ReturnType<typeof linedText>, finding: LintFinding): Diagnostic {
  const { check, severity, message, suggestion } = finding;
  return {
    range: rangeOfFinding(lined, finding),
    severity: SEVERITIES[severity],
    code: check,
    source: 'huntwire',
    message: suggestion === null ? message : `${message} ${suggestion}`,
  };
}

import type { InlayHint } from 'vscode-languageserver';
import { loadRules } from '../../rules/load-rules.ts';
import { prepareRules } from '../../rules/prepare-rules.ts';
import type { RuleTest, RunnableRule } from '../../rules/rule.ts';
import type { RuleTestResult } from '../../trial/test-rule.ts';
import type { TestChoice, TestOutcome } from '../question.ts';
import { rulesFileOf } from './file-role.ts';
import { heldFiles } from './held-files.ts';
import type { Lookout } from './lookout.ts';
import { linedText } from './spans.ts';

/** More tests of a file are not run while somebody writes: `huntwire test` runs them. */
const MOST_TESTS = 100;
const MOST_SHOWN = 120;

/** Runs the tests of the rules of a file, or those beside it, in the local engine. Rules that cannot run have none. */
export async function testHeldRules(lookout: Lookout, file: string, only: TestChoice | null): Promise<TestOutcome> {
  const scope = await lookout.deps.scopeOf(file, lookout.held);
  const rulesFile = await rulesFileOf(file, heldFiles(lookout.held));
  if (rulesFile === null) return { hints: [], passed: 0, failed: 0, lines: [] };
  const places = { ...scope.places, paths: [rulesFile] };
  const { rules: loaded } = await loadRules(places, heldFiles(lookout.held), lookout.memory.reader);
  const { rules } = await prepareRules(loaded, lookout.analyst);
  const results: RuleTestResult[] = [];
  for (const { rule, test } of chosenTests(rules, only).slice(0, MOST_TESTS))
    results.push(await lookout.deps.testRule(rule, test));
  return outcomeOf(lookout, results);
}

interface ChosenTest {
  readonly rule: RunnableRule;
  readonly test: RuleTest;
}

function chosenTests(rules: readonly RunnableRule[], only: TestChoice | null): readonly ChosenTest[] {
  return rules
    .filter(({ id }) => only === null || only.rule === id)
    .flatMap((rule) => rule.tests.map((test) => ({ rule, test })))
    .filter(({ test }) => only === null || only.test === null || only.test === test.name);
}

async function outcomeOf(lookout: Lookout, results: readonly RuleTestResult[]): Promise<TestOutcome> {
  const byFile = new Map<string, InlayHint[]>();
  const lines: string[] = [];
  for (const result of results) {
    const told = result.ok ? [] : await lookout.deps.linesOf(result);
    if (!result.ok) lines.push(`${result.name}:`, ...told.map((line) => `  ${line}`));
    const hint = hintOf(lookout, result, told);
    if (hint) byFile.set(result.file, [...(byFile.get(result.file) ?? []), hint]);
  }
  const passed = results.filter(({ ok }) => ok).length;
  const hints = [...byFile].map(([file, of]) => ({ file, hints: of }));
  return { hints, passed, failed: results.length - passed, lines };
}

/** Behind the line in which the test begins; null where its file is not open. */
function hintOf({ held }: Lookout, result: RuleTestResult, told: readonly string[]): InlayHint | null {
  const text = held.get(result.file);
  if (text === undefined) return null;
  const lined = linedText(text);
  const start = lined.offsetOf(result.line, result.column);
  const end = /[\r\n]/.exec(text.slice(start))?.index ?? text.length - start;
  const [first = ''] = told;
  const label = result.ok ? '✓ passes' : `✗ ${first.length > MOST_SHOWN ? `${first.slice(0, MOST_SHOWN)}…` : first}`;
  const tooltip = told.join('\n').slice(0, 4000);
  return { position: lined.positionAt(start + end), label, paddingLeft: true, ...(tooltip !== '' && { tooltip }) };
}

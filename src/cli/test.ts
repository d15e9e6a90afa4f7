import { countOf } from '../lib/text.ts';
import { refuseProblems } from '../rules/prepare-rules.ts';
import { openMemoryStore } from '../state/sqlite-store.ts';
import { type RuleTestResult, type TestDeps, testRule } from '../trial/test-rule.ts';
import { chosen } from './choose-rules.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, collect, withConfig, withFormat } from './options.ts';
import { rulePlaces } from './rule-paths.ts';
import { readRuleSet } from './rule-set.ts';
import { oneLine, printJson, printLine, tint } from './terminal/print.ts';
import { traceLines } from './terminal/print-trace.ts';
import type { World } from './terminal/world.ts';
import { testsJunitOf } from './test-junit.ts';

interface TestOptions extends CommonOptions {
  readonly rule: readonly string[];
}

export const test: Verb = (program, world, done) => {
  const command = program.command('test');
  withFormat(withConfig(command), ['text', 'json', 'junit'])
    .argument('[paths...]', 'rule files and folders; the configured ones where left out')
    .option('--rule <id>', 'only this rule; repeatable', collect, [])
    .action(async (paths: readonly string[], options: TestOptions) => done(await testPaths(world, paths, options)));
};

const DEPS: TestDeps = {
  openStore: (clock) => openMemoryStore({ clock }),
};

async function testPaths(world: World, paths: readonly string[], options: TestOptions): Promise<number> {
  const { prepared, problems } = await readRuleSet(world, await rulePlaces(world, paths, options.config));
  refuseProblems([...problems, ...prepared.problems]);
  const rules = chosen(prepared.rules, options.rule);
  const results: RuleTestResult[] = [];
  for (const rule of rules) {
    for (const one of rule.tests) results.push(await testRule(rule, one, DEPS));
  }
  const failed = results.filter((result) => !result.ok).length;
  const passed = results.length - failed;
  if (options.format === 'json') printJson(world, { tests: results, passed, failed });
  else if (options.format === 'junit') printLine(world, testsJunitOf(results, detailsOf));
  else
    printResults(
      world,
      results,
      `${countOf(rules.length, 'rule')}: ${countOf(passed, 'test')} passed, ${failed} failed.`,
    );
  return failed > 0 ? EXIT.findings : EXIT.ok;
}

function printResults(world: World, results: readonly RuleTestResult[], summary: string): void {
  for (const result of results) {
    const mark = result.ok ? tint(world, 'green', 'ok  ') : tint(world, 'red', 'FAIL');
    printLine(world, `${mark} ${result.rule}: ${oneLine(result.name)}`);
    for (const line of detailsOf(result)) printLine(world, `       ${line}`);
  }
  printLine(world, summary);
}

/** What differs, and for tests with tables which line of the query let how many events through. */
function detailsOf({ differences, trace }: RuleTestResult): readonly string[] {
  const show = (value: unknown): string => oneLine(JSON.stringify(value) ?? 'nothing');
  const differing = differences.map(
    ({ path, expected, actual }) => `${path}: expected ${show(expected)}, got ${show(actual)}`,
  );
  const steps = trace ? traceLines(trace.query, trace.steps) : [];
  return [
    ...differing,
    ...steps.map((step) => `${String(step.rowsIn).padStart(6)} -> ${String(step.rowsOut).padEnd(6)} ${step.text}`),
  ];
}

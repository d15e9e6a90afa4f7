import type { Problem } from '../lib/errors.ts';
import { countOf } from '../lib/text.ts';
import { refuseProblems } from '../rules/prepare-rules.ts';
import type { RunnableRule } from '../rules/rule.ts';
import { openMemoryStore } from '../state/sqlite-store.ts';
import { type IdleException, idleExceptions } from '../trial/idle-exceptions.ts';
import { type RuleTestResult, type TestDeps, testRule } from '../trial/test-rule.ts';
import { type Untested, untestedParts } from '../trial/untested.ts';
import { chosen } from './choose-rules.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { relativePath } from './lint/relative-path.ts';
import { type CommonOptions, collect, withConfig, withFormat } from './options.ts';
import { rulePlaces } from './rule-paths.ts';
import { readRuleSet } from './rule-set.ts';
import { oneLine, printJson, printLine, tint } from './terminal/print.ts';
import type { World } from './terminal/world.ts';
import { printUntested } from './test/print-untested.ts';
import { linesOfResult } from './test/result-lines.ts';
import { testsJunitOf } from './test/tests-junit.ts';
import { type UpdatedResult, updateSnapshots } from './test/update-snapshots.ts';

interface TestOptions extends CommonOptions {
  readonly rule: readonly string[];
  readonly update?: boolean;
  readonly untested?: boolean;
  readonly failUntested?: boolean;
}

export const test: Verb = (program, world, done) => {
  const command = program.command('test');
  withFormat(withConfig(command), ['text', 'json', 'junit'])
    .argument('[paths...]', 'rule files and folders; the configured ones where left out')
    .option('--rule <id>', 'only this rule; repeatable', collect, [])
    .option('--update', 'write the alerts that came into tests marked "snapshot: true"; the diff is shown')
    .option('--untested', 'also tell the conditions of where, and the arms of case and iff, that no test reached')
    .option('--fail-untested', 'the same, and exit 1 where there are some')
    .action(async (paths: readonly string[], options: TestOptions) => done(await testPaths(world, paths, options)));
};

const DEPS: TestDeps = {
  openStore: (clock) => openMemoryStore({ clock }),
};

async function testPaths(world: World, paths: readonly string[], options: TestOptions): Promise<number> {
  const { prepared, problems } = await readRuleSet(world, await rulePlaces(world, paths, options.config), {
    hasParser: true,
  });
  const broken = [...problems, ...prepared.problems];
  if (prepared.rules.length === 0) refuseProblems(broken);
  const rules = chosen(prepared.rules, options.rule);
  const found: RuleTestResult[] = [];
  for (const rule of rules) {
    for (const one of rule.tests) found.push(await testRule(rule, one, DEPS));
  }
  const diffs = options.format === 'text' ? world.stdout : world.stderr;
  const results = options.update ? updateSnapshots(world, diffs, found) : found;
  const idle = rules.flatMap((rule) => idleExceptions(rule, found));
  const isAsked = options.untested || options.failUntested;
  const untested = isAsked ? rules.flatMap((rule) => untestedParts(rule, found)) : null;
  print(world, options.format, { rules, results, idle, untested, broken });
  const isUntested = options.failUntested === true && untested !== null && untested.length > 0;
  if (isUntested || results.some(({ ok }) => !ok)) return EXIT.findings;
  return broken.length > 0 ? EXIT.usage : EXIT.ok;
}

interface Outcome {
  readonly rules: readonly RunnableRule[];
  readonly results: readonly UpdatedResult[];
  readonly idle: readonly IdleException[];
  /** null: nobody asked. */
  readonly untested: readonly Untested[] | null;
  /** What keeps other rules from being tested. */
  readonly broken: readonly Problem[];
}

function print(world: World, format: string, { rules, results, idle, untested, broken }: Outcome): void {
  const failed = results.filter(({ ok }) => !ok).length;
  const passed = results.length - failed;
  const updated = results.filter((result) => result.updated).length;
  if (format === 'json') {
    const tests = results.map(({ snapshot: _snapshot, branches: _branches, ...result }) => result);
    const more = {
      ...(updated > 0 && { updated }),
      idleExceptions: idle,
      ...(untested && { untested }),
      ...(broken.length > 0 && { problems: broken }),
    };
    printJson(world, { tests, passed, failed, ...more });
    return;
  }
  for (const one of broken) printBroken(world, one);
  if (format === 'junit') {
    printLine(world, testsJunitOf(world.cwd, results));
    return;
  }
  printResults(world, results);
  for (const one of idle) printIdle(world, one);
  if (untested) printUntested(world, untested);
  const counts = `${countOf(passed, 'test')} passed, ${failed} failed`;
  const more = [
    updated > 0 ? `, ${updated} updated` : '',
    untested ? `; ${countOf(untested.length, 'part')} of queries untested` : '',
  ];
  printLine(world, `${countOf(rules.length, 'rule')}: ${counts}${more.join('')}.`);
}

function printResults(world: World, results: readonly UpdatedResult[]): void {
  for (const result of results) {
    const { ok, updated, rule, name, file, line, column } = result;
    const mark = ok ? tint(world, 'green', updated ? 'new ' : 'ok  ') : tint(world, 'red', 'FAIL');
    const place = ok ? '' : ` (${relativePath(world.cwd, file)}:${line}:${column})`;
    printLine(world, `${mark} ${rule}: ${oneLine(name + place)}`);
    for (const one of linesOfResult(world.cwd, result)) printLine(world, `       ${one}`);
  }
}

/** On stderr, whatever is printed: the others were tested. */
function printBroken(world: World, { file, line, column, message }: Problem): void {
  const place = [relativePath(world.cwd, file ?? ''), line, column].filter((part) => part !== null).join(':');
  world.stderr.write(`${oneLine(`not tested: ${place}: ${message}`)}\n`);
}

function printIdle(world: World, { rule, exception, reason, file, line, column }: IdleException): void {
  const place = `${relativePath(world.cwd, file)}:${line}:${column}`;
  const text = `exception ${exception + 1} takes no row out in any test (${place}): ${reason}`;
  printLine(world, `${tint(world, 'yellow', 'note')} ${rule}: ${oneLine(text)}`);
}

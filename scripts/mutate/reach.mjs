import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withReach } from './find-mutants.mjs';

const BASELINE = { limitsOf: () => ({ cpuMs: 120_000, idleMs: 60_000, wallMs: 600_000 }), testTimeout: 120_000 };
/** These run the built program or whole systems. */
const APART = /^test\/(e2e|kill)\//;

/**
 * Says for each mutant which test files can notice it: `{test, cpuMs, steps}`, those that import its file by the fewest steps first. Those that take more
 * processor time than `slowMs` are asked only where no other enters its function. Asked are
 * the tests of its folder, and those that import a file of it themselves; only where none of these enters its function, whatever else does.
 * To learn that, each test file runs once without mutants; what is known from an earlier run of the same files is not run again.
 */
export async function learnReach(mutants, { scratch, graph, runner, sources, say, slowMs }) {
  const known = readKnown(scratch);
  const learn = (tests) => runAll(tests, known, { scratch, graph, runner, sources, say });
  const related = (folder) => graph.tests.filter((test) => !APART.test(test) && loadsFrom(graph, test, folder));
  const near = new Set(
    mutants.flatMap(({ file }) => related(folderOf(file)).filter((test) => isNear(graph, test, folderOf(file)))),
  );
  await learn([...near]);
  const lonely = mutants.filter((mutant) => testsOf(mutant, [...near], { known, graph, slowMs }).length === 0);
  const far = new Set(
    lonely.flatMap(({ file }) => graph.tests.filter((test) => !APART.test(test) && graph.distances(test).has(file))),
  );
  await learn([...far]);
  return (mutant) => {
    const found = testsOf(mutant, [...near], { known, graph, slowMs });
    return found.length > 0 ? found : testsOf(mutant, [...far], { known, graph, slowMs });
  };
}

/** `src/outbox/` of a file in it. */
function folderOf(file) {
  return `${file.split('/').slice(0, 2).join('/')}/`;
}

function loadsFrom(graph, test, folder) {
  return [...graph.distances(test).keys()].some((name) => name.startsWith(folder));
}

function isNear(graph, test, folder) {
  return (
    test.startsWith(folder.replace('src/', 'test/')) || graph.importsOf(test).some((name) => name.startsWith(folder))
  );
}

async function runAll(tests, known, { scratch, graph, runner, sources, say }) {
  const stale = tests.filter((test) => known[test]?.hash !== graph.hashOf(test));
  if (stale.length === 0) return;
  for (const source of sources) scratch.write(source, withReach(source, scratch.read(source)));
  for (const [index, test] of stale.entries()) {
    say(`baseline ${index + 1} of ${stale.length}: ${test}`);
    const { passed, reached, cpuMs, why } = await runner.run([test], BASELINE);
    known[test] = { hash: graph.hashOf(test), cpuMs, passed, reached };
    if (!passed) say(`${test} fails without a mutant and is left out: ${why}`);
    writeFileSync(knownFile(scratch), JSON.stringify(known));
  }
  for (const source of sources) scratch.write(source, scratch.read(source));
}

function testsOf(mutant, tests, { known, graph, slowMs }) {
  const enters = (test) =>
    mutant.reach === null
      ? entersFileOf(mutant, known[test].reached, graph.distances(test))
      : known[test].reached.includes(mutant.reach);
  const found = tests
    .filter((test) => known[test].passed && enters(test))
    .map((test) => ({
      test,
      cpuMs: known[test].cpuMs,
      steps: graph.distances(test).get(mutant.file) ?? Number.POSITIVE_INFINITY,
    }));
  const quick = found.filter(({ cpuMs }) => cpuMs < slowMs);
  return (quick.length > 0 ? quick : found).toSorted(
    (one, other) => one.steps - other.steps || one.cpuMs - other.cpuMs,
  );
}

/** Over so many steps a test loads what it is about: its own imports and what a list such as a registry imports. */
const FEW_STEPS = 2;

/** What stands at the top of a module is run by whoever loads it; where the file has functions, those matter who enter one or load it almost themselves. */
function entersFileOf({ file, functions }, reached, distances) {
  if (functions === 0 || distances.get(file) <= FEW_STEPS) return distances.has(file);
  return reached.some((name) => name.startsWith(`${file}#`));
}

function knownFile(scratch) {
  return join(scratch.cacheFolder, 'reach.json');
}

function readKnown(scratch) {
  return existsSync(knownFile(scratch)) ? JSON.parse(readFileSync(knownFile(scratch), 'utf8')) : {};
}

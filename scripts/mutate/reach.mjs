import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withReach } from './find-mutants.mjs';

/** Test files that take more processor time are asked only where no other enters a function. */
const SLOW_MS = 6000;
const BASELINE = { limitMs: 300_000, testTimeout: 60_000 };
/** These run the built program or whole systems. */
const APART = /^test\/(e2e|kill)\//;

/**
 * Runs the tests of everything in `sources` once, unmutated, and says for a mutant which test files can notice it: `{test, cpuMs}`, those
 * that import its file by the fewest steps first. What is known from an earlier run of the same files is not run again.
 */
export async function learnReach({ scratch, graph, runner, sources, say }) {
  const known = readKnown(scratch);
  const tests = graph.tests.filter(
    (test) => !APART.test(test) && sources.some((source) => graph.distances(test).has(source)),
  );
  const stale = tests.filter((test) => known[test]?.hash !== graph.hashOf(test));
  for (const source of sources) scratch.write(source, withReach(source, scratch.read(source)));
  for (const [index, test] of stale.entries()) {
    say(`baseline ${index + 1} of ${stale.length}: ${test}`);
    const { passed, reached, cpuMs, why } = await runner.run([test], BASELINE);
    known[test] = { hash: graph.hashOf(test), cpuMs, passed, reached };
    if (!passed) say(`${test} fails without a mutant and is left out: ${why}`);
    if (index % 10 === 9 || index === stale.length - 1) writeFileSync(knownFile(scratch), JSON.stringify(known));
  }
  for (const source of sources) scratch.write(source, scratch.read(source));
  const usable = tests.filter((test) => known[test].passed);
  return (mutant) => testsOf(mutant, usable, known, graph);
}

function testsOf(mutant, tests, known, graph) {
  const enters = (test) =>
    mutant.reach === null
      ? entersFileOf(mutant, known[test].reached, graph.distances(test))
      : known[test].reached.includes(mutant.reach);
  const found = tests.filter(enters).map((test) => ({
    test,
    cpuMs: known[test].cpuMs,
    steps: graph.distances(test).get(mutant.file) ?? Number.POSITIVE_INFINITY,
  }));
  const quick = found.filter(({ cpuMs }) => cpuMs < SLOW_MS);
  return (quick.length > 0 ? quick : found).toSorted(
    (one, other) => one.steps - other.steps || one.cpuMs - other.cpuMs,
  );
}

/** What stands at the top of a module is run by whoever loads it; where the file has functions, those matter who enter one. */
function entersFileOf({ file, functions }, reached, distances) {
  return functions === 0 ? distances.has(file) : reached.some((name) => name.startsWith(`${file}#`));
}

function knownFile(scratch) {
  return join(scratch.cacheFolder, 'reach.json');
}

function readKnown(scratch) {
  return existsSync(knownFile(scratch)) ? JSON.parse(readFileSync(knownFile(scratch), 'utf8')) : {};
}

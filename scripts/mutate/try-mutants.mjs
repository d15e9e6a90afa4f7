import { applied } from './find-mutants.mjs';

/** A test that waits for what a mutant never does should not wait for long. */
const TEST_TIMEOUT_MS = 10_000;

/**
 * Runs the tests that can notice each mutant until one fails; the mutants come back with `verdict`: killed, hangs (killed by the clock), survived,
 * and `by`, the test file that failed.
 */
export async function tryMutants(mutants, { scratch, runner, testsOf, say }) {
  const tried = [];
  for (const mutant of mutants) {
    const one = { ...mutant, ...(await tryOne(mutant, scratch, runner, testsOf)) };
    tried.push(one);
    say(`${tried.length} of ${mutants.length}: ${one.verdict} ${one.file}:${one.line} ${one.by ?? ''}`);
  }
  return tried;
}

async function tryOne(mutant, scratch, runner, testsOf) {
  const tests = testsOf(mutant);
  if (tests.length === 0) return { verdict: 'survived', by: null, tests };
  const source = scratch.read(mutant.file);
  scratch.write(mutant.file, applied(source, mutant));
  const limitMs = 30_000 + 8 * tests.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  const request = { limitMs, testTimeout: TEST_TIMEOUT_MS };
  const names = tests.map(({ test }) => test);
  const { passed, failed } = await runner.run(names, request);
  scratch.write(mutant.file, source);
  return { verdict: passed ? 'survived' : failed === 'hangs' ? 'hangs' : 'killed', by: failed, tests: names };
}

import { applied } from './find-mutants.mjs';

/** A test that waits for what a mutant never does should not wait for long. */
const TEST_TIMEOUT_MS = 10_000;
/** A test file may take this long, and so many times its processor time without mutants; then it hangs. */
const LEAST_MS = 15_000;
const TIMES_AS_LONG = 8;

/**
 * Runs the tests that can notice each mutant until one fails; the mutants come back with `verdict`: killed, hangs (killed by the clock), survived,
 * and `by`, the test file that failed.
 */
export async function tryMutants(mutants, { scratch, runner, testsOf, say }) {
  const tried = [];
  for (const mutant of mutants) {
    const one = { ...mutant, ...(await tryOne(mutant, scratch, runner, testsOf)) };
    tried.push(one);
    const { verdict, file, line, by, before, after } = one;
    const what = verdict === 'survived' ? `\n  - ${before}\n  + ${after}` : by;
    say(`${tried.length} of ${mutants.length}: ${verdict} ${file}:${line} ${what}`);
  }
  return tried;
}

async function tryOne(mutant, scratch, runner, testsOf) {
  const tests = testsOf(mutant);
  if (tests.length === 0) return { verdict: 'survived', by: null, tests };
  const source = scratch.read(mutant.file);
  scratch.write(mutant.file, applied(source, mutant));
  const limits = new Map(tests.map(({ test, cpuMs }) => [test, LEAST_MS + TIMES_AS_LONG * cpuMs]));
  const request = { limitMs: (test) => limits.get(test) ?? LEAST_MS, testTimeout: TEST_TIMEOUT_MS };
  const names = tests.map(({ test }) => test);
  const { passed, failed } = await runner.run(names, request);
  scratch.write(mutant.file, source);
  return { verdict: passed ? 'survived' : failed === 'hangs' ? 'hangs' : 'killed', by: failed, tests: names };
}

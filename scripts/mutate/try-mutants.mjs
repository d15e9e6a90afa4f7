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
  const first = await runner.run(namesOf(tests), requestFor(tests, 1));
  // A busy machine can be slow for once.
  const { passed, failed } = first.failed === 'hangs' ? await runner.run(namesOf(tests), requestFor(tests, 4)) : first;
  scratch.write(mutant.file, source);
  return { verdict: passed ? 'survived' : failed === 'hangs' ? 'hangs' : 'killed', by: failed, tests: namesOf(tests) };
}

function namesOf(tests) {
  return tests.map(({ test }) => test);
}

function requestFor(tests, patience) {
  const limits = new Map(tests.map(({ test, cpuMs }) => [test, patience * (LEAST_MS + TIMES_AS_LONG * cpuMs)]));
  return { limitMs: (test) => limits.get(test) ?? patience * LEAST_MS, testTimeout: patience * TEST_TIMEOUT_MS };
}

import { applied } from './find-mutants.mjs';

/** A test file may use so much processor time, and so many times what it needs without mutants; then it turns in a circle. */
const LEAST_CPU_MS = 2500;
const TIMES_AS_LONG = 2;
/** It may sleep for so long; then it waits for what never comes, or for another process on a busy machine. */
const IDLE_MS = 5000;
/** How many times as long it may sleep when it is tried again. */
const PATIENCE = 3;
const WALL_MS = 60_000;

/**
 * Runs the tests that can notice each mutant until one fails; the mutants come back with `verdict`: killed, hangs (killed because a test
 * does not end), survived, and `by`, the test file that failed.
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
  let first = await runner.run(namesOf(tests), requestFor(tests, 1));
  // What the mutant before has left may have ended the process.
  if (first.failed === 'ends') first = await runner.run(namesOf(tests), requestFor(tests, 1));
  const last =
    first.late === 'idle' ? await runner.run(firstOf(first.failed, tests), requestFor(tests, PATIENCE)) : first;
  scratch.write(mutant.file, source);
  return { verdict: last.passed ? 'survived' : last.late ? 'hangs' : 'killed', by: last.failed, tests: namesOf(tests) };
}

/** That test file first, then the others. */
function firstOf(failed, tests) {
  return [failed, ...namesOf(tests).filter((test) => test !== failed)];
}

function namesOf(tests) {
  return tests.map(({ test }) => test);
}

function requestFor(tests, patience) {
  const cpuMs = new Map(tests.map(({ test, cpuMs }) => [test, LEAST_CPU_MS + TIMES_AS_LONG * cpuMs]));
  const rest = { idleMs: patience * IDLE_MS, wallMs: patience * WALL_MS };
  return { limitsOf: (test) => ({ cpuMs: cpuMs.get(test), ...rest }), testTimeout: patience * WALL_MS };
}

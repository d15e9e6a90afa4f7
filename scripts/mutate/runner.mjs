import { fork } from 'node:child_process';
import { join } from 'node:path';
import { watchLateness } from './lateness.mjs';

/** Runs of one process; Jest keeps some memory of each. */
const RUNS_OF_A_PROCESS = 30;
const START = { cpuMs: 60_000, idleMs: 60_000, wallMs: 120_000 };
/** What Jest says of a test that took too long. */
const TEST_TIMEOUT = /Exceeded timeout of/;

/** Runs test files in a process of its own, which is replaced when it hangs, ends or has served for long. */
export function createRunner(scratch) {
  let [worker, runs] = [null, 0];
  const stop = () => {
    worker?.kill('SIGKILL');
    worker = null;
  };
  const ready = async () => {
    // What a mutant has left may end the process behind its tests.
    if (runs >= RUNS_OF_A_PROCESS || worker?.connected === false) stop();
    if (worker) return;
    [worker, runs] = [start(), 0];
    await answerOf(worker, null, () => START);
  };
  return {
    /**
     * Runs `tests` up to the first that fails: `{passed, failed, late, why, reached, cpuMs}`. `failed` is that file, or 'ends' where the
     * process ended; `late` says that it is over its limits: 'busy' or 'idle' as `watchLateness` tells, 'idle' where Jest's own patience
     * with one test ended; else null.
     */
    run: async (tests, { limitsOf, testTimeout }) => {
      await ready();
      runs += 1;
      worker.send({ ...scratch.paths, tests, testTimeout });
      const answer = await answerOf(worker, tests[0], limitsOf);
      const late = answer.late ?? (TEST_TIMEOUT.test(answer.why ?? '') ? 'idle' : null);
      // What still waits in this process would slow down what follows.
      if (late || !('passed' in answer)) stop();
      return { passed: false, failed: 'ends', why: null, reached: [], cpuMs: 0, ...answer, late };
    },
    stop,
  };
}

function start() {
  const execArgv = ['--experimental-vm-modules', '--no-warnings', '--max-old-space-size=1500'];
  const stdio = ['ignore', 'ignore', 'ignore', 'ipc'];
  // A message to a process that has just ended: the answer is its end.
  return fork(join(import.meta.dirname, 'worker.mjs'), [], { execArgv, stdio }).on('error', () => undefined);
}

/** The answer of the worker, which says before each test file that it begins: then that file's limits begin. */
function answerOf(worker, test, limitsOf) {
  return new Promise((resolve) => {
    let watch = null;
    const settle = (answer) => {
      watch?.stop();
      for (const event of ['message', 'exit']) worker.removeAllListeners(event);
      resolve(answer);
    };
    const begin = (one) => {
      watch?.stop();
      watch = watchLateness(worker.pid, limitsOf(one), (late) => settle({ failed: one, late }));
    };
    begin(test);
    worker.on('message', (message) => (message.begins ? begin(message.begins) : settle(message)));
    worker.once('exit', () => settle({}));
  });
}

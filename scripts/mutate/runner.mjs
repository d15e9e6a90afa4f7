import { fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';

/** Runs of one process; Jest keeps some memory of each. */
const RUNS_OF_A_PROCESS = 30;
const START_MS = 120_000;

/** Runs test files in a process of its own, which is replaced when it hangs, ends or has served for long. */
export function createRunner(scratch) {
  let [worker, runs] = [null, 0];
  const stop = () => {
    worker?.kill('SIGKILL');
    worker = null;
  };
  const ready = async () => {
    if (runs >= RUNS_OF_A_PROCESS) stop();
    if (worker) return;
    [worker, runs] = [start(), 0];
    await answerOf(worker, () => START_MS);
  };
  return {
    /**
     * Runs `tests` up to the first that fails: `{passed, failed, why, reached, cpuMs}`, or `failed` 'hangs' where one took longer than
     * `limitMs` gives it, 'ends' where the process ended.
     */
    run: async (tests, { limitMs, testTimeout }) => {
      await ready();
      runs += 1;
      worker.send({ ...scratch.paths, tests, testTimeout });
      const answer = await answerOf(worker, limitMs);
      if (typeof answer === 'object') return answer;
      stop();
      return { passed: false, failed: answer, why: null, reached: [], cpuMs: 0 };
    },
    stop,
  };
}

function start() {
  const execArgv = ['--experimental-vm-modules', '--no-warnings', '--max-old-space-size=1500'];
  const worker = fork(join(import.meta.dirname, 'worker.mjs'), [], {
    execArgv,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  setPriority(worker.pid, 10);
  return worker;
}

/** The answer of the worker, which says before each test file that it begins: then that file's time begins. */
function answerOf(worker, limitMs) {
  return new Promise((resolve) => {
    const settle = (answer) => {
      clearTimeout(timer);
      worker.removeAllListeners();
      resolve(answer);
    };
    const wait = (test) => setTimeout(settle, limitMs(test), 'hangs');
    let timer = wait(null);
    worker.on('message', (message) => {
      if (!message.begins) return settle(message);
      clearTimeout(timer);
      timer = wait(message.begins);
    });
    worker.once('exit', () => settle('ends'));
  });
}

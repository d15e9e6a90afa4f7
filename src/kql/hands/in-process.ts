import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { imageArguments } from '../parser/parser-image.ts';
import { type Hand, type HandOutcome, NO_ANSWER, NO_MEMORY, outcomeOfAnswer } from './hand.ts';
import type { WorkerAnswer, WorkerQuestion } from './messages.ts';

/** Of a process that ran out of memory, as V8 ends it. */
const ABORTED = { signal: 'SIGABRT', code: 134 };

/** A process that starts from a parser image; one that ends before its first answer never started. It sees nothing of the environment, and so no secret. */
export function startProcess(image: string): Hand {
  const child = spawn(process.execPath, imageArguments(image), {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    env: {},
    windowsHide: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  let hasAnswered = false;
  setWaiting(child, false);
  return {
    ask: async (question, done) => {
      setWaiting(child, true);
      const outcome = await listen(child, question, done);
      setWaiting(child, false);
      hasAnswered ||= outcome.kind !== 'given-up';
      return outcome.kind === 'given-up' && !hasAnswered ? { kind: 'unstarted' } : outcome;
    },
    worked: () => (child.pid === undefined ? null : workedBy(child.pid)),
    end: async () => {
      child.ref();
      if (child.kill('SIGKILL')) await ended;
    },
  };
}

function setWaiting(child: ChildProcess, waits: boolean): void {
  if (waits) {
    child.ref();
    child.channel?.ref();
  } else {
    child.unref();
    child.channel?.unref();
  }
}

function listen(child: ChildProcess, question: WorkerQuestion, done: AbortSignal): Promise<HandOutcome> {
  return new Promise((resolve) => {
    const message = (answer: unknown) => resolve(outcomeOfAnswer(answer as WorkerAnswer));
    const exit = (code: number | null, signal: string | null) => resolve(outcomeOfEnd(code, signal));
    const lost = () => resolve({ kind: 'given-up', message: NO_ANSWER });
    child.on('message', message).on('exit', exit).on('error', lost);
    done.addEventListener('abort', () => {
      child.off('message', message).off('exit', exit).off('error', lost);
      lost();
    });
    if (child.exitCode !== null || child.signalCode !== null) exit(child.exitCode, child.signalCode);
    else child.send(question, (error) => error && lost());
  });
}

function outcomeOfEnd(code: number | null, signal: string | null): HandOutcome {
  const outOfMemory = signal === ABORTED.signal || code === ABORTED.code;
  return { kind: 'given-up', message: outOfMemory ? NO_MEMORY : NO_ANSWER };
}

/** Of Linux's hundredths of a second, all threads of the process; null: another system, or it has ended. */
export function workedBy(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(user) + Number(system)) * 10;
  } catch {
    return null;
  }
}

import { Worker } from 'node:worker_threads';
import { HuntwireError } from '../../lib/errors.ts';
import { type Hand, type HandOutcome, NO_ANSWER, NO_MEMORY, outcomeOfAnswer } from './hand.ts';
import type { WorkerAnswer, WorkerQuestion } from './messages.ts';

export interface ThreadSettings {
  /** The compiled worker. */
  readonly entry: URL;
  readonly memoryMb: number;
}

/** A thread of this process. What it works is not told apart: the whole process' processor time stands for it. */
export function startThread({ entry, memoryMb }: ThreadSettings): Hand {
  const worker = new Worker(entry, {
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    execArgv: ['--no-warnings'],
  });
  worker.unref();
  return {
    ask: async (question, done) => {
      worker.ref();
      try {
        return await listen(worker, question, done);
      } finally {
        worker.unref();
      }
    },
    worked: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    end: async () => {
      await worker.terminate();
    },
  };
}

/** Listens until `done`: the worker's other listeners are its own. */
function listen(worker: Worker, question: WorkerQuestion, done: AbortSignal): Promise<HandOutcome> {
  return new Promise((resolve) => {
    const message = (answer: WorkerAnswer) => resolve(outcomeOfAnswer(answer));
    const error = (thrown: unknown) => resolve(outcomeOfCrash(thrown));
    const exit = () => resolve({ kind: 'given-up', message: NO_ANSWER });
    worker.on('message', message).on('error', error).on('exit', exit);
    done.addEventListener('abort', () => {
      worker.off('message', message).off('error', error).off('exit', exit);
      exit();
    });
    worker.postMessage(question);
  });
}

function outcomeOfCrash(error: unknown): HandOutcome {
  const code = (error as { code?: unknown }).code;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return { kind: 'given-up', message: NO_MEMORY };
  const message = String((error as { message?: unknown }).message ?? error);
  return {
    kind: 'failed',
    error: new HuntwireError('INTERNAL', `The query analysis crashed: ${message}`, { cause: error }),
  };
}

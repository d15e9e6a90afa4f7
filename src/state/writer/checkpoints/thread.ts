import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CheckpointThread, StartCheckpoints } from './checkpoints.ts';

/** The process and the thread that writes do not go on for its sake. */
export const startCheckpointThread: StartCheckpoints = (path): CheckpointThread => {
  const entry = new URL('./checkpoint-thread.js', import.meta.url);
  const worker = new Worker(entry, { workerData: path, execArgv: ['--no-warnings'] });
  worker.unref();
  const ended = once(worker, 'exit').then(() => Promise.reject(new Error('it has ended')));
  ended.catch(() => undefined);
  let asked: Promise<unknown> = Promise.resolve();
  const ask = (message: 'copy' | 'close'): Promise<unknown> => {
    asked = asked.then(() => {
      const done = once(worker, 'message');
      worker.postMessage(message);
      return Promise.race([done, ended]);
    });
    return asked;
  };
  return {
    copy: async () => void (await ask('copy')),
    end: async () => {
      await ask('close').catch(() => undefined);
      await worker.terminate();
    },
  };
};

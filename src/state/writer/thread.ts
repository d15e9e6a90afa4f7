import { Worker } from 'node:worker_threads';
import type { DatabaseWriterSettings, WriteCall, WriterAnswer, WriterPort, WriterSettings } from './messages.ts';

/** The thread that writes, from outside. */
export interface WriterThread extends WriterPort<WriteCall, WriterAnswer> {
  /** Called once, with what became of it, when it has ended without being asked to. */
  readonly onEnd: (listener: (reason: string) => void) => void;
  /** Whether the process goes on for its sake. */
  readonly hold: (isNeeded: boolean) => void;
  readonly end: () => Promise<void>;
}

export type StartWriter<Settings = WriterSettings> = (settings: Settings) => WriterThread;

export const startWriterThread: StartWriter = (settings) => start('./writer-thread.js', settings);

export const startDatabaseWriter: StartWriter<DatabaseWriterSettings> = (settings) =>
  start('./database-writer-thread.js', settings);

function start(file: string, settings: unknown): WriterThread {
  const entry = new URL(file, import.meta.url);
  const worker = new Worker(entry, { workerData: settings, execArgv: ['--no-warnings'] });
  let isEnding = false;
  return {
    postMessage: (call, handedOver = []) => worker.postMessage(call, handedOver),
    on: (event, listener) => worker.on(event, listener),
    onEnd: (listener) => {
      worker.on('error', (error) => listener(error instanceof Error ? error.message : String(error)));
      worker.on('exit', (code) => listener(`it ended with ${code}`));
    },
    hold: (isNeeded) => {
      // An answer that comes while it is ended would let the process go before it has.
      if (!isEnding) isNeeded ? worker.ref() : worker.unref();
    },
    end: async () => {
      isEnding = true;
      await worker.terminate();
    },
  };
}

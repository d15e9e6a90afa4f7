import { MessageChannel } from 'node:worker_threads';
import type { WriterEnd } from '../../src/state/writer/answer-calls.ts';
import { serveDatabase } from '../../src/state/writer/serve-database.ts';
import { serveWrites } from '../../src/state/writer/serve-writes.ts';
import type { StartWriter, WriterThread } from '../../src/state/writer/thread.ts';

export interface WriterHere<Settings> {
  readonly start: StartWriter<Settings>;
  /** As if the thread had crashed: it answers nothing any more. */
  crash(reason: string): void;
}

/** The writer in this thread, behind real ports: what goes through them is copied as from thread to thread. */
export const writerHere = () => serveHere(serveWrites);
export const databaseWriterHere = () => serveHere(serveDatabase);

function serveHere<Settings>(serve: (port: WriterEnd, settings: Settings) => void): WriterHere<Settings> {
  const listeners: ((reason: string) => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  const thread: WriterThread = {
    postMessage: (call, handedOver = []) => port1.postMessage(call, handedOver),
    on: (event, listener) => port1.on(event, listener),
    onEnd: (listener) => listeners.push(listener),
    hold: (isNeeded) => (isNeeded ? port1.ref() : port1.unref()),
    end: async () => port1.close(),
  };
  return {
    start: (settings) => {
      serve(
        { postMessage: (answer) => port2.postMessage(answer), on: (event, listener) => port2.on(event, listener) },
        settings,
      );
      port2.unref();
      return thread;
    },
    crash: (reason) => {
      port2.close();
      for (const listener of listeners) listener(reason);
    },
  };
}

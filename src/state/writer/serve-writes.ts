import { silentLog } from '../../lib/log.ts';
import { createKeptStore } from '../rows/row-store.ts';
import { databaseOf } from '../sqlite/database.ts';
import { openStateFile, type StateFile } from '../state-file.ts';
import { answerCalls, createCalledStore, refuseCalls, type WriterEnd } from './answer-calls.ts';
import { type Checkpoints, createCheckpoints, type StartCheckpoints } from './checkpoints/checkpoints.ts';
import type { WriteCall, WriterSettings } from './messages.ts';

/** Opens the state for writing and does what is asked, one call after another; `close` ends it. */
export function serveWrites(
  port: WriterEnd,
  { path, lockPath }: WriterSettings,
  start: StartCheckpoints | null = null,
): void {
  const log = {
    ...silentLog,
    warn: (message: string, fields = {}) => port.postMessage({ kind: 'log', level: 'warn', message, fields }),
    debug: (message: string, fields = {}) => port.postMessage({ kind: 'log', level: 'debug', message, fields }),
  };
  try {
    const file = openStateFile({ path, lockPath, log });
    answerCalls(port, createWork(file, start && createCheckpoints(file.connection, start, log)));
    port.postMessage({ kind: 'opened', fence: file.fence });
  } catch (thrown) {
    refuseCalls(port, thrown);
  }
}

function createWork(file: StateFile, checkpoints: Checkpoints | null): (call: WriteCall) => Promise<unknown> {
  const called = createCalledStore(({ steady, now }) => {
    const clock = { now, monotonic: () => performance.now(), sleep: () => Promise.resolve() };
    const store = createKeptStore(databaseOf(file.connection), clock, file.fence, steady);
    return { ...store, close: () => close(file, checkpoints) };
  });
  return async (call) => {
    const value = await called.do(call);
    if (call.of !== 'place') checkpoints?.noteWrite();
    return value;
  };
}

async function close(file: StateFile, checkpoints: Checkpoints | null): Promise<void> {
  await checkpoints?.close();
  file.close();
}

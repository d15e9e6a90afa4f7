import type { Clock } from '../../lib/clock.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import { silentLog } from '../../lib/log.ts';
import type { SteadyMark, SteadyTime } from '../../lib/steady-time.ts';
import { createKeptStore } from '../rows/row-store.ts';
import { databaseOf } from '../sqlite/database.ts';
import { openStateFile, type StateFile } from '../state-file.ts';
import { type Checkpoints, createCheckpoints, type StartCheckpoints } from './checkpoints/checkpoints.ts';
import type { SentError, WriteCall, WriterAnswer, WriterPort, WriterSettings } from './messages.ts';
import { type PackedCommit, type PackedHealth, unpackCommit, unpackHealth } from './packed-commit.ts';

type Method = (...values: readonly unknown[]) => unknown;

/** Opens the state for writing and does what is asked, one call after another; `close` ends it. */
export function serveWrites(
  port: WriterPort<WriterAnswer, WriteCall>,
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
    const work = createWork(file, start && createCheckpoints(file.connection, start, log));
    port.on('message', (call) => void answer(port, call, work));
    port.postMessage({ kind: 'opened', fence: file.fence });
  } catch (thrown) {
    port.postMessage({ kind: 'refused', error: sentError(thrown) });
  }
}

async function answer(
  port: WriterPort<WriterAnswer, WriteCall>,
  call: WriteCall,
  work: (call: WriteCall) => unknown,
): Promise<void> {
  const { number } = call;
  try {
    port.postMessage({ kind: 'done', number, value: await work(call) });
  } catch (thrown) {
    port.postMessage({ kind: 'failed', number, error: sentError(thrown) });
  }
}

function createWork(file: StateFile, checkpoints: Checkpoints | null): (call: WriteCall) => unknown {
  let told: SteadyMark = { at: 0, wall: 0 };
  const clock: Clock = { now: () => told.wall, monotonic: () => performance.now(), sleep: () => Promise.resolve() };
  const steady: SteadyTime = { now: () => Math.floor(told.at), mark: () => told };
  const store = createKeptStore(databaseOf(file.connection), clock, file.fence, steady);
  const packed = {
    ...store,
    commit: (commit: PackedCommit) => store.commit(unpackCommit(commit)),
    commitHealth: (commit: PackedHealth) => store.commitHealth(unpackHealth(commit)),
  };
  const parts = {
    store: packed,
    quota: store.quota,
    cache: store.cache,
    file: { close: () => close(file, checkpoints) },
  };
  return async ({ of, method, values, time }) => {
    told = time;
    const part = parts[of] as unknown as Readonly<Record<string, Method>>;
    const value = await part[method]?.(...values);
    if (of !== 'file') checkpoints?.noteWrite();
    return value;
  };
}

async function close(file: StateFile, checkpoints: Checkpoints | null): Promise<void> {
  await checkpoints?.close();
  file.close();
}

function sentError(thrown: unknown): SentError {
  const { code, message, retryable, cause } = toHuntwireError(thrown);
  return { code, message, retryable, cause: cause instanceof Error ? cause.message : null };
}

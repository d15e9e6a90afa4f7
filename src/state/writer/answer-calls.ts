import { toHuntwireError } from '../../lib/errors.ts';
import type { SteadyMark, SteadyTime } from '../../lib/steady-time.ts';
import type { KeptStore } from '../rows/row-store.ts';
import type { SentError, WriteCall, WriterAnswer, WriterPort } from './messages.ts';
import { type PackedCommit, type PackedHealth, unpackCommit, unpackHealth } from './packed-commit.ts';

export type WriterEnd = WriterPort<WriterAnswer, WriteCall>;

type Method = (...values: readonly unknown[]) => unknown;

/** Does what is asked in the order in which it comes, and tells what became of each. */
export function answerCalls(port: WriterEnd, work: (call: WriteCall) => Promise<unknown>): void {
  port.on('message', (call) => void answer(port, call, work));
}

export function refuseCalls(port: WriterEnd, thrown: unknown): void {
  port.postMessage({ kind: 'refused', error: sentError(thrown) });
}

async function answer(port: WriterEnd, call: WriteCall, work: (call: WriteCall) => Promise<unknown>): Promise<void> {
  const { number } = call;
  try {
    port.postMessage({ kind: 'done', number, value: await work(call) });
  } catch (thrown) {
    port.postMessage({ kind: 'failed', number, error: sentError(thrown) });
  }
}

/** A store that is asked by calls, and goes by the time that they bring. */
export interface CalledStore {
  do(call: WriteCall): Promise<unknown>;
}

export interface ToldTime {
  readonly steady: SteadyTime;
  /** Epoch ms. */
  readonly now: () => number;
}

/** `open` makes the store from the time that its calls will tell. */
export function createCalledStore(open: (time: ToldTime) => KeptStore): CalledStore {
  let told: SteadyMark = { at: 0, wall: 0 };
  const steady: SteadyTime = { now: () => Math.floor(told.at), mark: () => told };
  const store = open({ steady, now: () => told.wall });
  const packed = {
    ...store,
    commit: (commit: PackedCommit) => store.commit(unpackCommit(commit)),
    commitHealth: (commit: PackedHealth) => store.commitHealth(unpackHealth(commit)),
  };
  const parts = { store: packed, quota: store.quota, cache: store.cache, place: { close: store.close } };
  return {
    do: async ({ of, method, values, time }) => {
      told = time;
      const part = parts[of] as unknown as Readonly<Record<string, Method>>;
      return part[method]?.(...values);
    },
  };
}

function sentError(thrown: unknown): SentError {
  const { code, message, retryable, cause } = toHuntwireError(thrown);
  return { code, message, retryable, cause: cause instanceof Error ? cause.message : null };
}

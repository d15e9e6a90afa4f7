import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { SteadyMark } from '../../lib/steady-time.ts';
import type { HeldLease } from '../lease.ts';
import type { SentError, WriteCall, WriterAnswer } from './messages.ts';
import type { WriterThread } from './thread.ts';

/** Asks the thread that writes, and waits for its answers. */
export interface Writer {
  /** Resolves with its fence once it has opened the state; rejects with what it threw. */
  readonly opened: Promise<number>;
  /** By whose time, and under which lease, something is asked. */
  asking(time: () => SteadyMark, lease: HeldLease | null): AskWriter;
  /** Does what was asked before, closes the state and ends the thread. */
  close(): Promise<void>;
}

/** What is handed over is the thread's alone. Rejects with the thread's error; with STATE_GONE where it has ended, when nobody can say whether it was done. */
export type AskWriter = (
  of: WriteCall['of'],
  method: string,
  values: readonly unknown[],
  handedOver?: readonly ArrayBuffer[],
) => Promise<unknown>;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: HuntwireError) => void;
}

interface State {
  readonly place: string;
  readonly thread: WriterThread;
  readonly log: Log;
  readonly waiting: Map<number, Waiting>;
  asked: number;
  failure: HuntwireError | null;
}

/** The number of the call that opens. */
const OPENING = 0;

/** `place`: how messages call the state. */
export function createWriter(place: string, thread: WriterThread, log: Log): Writer {
  const state: State = { place, thread, log, waiting: new Map(), asked: OPENING, failure: null };
  thread.on('message', (answer) => take(state, answer));
  thread.onEnd((reason) => fail(state, endedError(place, reason)));
  const opened = wait(state, OPENING) as Promise<number>;
  const asking: Writer['asking'] = (time, lease) => (of, method, values, handedOver) =>
    ask(state, { of, method, values, time: time(), lease }, handedOver);
  const close = async (): Promise<void> => {
    if (state.failure) return thread.end();
    await asking(() => NO_TIME, null)('place', 'close', []).finally(() => {
      state.failure = new HuntwireError('STATE_FAILED', `This process has closed ${place}.`);
    });
    await thread.end();
  };
  return { opened, asking, close };
}

const NO_TIME: SteadyMark = { at: 0, wall: 0 };

function ask(state: State, call: Omit<WriteCall, 'number'>, handedOver?: readonly ArrayBuffer[]): Promise<unknown> {
  if (state.failure) return Promise.reject(state.failure);
  state.asked += 1;
  const number = state.asked;
  const answered = wait(state, number);
  try {
    state.thread.postMessage({ ...call, number }, handedOver);
  } catch (thrown) {
    answerWith(state, number, (one) => one.reject(toHuntwireError(thrown)));
  }
  return answered;
}

function wait({ waiting, thread }: State, number: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    waiting.set(number, { resolve, reject });
    thread.hold(true);
  });
}

function take(state: State, answer: WriterAnswer): void {
  if (answer.kind === 'log') state.log[answer.level](answer.message, answer.fields);
  else if (answer.kind === 'refused') fail(state, receivedError(answer.error));
  else if (answer.kind === 'opened') answerWith(state, OPENING, (one) => one.resolve(answer.fence));
  else if (answer.kind === 'done') answerWith(state, answer.number, (one) => one.resolve(answer.value));
  else answerWith(state, answer.number, (one) => one.reject(receivedError(answer.error)));
}

function answerWith({ waiting, thread }: State, number: number, say: (one: Waiting) => void): void {
  const one = waiting.get(number);
  waiting.delete(number);
  thread.hold(waiting.size > 0);
  if (one) say(one);
}

/** Nothing is done any more: what waits is told, and whatever is asked from now on. */
function fail(state: State, error: HuntwireError): void {
  state.failure ??= error;
  for (const { reject } of state.waiting.values()) reject(state.failure);
  state.waiting.clear();
}

function receivedError({ code, message, retryable, cause }: SentError): HuntwireError {
  return new HuntwireError(code, message, { retryable, ...(cause !== null && { cause }) });
}

function endedError(place: string, reason: string): HuntwireError {
  return new HuntwireError(
    'STATE_GONE',
    `The thread that writes ${place} has ended (${reason}). This process stops, because it can keep nothing any more; what was committed stays. Start it again.`,
  );
}

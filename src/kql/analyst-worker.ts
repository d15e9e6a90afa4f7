import { Worker } from 'node:worker_threads';
import type { Clock } from '../lib/clock.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { WorkerAnswer, WorkerQuestion } from './analyst-messages.ts';
import { refuseLarge } from './prepare-query.ts';
import type { Analyst, PreparedQuery, PrepareOptions } from './prepared.ts';
import { MAX_QUERY_LENGTH } from './query-limits.ts';

export interface WorkerSettings {
  /** The compiled worker. */
  readonly entry: URL;
  /** The parser keeps what it has seen: after so many analyses a fresh worker takes over. */
  readonly analysesPerWorker: number;
  /** An idle worker holds 150 MB; it ends after this long. */
  readonly idleMs: number;
  /** The longest that one query may take; the first also loads the parser. */
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

const DEFAULTS: WorkerSettings = {
  entry: new URL('./analyst-thread.js', import.meta.url),
  analysesPerWorker: 2000,
  idleMs: 60_000,
  timeoutMs: 60_000,
  memoryMb: 1024,
};

interface Pool {
  readonly settings: WorkerSettings;
  readonly clock: Clock;
  worker: Worker | null;
  analyses: number;
  /** Questions are asked one after another: each waits for the one before. */
  queue: Promise<unknown>;
  waiting: number;
  idle: AbortController | null;
  closed: boolean;
}

/** One worker that answers one question at a time, started when first needed and again after it ended. */
export function createWorkerForm(clock: Clock, settings: Partial<WorkerSettings> = {}): Analyst {
  const pool: Pool = {
    settings: { ...DEFAULTS, ...settings },
    clock,
    worker: null,
    analyses: 0,
    queue: Promise.resolve(),
    waiting: 0,
    idle: null,
    closed: false,
  };
  return {
    prepare: (text, options) => enqueue(pool, text, options),
    close: async () => {
      pool.closed = true;
      await endWorker(pool);
    },
  };
}

function enqueue(pool: Pool, text: string, options: PrepareOptions): Promise<PreparedQuery> {
  if (text.length > MAX_QUERY_LENGTH) {
    const message = `The query has ${text.length} characters; at most ${MAX_QUERY_LENGTH} are analyzed.`;
    return Promise.resolve(refuseLarge(text, options, message));
  }
  pool.waiting += 1;
  pool.idle?.abort();
  const answer = pool.queue.then(() => askWorker(pool, text, options));
  pool.queue = answer.then(
    () => rest(pool),
    () => rest(pool),
  );
  return answer;
}

async function rest(pool: Pool): Promise<void> {
  pool.waiting -= 1;
  if (pool.analyses >= pool.settings.analysesPerWorker) await endWorker(pool);
  if (pool.waiting === 0 && pool.worker) endWhenIdle(pool);
}

function endWhenIdle(pool: Pool): void {
  const idle = new AbortController();
  pool.idle = idle;
  pool.clock.sleep(pool.settings.idleMs, idle.signal).then(
    () => endWorker(pool),
    () => undefined,
  );
}

async function endWorker(pool: Pool): Promise<void> {
  const { worker } = pool;
  pool.worker = null;
  pool.analyses = 0;
  pool.idle?.abort();
  await worker?.terminate();
}

async function askWorker(pool: Pool, text: string, options: PrepareOptions): Promise<PreparedQuery> {
  if (pool.closed) throw new HuntwireError('ABORTED', 'The analyst is closed.');
  const worker = pool.worker ?? startWorker(pool);
  pool.analyses += 1;
  const outcome = await outcomeOf(pool, worker, { text, options });
  if (outcome.kind === 'prepared') return outcome.prepared;
  if (pool.closed) throw new HuntwireError('ABORTED', 'The analyst was closed before it had an answer.');
  await endWorker(pool);
  if (outcome.kind === 'failed') throw outcome.error;
  return refuseLarge(text, options, outcome.message);
}

function startWorker(pool: Pool): Worker {
  const { entry, memoryMb } = pool.settings;
  const worker = new Worker(entry, {
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    execArgv: ['--no-warnings'],
  });
  worker.unref();
  pool.worker = worker;
  return worker;
}

type Outcome =
  | { readonly kind: 'prepared'; readonly prepared: PreparedQuery }
  | { readonly kind: 'given-up'; readonly message: string }
  | { readonly kind: 'failed'; readonly error: HuntwireError };

/** The worker's answer, or what became of it: it can crash, run out of memory, or take too long. */
async function outcomeOf(pool: Pool, worker: Worker, question: WorkerQuestion): Promise<Outcome> {
  const stop = new AbortController();
  const timeout = pool.clock.sleep(pool.settings.timeoutMs, stop.signal).then(
    (): Outcome => ({ kind: 'given-up', message: 'The query takes too long to analyze.' }),
    (): Promise<Outcome> => new Promise(() => {}),
  );
  worker.ref();
  try {
    return await Promise.race([timeout, listen(worker, question, stop.signal)]);
  } finally {
    stop.abort();
    worker.unref();
  }
}

/** Listens until `done`: the worker's other listeners are its own. */
function listen(worker: Worker, question: WorkerQuestion, done: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    const message = (answer: WorkerAnswer) => resolve(outcomeOfAnswer(answer));
    const error = (thrown: unknown) => resolve(outcomeOfCrash(thrown));
    const exit = () => resolve({ kind: 'given-up', message: 'The analysis of the query ended without an answer.' });
    worker.on('message', message).on('error', error).on('exit', exit);
    done.addEventListener('abort', () => worker.off('message', message).off('error', error).off('exit', exit));
    worker.postMessage(question);
  });
}

function outcomeOfAnswer(answer: WorkerAnswer): Outcome {
  if (answer.kind === 'prepared') return answer;
  return { kind: 'failed', error: new HuntwireError('INTERNAL', answer.message) };
}

function outcomeOfCrash(error: unknown): Outcome {
  const code = (error as { code?: unknown }).code;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { kind: 'given-up', message: 'The query needs too much memory to analyze.' };
  }
  const message = String((error as { message?: unknown }).message ?? error);
  return {
    kind: 'failed',
    error: new HuntwireError('INTERNAL', `The query analysis crashed: ${message}`, { cause: error }),
  };
}

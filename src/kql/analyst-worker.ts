import type { Clock } from '../lib/clock.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { Hand, HandOutcome } from './hands/hand.ts';
import { startProcess } from './hands/in-process.ts';
import { startThread, type ThreadSettings } from './hands/in-thread.ts';
import type { WorkerQuestion } from './hands/messages.ts';
import type { Analyst, PreparedQuery, PrepareOptions } from './prepared.ts';
import { refuseLarge, refuseLong } from './refused-query.ts';
import { addedTables, addedVersion } from './schemas/added-tables.ts';

export interface WorkerSettings extends ThreadSettings {
  /** The parser image from which workers start as processes; null: there is none, and they are threads. */
  readonly image: () => Promise<string | null>;
  /** What the parser keeps does not grow (200 MB after 500 queries and after 5,000), and a fresh worker is slow at first; still no worker lives for ever. */
  readonly analysesPerWorker: number;
  /** An idle worker holds 150 MB; it ends after this long. */
  readonly idleMs: number;
  /** The longest that a worker may work at one query; the first also loads the parser. */
  readonly timeoutMs: number;
  /** How much a worker has worked, in ms; left out: as the worker tells. */
  readonly worked?: () => number | null;
}

const DEFAULTS: WorkerSettings = {
  entry: new URL('./analyst-thread.js', import.meta.url),
  image: async () => null,
  analysesPerWorker: 10_000,
  idleMs: 60_000,
  timeoutMs: 60_000,
  memoryMb: 1024,
};

interface Pool {
  readonly settings: WorkerSettings;
  readonly clock: Clock;
  hand: Hand | null;
  analyses: number;
  /** Which tables the hand was told of; null: of none. */
  told: { readonly hand: Hand; readonly version: string } | null;
  /** No process came up from the image. */
  imageFailed: boolean;
  /** Questions are asked one after another: each waits for the one before. */
  queue: Promise<unknown>;
  waiting: number;
  idle: AbortController | null;
  closed: boolean;
}

/** A worker that answers one question at a time, started when first needed and again after it ended. */
export interface WorkerForm extends Analyst {
  /** Starts all workers before they are needed. */
  start(): Promise<void>;
}

export function createWorkerForm(
  clock: Clock,
  settings: Partial<WorkerSettings> = {},
  early: Hand | null = null,
): WorkerForm {
  const pool: Pool = {
    settings: { ...DEFAULTS, ...settings },
    clock,
    hand: early,
    analyses: 0,
    told: null,
    imageFailed: false,
    queue: Promise.resolve(),
    waiting: 0,
    idle: null,
    closed: false,
  };
  return {
    start: () => start(pool),
    prepare: (text, options) => enqueue(pool, text, options),
    close: async () => {
      pool.closed = true;
      await endHand(pool);
    },
  };
}

function start(pool: Pool): Promise<void> {
  const started = pool.queue
    .then(() => handOf(pool))
    .then(
      () => undefined,
      () => undefined,
    );
  pool.queue = started;
  return started;
}

function enqueue(pool: Pool, text: string, options: PrepareOptions): Promise<PreparedQuery> {
  const tooLong = refuseLong(text, options);
  if (tooLong) return Promise.resolve(tooLong);
  pool.waiting += 1;
  pool.idle?.abort();
  const answer = pool.queue.then(() => askHand(pool, text, options));
  pool.queue = answer.then(
    () => rest(pool),
    () => rest(pool),
  );
  return answer;
}

async function rest(pool: Pool): Promise<void> {
  pool.waiting -= 1;
  if (pool.analyses >= pool.settings.analysesPerWorker) await endHand(pool);
  if (pool.waiting === 0 && pool.hand) endWhenIdle(pool);
}

function endWhenIdle(pool: Pool): void {
  const idle = new AbortController();
  pool.idle = idle;
  pool.clock.sleep(pool.settings.idleMs, idle.signal).then(
    () => endHand(pool),
    () => undefined,
  );
}

async function endHand(pool: Pool): Promise<void> {
  const { hand } = pool;
  pool.hand = null;
  pool.analyses = 0;
  pool.idle?.abort();
  await hand?.end();
}

async function askHand(pool: Pool, text: string, options: PrepareOptions): Promise<PreparedQuery> {
  const hand = await handOf(pool);
  pool.analyses += 1;
  const outcome = await outcomeOf(pool, hand, { text, options, ...newsFor(pool, hand) });
  if (outcome.kind === 'prepared') return outcome.prepared;
  if (pool.closed) throw new HuntwireError('ABORTED', 'The analyst was closed before it had an answer.');
  await endHand(pool);
  if (outcome.kind === 'failed') throw outcome.error;
  if (outcome.kind === 'given-up') return refuseLarge(text, options, outcome.message);
  pool.imageFailed = true;
  return askHand(pool, text, options);
}

/** Tables that the hand does not know of yet. */
function newsFor(pool: Pool, hand: Hand): Pick<WorkerQuestion, 'added'> {
  const version = addedVersion();
  const told = pool.told?.hand === hand ? pool.told.version : '';
  if (told === version) return {};
  pool.told = { hand, version };
  return { added: addedTables() };
}

async function handOf(pool: Pool): Promise<Hand> {
  if (pool.hand) return pool.hand;
  const image = pool.closed || pool.imageFailed ? null : await pool.settings.image();
  if (pool.closed) throw new HuntwireError('ABORTED', 'The analyst is closed.');
  pool.hand = image === null ? startThread(pool.settings) : startProcess(image);
  return pool.hand;
}

/** The worker's answer, or what became of it: it can crash, run out of memory, or take too long. */
async function outcomeOf(pool: Pool, hand: Hand, question: WorkerQuestion): Promise<HandOutcome> {
  const stop = new AbortController();
  try {
    return await Promise.race([patienceOf(pool, hand, stop.signal), hand.ask(question, stop.signal)]);
  } finally {
    stop.abort();
  }
}

/** How often it is asked how much the worker has worked, in the time that it may work. */
const LOOKS = 4;

/** On a machine that gives a worker less than that of its time, or where it waits for something that never comes. */
const LONGEST_WAITS = 15;

/** Ends when the worker has worked too long: a machine with other things to do gives it less than passes. */
async function patienceOf({ clock, settings }: Pool, hand: Hand, stop: AbortSignal): Promise<HandOutcome> {
  const { timeoutMs, worked = () => hand.worked() } = settings;
  const begun = clock.monotonic();
  const before = worked();
  for (;;) {
    const ended = await clock.sleep(timeoutMs / LOOKS, stop).then(
      () => false,
      () => true,
    );
    if (ended) return new Promise(() => {});
    const passed = clock.monotonic() - begun;
    const now = worked();
    const work = before === null || now === null ? passed : now - before;
    if (Math.min(passed, work) >= timeoutMs || passed >= LONGEST_WAITS * timeoutMs)
      return { kind: 'given-up', message: 'The query takes too long to analyze.' };
  }
}

import { availableParallelism } from 'node:os';
import type { Cache } from '../lib/cache.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createPoolForm } from './analyst-pool.ts';
import type { WorkerForm, WorkerSettings } from './analyst-worker.ts';
import type { Hand } from './hands/hand.ts';
import { withSharedParts } from './hands/shared-columns.ts';
import { findImage, makeImage } from './parser/parser-image.ts';
import { isWorthKeeping, prepareKey, readPrepared } from './prepare-key.ts';
import type { Analyst, PreparedQuery, PrepareOptions } from './prepared.ts';

export interface AnalystOptions {
  readonly form: 'in-process' | 'worker';
  /** How many workers there are; one where left out. */
  readonly workers?: number;
  /** From how many questions on more than one of them work; all do once they were started. Default 1. */
  readonly workersFrom?: number;
  readonly cache?: Cache;
  /** Whether workers that find no parser image make one first, which pays where they analyze a hundred queries or start often. Default true. */
  readonly makesImage?: boolean;
  /** The first worker, where it was started before. */
  readonly early?: Hand | null;
  /** Measures the worker's limits, so it runs as fast as the machine does. Default the system's. */
  readonly clock?: Clock;
  readonly settings?: Partial<WorkerSettings>;
}

/** Workers of a process that runs for months: each holds about 200 MB while it works, and only a start has so much for them to do. */
export const LASTING_WORKERS = { workers: Math.min(2, availableParallelism()), workersFrom: 200 };

/**
 * Prepares queries, each once: `in-process` for verbs that end soon and for tests, `worker` for what runs long, where the parser's
 * memory and a hostile query must not be the main thread's. Answers are cached by what they depend on.
 */
export function createAnalyst(options: AnalystOptions): WorkerForm {
  const form = options.form === 'worker' ? workerForm(options) : inProcess;
  const pending = new Map<string, Promise<PreparedQuery>>();
  return {
    prepare: (text, prepareOptions) => {
      const key = prepareKey(text, prepareOptions);
      const answer =
        pending.get(key) ??
        answerOnce(form, options.cache, key, text, prepareOptions).finally(() => pending.delete(key));
      pending.set(key, answer);
      return answer;
    },
    start: () => form.start(),
    close: () => form.close(),
  };
}

function workerForm({
  clock = systemClock,
  workers = 1,
  workersFrom = 1,
  makesImage = true,
  early = null,
  settings,
}: AnalystOptions): WorkerForm {
  let found: Promise<string | null> | null = null;
  const image = (): Promise<string | null> => {
    found ??= imageOr(makesImage);
    return found;
  };
  return createPoolForm(clock, { workers, workersFrom, early }, { image, ...settings });
}

async function imageOr(makesImage: boolean): Promise<string | null> {
  return findImage() ?? (makesImage ? makeImage() : null);
}

/** Loaded when it is used: workers have it themselves. */
const inProcess: WorkerForm = {
  start: async () => undefined,
  prepare: async (text, options) => (await import('./prepare-query.ts')).prepareQuery(text, options),
  close: async () => undefined,
};

async function answerOnce(
  form: Analyst,
  cache: Cache | undefined,
  key: string,
  text: string,
  options: PrepareOptions,
): Promise<PreparedQuery> {
  const cached = await cache?.get(key);
  const known = cached ? readPrepared(cached) : null;
  if (known) return withSharedParts(known, text);
  const prepared = await form.prepare(text, options);
  if (isWorthKeeping(prepared)) await cache?.set(key, JSON.stringify(prepared));
  return withSharedParts(prepared, text);
}

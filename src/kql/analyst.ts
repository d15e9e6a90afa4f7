import type { Cache } from '../lib/cache.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createPoolForm } from './analyst-pool.ts';
import type { WorkerSettings } from './analyst-worker.ts';
import { prepareKey, readPrepared } from './prepare-key.ts';
import { prepareQuery } from './prepare-query.ts';
import type { Analyst, PreparedQuery, PrepareOptions } from './prepared.ts';

export interface AnalystOptions {
  readonly form: 'in-process' | 'worker';
  /** How many workers there are; one where left out. */
  readonly workers?: number;
  readonly cache?: Cache;
  /** Measures the worker's limits, so it runs as fast as the machine does. Default the system's. */
  readonly clock?: Clock;
  readonly settings?: Partial<WorkerSettings>;
}

/**
 * Prepares queries, each once: `in-process` for verbs that end soon and for tests, `worker` for what runs long, where the parser's
 * memory and a hostile query must not be the main thread's. Answers are cached by what they depend on.
 */
export function createAnalyst(options: AnalystOptions): Analyst {
  const { clock = systemClock, workers = 1, settings } = options;
  const form = options.form === 'worker' ? createPoolForm(clock, workers, settings) : inProcess;
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
    close: () => form.close(),
  };
}

const inProcess: Analyst = { prepare: prepareQuery, close: async () => {} };

async function answerOnce(
  form: Analyst,
  cache: Cache | undefined,
  key: string,
  text: string,
  options: PrepareOptions,
): Promise<PreparedQuery> {
  const cached = await cache?.get(key);
  const known = cached ? readPrepared(cached) : null;
  if (known) return known;
  const prepared = await form.prepare(text, options);
  if (isWorthKeeping(prepared)) await cache?.set(key, JSON.stringify(prepared));
  return prepared;
}

/** A query that was given up may be fine on a machine with more time. */
function isWorthKeeping(prepared: PreparedQuery): boolean {
  return !prepared.findings.some((finding) => finding.code === 'query-too-large');
}

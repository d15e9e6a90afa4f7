import { existsSync } from 'node:fs';
import { createAnalyst, LASTING_WORKERS } from '../kql/analyst.ts';
import type { WorkerForm } from '../kql/analyst-worker.ts';
import { type Cache, createLaterCache } from '../lib/cache.ts';
import { systemClock } from '../lib/clock.ts';
import { type AheadReader, createAheadReader } from '../rules/read-ahead.ts';
import type { Host } from './host.ts';

/** Queries are analyzed while other rules are read, before there is a state that could know the answers. */
export interface EarlyAnalysis extends AheadReader {
  /** The analyst, who keeps in the cache what was found and what will be. */
  readonly join: (cache: Cache) => Promise<WorkerForm>;
  readonly close: () => Promise<void>;
}

/** For the first start of a process that runs long: where there is a state file, or a database, it knows most answers. Null: nothing is begun. */
export function beginAnalysis({ place }: Pick<Host, 'place'>, stateFile: string | null): EarlyAnalysis | null {
  if (place !== 'worker' || stateFile === null || existsSync(stateFile)) return null;
  const cache = createLaterCache();
  const form = createAnalyst({ form: 'worker', cache, clock: systemClock, ...LASTING_WORKERS });
  const close = async (): Promise<void> => {
    await form.close();
    cache.forget();
  };
  const analyst = { ...form, close };
  const asks = (read: number): boolean => {
    const isMuch = read >= LASTING_WORKERS.workersFrom;
    if (isMuch) void form.start();
    return isMuch;
  };
  const ahead = createAheadReader({ analyst, isWanted: () => true, asks });
  const join = async (kept: Cache): Promise<WorkerForm> => {
    await cache.join(kept);
    return analyst;
  };
  return { ...ahead, join, close };
}

import { DAY_MS } from '../lib/duration.ts';
import { type Source, UNLIMITED } from '../sources/source.ts';

/** A source in this process, without limits: for rule tests. */
export function memorySource(query: Source['query']): Source {
  return {
    api: 'local',
    maxRows: Number.MAX_SAFE_INTEGER,
    retentionMs: 3650 * DAY_MS,
    retiresOn: null,
    quota: UNLIMITED,
    query,
    check: async () => [],
    close: async () => undefined,
  };
}

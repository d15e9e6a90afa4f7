import { prepareQuery } from '../../src/kql/prepare-query.ts';
import type { PreparedQuery, PrepareOptions } from '../../src/kql/prepared.ts';
import { DAY_MS } from '../../src/lib/duration.ts';

/** A query as a rule without settings of its own has it analyzed. */
export const PLAIN: PrepareOptions = Object.freeze({
  basis: 'ingestion',
  tables: {},
  shape: null,
  keepFilters: 'never',
  lookbackMs: null,
  params: {},
});

/** What lint asks for beside rules: a fixed day, and what the services keep. */
export const LINT_SETTINGS = Object.freeze({ now: Date.parse('2026-05-01T00:00:00Z'), retentionMs: 30 * DAY_MS });

export function analyzed(query: string, more: Partial<PrepareOptions> = {}): Promise<PreparedQuery> {
  return prepareQuery(query, { ...PLAIN, ...more });
}

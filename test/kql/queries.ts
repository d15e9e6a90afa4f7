import { prepareQuery } from '../../src/kql/prepare-query.ts';
import type { PreparedQuery, PrepareOptions } from '../../src/kql/prepared.ts';

const DEFAULTS: PrepareOptions = {
  basis: 'ingestion',
  tables: {},
  shape: null,
  keepFilters: 'never',
  lookbackMs: null,
  params: {},
};

/** Prepares a query with the options that a test cares about. */
export function prepare(text: string, options: Partial<PrepareOptions> = {}): Promise<PreparedQuery> {
  return prepareQuery(text, { ...DEFAULTS, ...options });
}

/** `Table:role` of every reference, in source order. */
export function rolesOf(prepared: PreparedQuery): readonly string[] {
  return prepared.tables.map((one) => `${one.table}:${one.role}`);
}

/** Code and covered text of every finding of a severity. */
export function findingsOf(prepared: PreparedQuery, severity: string): readonly string[] {
  return prepared.findings
    .filter((one) => one.severity === severity)
    .map((one) => `${one.code}: ${prepared.text.slice(one.start, one.end)}`);
}

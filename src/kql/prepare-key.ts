import { createHash } from 'node:crypto';
import { SCHEMA_DATE } from './defender.ts';
import type { ParamValue, PreparedQuery, PrepareOptions } from './prepared.ts';
import { addedVersion } from './schemas/added-tables.ts';

/** Raise it when preparation changes, so that answers of an older version are not used. */
const VERSION = 13;

/** The key under which a prepared query is cached: everything that it depends on. */
export function prepareKey(text: string, options: PrepareOptions): string {
  const { basis, sets, shape, keepFilters, lookbackMs } = options;
  const tables = sortedEntries(options.tables);
  const params = sortedEntries(options.params).map(([name, value]) => [name, plain(value)]);
  const parts = JSON.stringify([
    VERSION,
    SCHEMA_DATE + addedVersion(),
    text,
    basis,
    sets,
    shape,
    keepFilters,
    lookbackMs,
    tables,
    params,
  ]);
  return `kql:${createHash('sha256').update(parts).digest('hex')}`;
}

function sortedEntries<T>(record: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** With the type in it: the integer 1 and the text "1" are different params. */
function plain(value: ParamValue): unknown {
  if (typeof value === 'bigint') return ['long', value.toString()];
  return typeof value === 'object' ? value.map(plain) : [typeof value, value];
}

/** A cached answer, or null where the text is none. */
export function readPrepared(text: string): PreparedQuery | null {
  try {
    const value = JSON.parse(text) as PreparedQuery | null;
    return typeof value?.text === 'string' && Array.isArray(value.findings) ? value : null;
  } catch {
    return null;
  }
}

/** A query that was given up may be fine on a machine with more time. */
export function isWorthKeeping(prepared: PreparedQuery): boolean {
  return !prepared.findings.some((finding) => finding.code === 'query-too-large');
}

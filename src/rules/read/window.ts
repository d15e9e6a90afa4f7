import { SECOND_MS } from '../../lib/duration.ts';
import type { Rule } from '../rule.ts';
import type { RawWindow, WindowName } from './raw.ts';
import { type Reading, readDuration, report } from './reading.ts';

/** `window`: the name of a basis, or a map with the basis, the context tables of this rule and what becomes of its time filters. */
export function readWindow(reading: Reading, raw: WindowName | RawWindow | undefined): Rule['window'] {
  const {
    basis = 'ingestion',
    tables = {},
    keepFilters = false,
    sets,
  } = typeof raw === 'object' ? raw : { basis: raw };
  if (basis === 'none' && Object.keys(tables).length > 0) {
    report(reading, ['window', 'tables'], '"tables" has no meaning where the basis is none: no table gets a window.');
  }
  const entries = Object.entries(tables).map(([table, text]) => [table, readLookback(reading, table, text)] as const);
  if (basis === 'none' && sets !== undefined) {
    report(reading, ['window', 'sets'], '"sets" has no meaning where the basis is none: there is no window.');
  }
  const parts = { basis, tables: Object.freeze(Object.fromEntries(entries)), keepFilters: keptFilters(keepFilters) };
  return Object.freeze(sets === undefined || sets === basis ? parts : { ...parts, sets });
}

function readLookback(reading: Reading, table: string, text: string): number | 'none' {
  if (text === 'none') return 'none';
  return readDuration(reading, ['window', 'tables', table], text, SECOND_MS) ?? 'none';
}

function keptFilters(said: NonNullable<RawWindow['keepFilters']>): Rule['window']['keepFilters'] {
  if (said === 'sets') return 'sets';
  return said ? 'always' : 'never';
}

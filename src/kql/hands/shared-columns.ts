import type { PreparedQuery } from '../prepared.ts';
import type { Column } from '../types.ts';

/** More different columns than rule sets have; then it is begun anew. */
const MOST_COLUMNS = 20_000;

const shared = new Map<string, Column>();

/** The same prepared query, with the text that was asked about and columns that other queries have, too: of thousands of rules most are the same. */
export function withSharedParts(prepared: PreparedQuery, text: string): PreparedQuery {
  const { columns } = prepared;
  return Object.freeze({
    ...prepared,
    text: prepared.text === text ? text : prepared.text,
    columns: columns && Object.freeze(columns.map(sharedColumn)),
  });
}

function sharedColumn({ name, type }: Column): Column {
  const key = `${type} ${name}`;
  const known = shared.get(key);
  if (known) return known;
  if (shared.size >= MOST_COLUMNS) shared.clear();
  const column = Object.freeze({ name, type });
  shared.set(key, column);
  return column;
}

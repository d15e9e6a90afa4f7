import { extname } from 'node:path';
import type { ScalarText } from '../../lib/yaml/scalar-text.ts';
import { scalarsIn } from '../../lib/yaml/scalars-in.ts';
import { KQL_EXTENSIONS, kqlQueriesIn } from '../../rules/readers/kql-query.ts';
import { lineStartOf } from './spans.ts';

/** A query as it stands in a file that an editor holds, whatever else the file says. */
export interface HeldQuery extends ScalarText {
  /** Which of the file's queries it is, from 0. */
  readonly index: number;
}

/** Under which keys the formats that we read have their queries. */
const QUERY_KEY = /^(?:query|queryText|functionQuery|parserQuery)$/i;

const latest = new Map<string, readonly HeldQuery[]>();
const MOST_KEPT = 8;

export function heldQueries(file: string, text: string): readonly HeldQuery[] {
  const key = `${file}\n${text}`;
  const queries = latest.get(key) ?? read(file, text);
  latest.delete(key);
  latest.set(key, queries);
  for (const old of [...latest.keys()].slice(0, -MOST_KEPT)) latest.delete(old);
  return queries;
}

function read(file: string, text: string): readonly HeldQuery[] {
  const found = KQL_EXTENSIONS.includes(extname(file).toLowerCase())
    ? kqlQueriesIn(text).map(({ from, to }) => bareQuery(text, from, to))
    : scalarsIn(text, (name) => QUERY_KEY.test(name));
  return found.map((one, index) => ({ ...one, index }));
}

/** A query that is a file, or a part of one; white space behind it is its own. */
function bareQuery(text: string, from: number, to: number): ScalarText {
  const end = to + (/^[^\S\n]*\r?\n?/.exec(text.slice(to))?.[0].length ?? 0);
  return {
    text: text.slice(from, end),
    ...{ start: from, end, indent: 0 },
    toSource: (offset) => Math.min(from + offset, end),
    toValue: (at) => Math.max(0, Math.min(at, end) - from),
  };
}

/** The query in which an offset of the file stands; behind its last word only where a line of it may go on. */
export function queryAt(queries: readonly HeldQuery[], text: string, offset: number): HeldQuery | null {
  const query = queries.find(({ start, end }) => offset >= start && offset <= end) ?? null;
  if (query === null || query.indent === null) return query;
  const column = offset - lineStartOf(text, offset);
  const isBehind =
    text.slice(query.start, offset).trimEnd().length >= text.slice(query.start, query.end).trimEnd().length;
  return isBehind && column < query.indent ? null : query;
}

import { MAX_QUERY_LENGTH } from '../../kql/query-limits.ts';
import type { Path, Place } from '../../lib/yaml/parse-yaml.ts';
import type { SourceMap } from '../rule.ts';
import type { JoinedQuery } from './joined-query.ts';

/** The places of a rule whose query has functions and lists in front: what stands in these has its place in their files. */
export function joinedMap(own: SourceMap, { text, parts, functions, watchlists, query }: JoinedQuery): SourceMap {
  const length = parts.at(-1)?.end ?? 0;
  const place = (offset: number): Place => {
    // What is said of a text that is too long is said of the rule.
    if (text.length > MAX_QUERY_LENGTH) return own.place(0);
    const part = parts.find(({ end }) => offset < end);
    if (part) return { ...part.place(offset - part.start), file: part.file };
    return own.place(query.toOriginal(offset - length));
  };
  return Object.freeze({
    ...own,
    place,
    textPlace: (path: Path, offset: number) =>
      path.length === 1 && path[0] === 'query' ? place(offset) : own.textPlace(path, offset),
    folds: own.folds === null ? null : own.folds.map((offset) => length + query.fromOriginal(offset)),
    functions: Object.freeze(functions.map(({ name, file }) => Object.freeze({ name, file }))),
    watchlists: Object.freeze(watchlists.map(({ alias, file, rows }) => Object.freeze({ alias, file, rows }))),
  });
}

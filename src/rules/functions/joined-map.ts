import { MAX_QUERY_LENGTH } from '../../kql/query-limits.ts';
import type { Path, Place } from '../../lib/yaml/parse-yaml.ts';
import type { SourceMap } from '../rule.ts';
import type { SavedFunction } from './saved-function.ts';

/** A function in front of a query: from the end of the part before to `end`, its body from `start` on. */
export interface TextPart {
  readonly declaration: SavedFunction;
  readonly start: number;
  readonly end: number;
}

interface Joined {
  readonly text: string;
  readonly parts: readonly TextPart[];
  readonly functions: readonly SavedFunction[];
}

/** The places of a rule whose query has functions in front: what stands in these has its place in their files. */
export function joinedMap(own: SourceMap, { text, parts, functions }: Joined): SourceMap {
  const length = parts.at(-1)?.end ?? 0;
  const place = (offset: number): Place => {
    // What is said of a text that is too long is said of the rule.
    if (text.length > MAX_QUERY_LENGTH) return own.place(0);
    const part = parts.find(({ end }) => offset < end);
    return part ? placeIn(part, offset) : own.place(offset - length);
  };
  return Object.freeze({
    ...own,
    place,
    textPlace: (path: Path, offset: number) =>
      path.length === 1 && path[0] === 'query' ? place(offset) : own.textPlace(path, offset),
    folds: own.folds && own.folds.map((offset) => offset + length),
    functions: Object.freeze(functions.map(({ name, file }) => Object.freeze({ name, file }))),
  });
}

function placeIn({ declaration, start }: TextPart, offset: number): Place {
  const { file, body, head } = declaration;
  const place = offset < start ? head : declaration.place(Math.min(offset - start, body.length));
  return { ...place, file };
}

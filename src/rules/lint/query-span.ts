import type { Place } from '../../lib/yaml/parse-yaml.ts';
import type { SourceMap } from '../rule.ts';

/** Where a piece of the query stands in the file: its first character, and behind its last. */
export function querySpan(
  map: Pick<SourceMap, 'place'>,
  { start, end }: { readonly start: number; readonly end: number },
): { readonly place: Place; readonly end?: Place } {
  const place = map.place(start);
  if (end <= start) return { place };
  const last = map.place(end - 1);
  if (last.file !== place.file) return { place };
  return { place, end: { line: last.line, column: last.column + 1 } };
}

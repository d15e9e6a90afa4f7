import type { PackQuery } from '../../kql/pack/pack-query.ts';
import { offsetAt } from '../../kql/sent-query.ts';
import type { HuntwireError } from '../../lib/errors.ts';
import { toldPlace } from '../error-place.ts';

/** Which leg an error is about, where it tells a place in the text; null: none, or all. `labelled`: a comment line stood in front of the text. */
export function culpritOf({ text, legAt }: PackQuery, error: HuntwireError, labelled: boolean): number | null {
  const place = toldPlace(error.message) ?? problemPlace(error);
  if (!place) return null;
  const line = labelled ? place.line - 1 : place.line;
  return line < 1 ? null : legAt(offsetAt(text, { ...place, line }));
}

function problemPlace({ problems }: HuntwireError): { readonly line: number; readonly column: number } | null {
  const [first] = problems;
  return first && first.line !== null && first.column !== null ? { line: first.line, column: first.column } : null;
}

import type { Position } from 'vscode-languageserver';
import { queryView } from '../../kql/language/query-view.ts';
import type { CodeView } from '../../kql/parser/code-view.ts';
import { type HeldQuery, heldQueries, queryAt } from './held-queries.ts';
import type { KnownQuery, Lookout } from './lookout.ts';
import { type LinedText, linedText } from './spans.ts';

/** A query of a file that is open, as the parser sees it. */
export interface QuerySpot {
  readonly lined: LinedText;
  readonly query: HeldQuery;
  readonly known: KnownQuery | null;
  readonly view: CodeView;
  /** Where the query begins in the text that the parser sees: saved functions stand in front. */
  readonly base: number;
}

/** The query at a place, and which of its offsets that is; null: none stands there, or it cannot be looked at. */
export async function querySpotAt(
  lookout: Lookout,
  file: string,
  at: Position,
): Promise<(QuerySpot & { readonly offset: number }) | null> {
  const lined = linedText(lookout.held.get(file) ?? '');
  const offset = lined.offsetAt(at);
  const query = queryAt(heldQueries(file, lined.text), lined.text, offset);
  const spot = query && (await spotOf(lookout, file, lined, query));
  return spot && { ...spot, offset: spot.query.toValue(offset) };
}

/** All queries of a file that can be looked at. */
export async function querySpots(lookout: Lookout, file: string): Promise<readonly QuerySpot[]> {
  const lined = linedText(lookout.held.get(file) ?? '');
  const spots: QuerySpot[] = [];
  for (const query of heldQueries(file, lined.text)) {
    const spot = await spotOf(lookout, file, lined, query);
    if (spot) spots.push(spot);
  }
  return spots;
}

async function spotOf(lookout: Lookout, file: string, lined: LinedText, query: HeldQuery): Promise<QuerySpot | null> {
  // Its tables are those of its configuration.
  await lookout.deps.scopeOf(file, lookout.held);
  const known = lookout.known.get(file)?.[query.index] ?? null;
  const { prelude = '', params = {} } = known ?? {};
  const view = await queryView({ text: prelude + query.text, params });
  return view && { lined, query, known, view, base: prelude.length };
}

/** Where a piece of the query stands in its file; null: it is none of the query itself. */
export function rangeInFile(
  { lined, query, base }: QuerySpot,
  { start, end }: { readonly start: number; readonly end: number },
) {
  if (start < base || end < start) return null;
  const from = query.toSource(start - base);
  const to = end === start ? from : query.toSource(end - base - 1) + 1;
  return lined.range(from, to);
}

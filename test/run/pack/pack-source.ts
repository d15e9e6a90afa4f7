import { HuntwireError } from '../../../src/lib/errors.ts';
import type { QueryEnd, QueryRequest, Row, RowSink, Source } from '../../../src/sources/source.ts';
import { plantedSource } from '../planted-source.ts';
import { COLUMNS, T0 } from '../story.ts';

/** What the stand-in says of a call. */
export type Verdict = HuntwireError | 'truncated' | 'torn' | null;

/** The texts of a call's legs; of a call that is no pack, its own. */
export function legsOf(query: string): readonly string[] {
  const legs = [...query.matchAll(/let _huntwire_\d+ = \(\) \{\n([\s\S]*?)\n\};\n/g)].map((match) => match[1] ?? '');
  return legs.length === 0 ? [query] : legs;
}

/** A source whose queries are words, each answered with two rows of it, alone or in a pack. `judge` says how a call of several fails. */
export function packSource(judge: (legs: readonly string[]) => Verdict = () => null) {
  const calls: (readonly string[])[] = [];
  const requests: QueryRequest[] = [];
  const query: Source['query'] = async (request, sink): Promise<QueryEnd> => {
    const legs = legsOf(request.query);
    calls.push(legs);
    requests.push(request);
    const verdict = judge(legs);
    if (verdict instanceof HuntwireError) throw verdict;
    const rows = request.query.includes('union ')
      ? answerPack(legs, sink, verdict === 'torn')
      : answerAlone(legs, sink);
    return { rows, truncated: verdict === 'truncated', bytes: 10, elapsedMs: 5, serviceTime: T0 };
  };
  const source: Source = { ...plantedSource({ columns: COLUMNS, rows: () => [], now: () => T0 }), api: 'graph', query };
  return { source, calls, requests };
}

const WORD = [{ name: 'Word', type: 'string' }] as const;

function answerAlone([word = '']: readonly string[], sink: RowSink): number {
  sink.schema(WORD);
  for (const count of [1, 2]) sink.row({ Word: `${word}${count}` });
  return 2;
}

function answerPack(legs: readonly string[], sink: RowSink, isTorn: boolean): number {
  sink.schema([
    { name: '_huntwire_leg', type: 'long' },
    { name: '_huntwire_row', type: 'string' },
  ]);
  const rows = legs.flatMap((word, leg) =>
    [1, 2].map((count) => packedRow(leg, isTorn ? '' : JSON.stringify([`${word}${count}`]))),
  );
  for (const row of rows.toReversed()) sink.row(row);
  return rows.length;
}

function packedRow(leg: number, text: string): Row {
  return { _huntwire_leg: leg, _huntwire_row: text };
}

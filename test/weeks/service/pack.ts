import type { QueryRequest, Row, RowSink } from '../../../src/sources/source.ts';

/** One query of a call that stands for several, and the rule whose it is. */
export interface ModelLeg {
  readonly ruleId: string;
  readonly query: string;
  /** Names of the columns that are wanted, in their order. */
  readonly wanted: readonly string[];
}

/** The legs of a union of functions, as text; null where the query is no such one. Neither our parser nor our engine has a part in it. */
export function legsOf({ ruleId, query }: QueryRequest): readonly ModelLeg[] | null {
  if (!query.includes('_huntwire_row')) return null;
  const ids = ruleId.replace(/^\d+ rules: /, '').split(' ');
  const bodies = [...query.matchAll(/let _huntwire_\d+ = \(\) \{\n([\s\S]*?)\n\};\n/g)].map((match) => match[1] ?? '');
  const packed = [...query.matchAll(/tostring\(pack_array\((.*?)\)\)(?=\))/g)].map((match) => match[1] ?? '');
  if (bodies.length !== ids.length || packed.length !== ids.length)
    throw new Error('the service does not read the pack');
  return ids.map((id, index) => {
    const wanted = [...(packed[index] ?? '').matchAll(/\["([^"]*)"\]/g)].map((match) => match[1] ?? '');
    return { ruleId: id, query: bodies[index] ?? '', wanted };
  });
}

/** Hands over the rows of all legs in one answer, mixed as a union may. */
export function tellLegs(
  legs: readonly { readonly wanted: readonly string[]; readonly rows: readonly Row[] }[],
  sink: RowSink,
): number {
  sink.schema([
    { name: '_huntwire_leg', type: 'long' },
    { name: '_huntwire_row', type: 'string' },
  ]);
  const rows = legs.flatMap(({ wanted, rows: own }, leg) =>
    own.map((row, at) => ({ at, leg, text: JSON.stringify(wanted.map((name) => textOf(row[name] ?? null))) })),
  );
  rows.sort((a, b) => a.at - b.at || b.leg - a.leg);
  for (const { leg, text } of rows) sink.row({ _huntwire_leg: leg, _huntwire_row: text });
  return rows.length;
}

function textOf(value: Row[string]): unknown {
  return typeof value === 'number' && Number.isInteger(value) ? String(value) : value;
}

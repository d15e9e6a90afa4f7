import fc from 'fast-check';
import type { TableSource } from '../../src/engine/table-data.ts';
import type { Value } from '../../src/engine/value.ts';
import type { Column } from '../../src/kql/types.ts';

/** The columns of both generated tables. One list each: the parser's view of a schema is kept by it. */
const T_COLUMNS: readonly Column[] = [
  { name: 'id', type: 'long' },
  { name: 'a', type: 'long' },
  { name: 'b', type: 'int' },
  { name: 'r', type: 'real' },
  { name: 's', type: 'string' },
  { name: 'u', type: 'string' },
  { name: 'd', type: 'datetime' },
  { name: 't', type: 'timespan' },
  { name: 'f', type: 'bool' },
  { name: 'j', type: 'dynamic' },
];
const U_COLUMNS: readonly Column[] = [
  { name: 'uid', type: 'long' },
  { name: 'a', type: 'long' },
  { name: 's', type: 'string' },
  { name: 'f', type: 'bool' },
];

export const WORDS = ['', 'a', 'A', 'ab', 'Foo bar', 'foo-bar', 'x_1', '😀 x', 'ß', '127.0.0.1', 'C:\\x.exe'];
const DAY = 864_000_000_000;

const orNull = <T extends Value>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Value> =>
  fc.option(arbitrary as fc.Arbitrary<Value>, { nil: null, freq: 4 });
const small = fc.integer({ min: -3, max: 3 });
const text = fc.constantFrom(...WORDS);
const json: fc.Arbitrary<Value> = fc.oneof(
  orNull(small),
  text,
  fc.constantFrom<Value>([1, 2], [], new Map<string, Value>([['k', 1]]), new Map<string, Value>([['k', 'a']]), true),
);

const tRow = fc.tuple(
  orNull(small),
  orNull(small),
  orNull(fc.constantFrom(-1.5, -0, 0.1, 0.5, 2, 1e300)),
  text,
  text,
  orNull(small.map((days) => days * DAY)),
  orNull(small.map((hours) => (hours * DAY) / 24)),
  orNull(fc.boolean()),
  json,
);
const uRow = fc.tuple(orNull(small), text, orNull(fc.boolean()));

export interface Tables {
  readonly T: readonly (readonly Value[])[];
  readonly U: readonly (readonly Value[])[];
}

/** Few rows of few values: so that most comparisons hold for some of them. */
export const tables: fc.Arbitrary<Tables> = fc.record({
  T: fc.array(tRow, { maxLength: 9 }).map((rows) => rows.map((row, index) => [index, ...row])),
  U: fc.array(uRow, { maxLength: 6 }).map((rows) => rows.map((row, index) => [index, ...row])),
});

function source(columns: readonly Column[], rows: readonly (readonly Value[])[]): TableSource {
  return {
    columns,
    load: () =>
      Promise.resolve({
        rowCount: rows.length,
        column: (name) => {
          const at = columns.findIndex((column) => column.name === name);
          return at < 0 ? null : rows.map((row) => row[at] ?? null);
        },
      }),
  };
}

export function sourcesOf({ T, U }: Tables): Readonly<Record<string, TableSource>> {
  return { T: source(T_COLUMNS, T), U: source(U_COLUMNS, U) };
}

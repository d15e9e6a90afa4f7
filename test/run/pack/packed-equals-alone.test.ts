import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createKqlEngine, type KqlEngine } from '../../../src/engine/kql-engine.ts';
import { defenderGlobals, defenderSchema } from '../../../src/kql/defender.ts';
import { packQuery } from '../../../src/kql/pack/pack-query.ts';
import { isPackable } from '../../../src/kql/pack/packable.ts';
import { analyze } from '../../../src/kql/parser/adapter.ts';
import type { Column } from '../../../src/kql/types.ts';
import { createUnpacking } from '../../../src/run/pack/unpack-rows.ts';
import { createRowNormalizer } from '../../../src/sources/decode/normalize-row.ts';
import { parseLossless } from '../../../src/sources/decode/parse-lossless.ts';
import type { Row } from '../../../src/sources/source.ts';
import { anyCharacter } from '../../any-character.ts';
import { tries } from '../../tries.ts';
import { PACKED_OPERATORS } from './packed-forms.ts';

const SIGNAL = new AbortController().signal;

const COLUMNS: readonly Column[] = [
  { name: 'S', type: 'string' },
  { name: "odd ']name\\", type: 'string' },
  { name: 'L', type: 'long' },
  { name: 'I', type: 'int' },
  { name: 'R', type: 'real' },
  { name: 'D', type: 'decimal' },
  { name: 'T', type: 'datetime' },
  { name: 'P', type: 'timespan' },
  { name: 'G', type: 'guid' },
  { name: 'B', type: 'bool' },
  { name: 'Y', type: 'dynamic' },
];

const text = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'null',
    '2024-01-01',
    '{"a":1}',
    '[]',
    '{}',
    'a"b\\c\n',
    '\u2028',
    '1',
    'true',
    '9223372036854775807',
  ),
  fc.string({ unit: anyCharacter, maxLength: 6 }),
);
/** Numbers beyond 64 bits are no literals. */
const json = fc.jsonValue({ maxDepth: 2 }).filter((value) => !/\d{16}/.test(JSON.stringify(value)));
const nested = fc.oneof(json, text, fc.constantFrom(null, {}, [], [null], { a: null, b: '' }));
const values: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  string: text,
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => `long(${value})`),
  int: fc.integer().map((value) => `int(${value})`),
  real: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => `real(${value})`),
    fc.constantFrom('real(nan)', 'real(+inf)', 'real(-inf)', 'real(0.1)', 'real(1e300)'),
  ),
  decimal: fc.constantFrom('decimal(1.10)', 'decimal(0)', 'decimal(-12345678901234567890.5)'),
  datetime: fc
    .integer({ min: 0, max: 9_999_999 })
    .map((ticks) => `datetime(2026-01-01T00:00:00.${String(ticks).padStart(7, '0')}Z)`),
  timespan: fc.constantFrom('1s', '-3d', '0.0000001s', 'time(12.03:04:05.0000006)'),
  guid: fc.uuid().map((value) => `guid(${value})`),
  bool: fc.boolean().map(String),
  dynamic: nested,
};

function literal(type: string, value: unknown): string {
  const quoted = (one: unknown) => JSON.stringify(one).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  if (value === undefined) return type === 'string' ? '""' : `${type}(null)`;
  if (type === 'string') return quoted(value);
  return type === 'dynamic' ? `dynamic(${quoted(value)})` : String(value);
}

const cell = (type: string): fc.Arbitrary<string> =>
  fc.option(values[type] ?? fc.constant(null), { nil: undefined, freq: 4 }).map((value) => literal(type, value));
const rowsOf = fc.array(fc.tuple(...COLUMNS.map(({ type }) => cell(type))), { minLength: 4, maxLength: 12 });

/** A table of all types, written into the query. */
function table(rows: readonly (readonly string[])[]): string {
  const columns = COLUMNS.map(({ name, type }) => `[${JSON.stringify(name)}]:${type}`).join(', ');
  return `datatable(${columns})[${rows.flat().join(', ')}]`;
}

let engine: KqlEngine;
beforeAll(() => {
  engine = createKqlEngine({ schema: defenderSchema(), now: 0, elapsed: () => 0 });
});

/** As the answer of a service would be read: values as JSON, in the form of their columns. */
async function alone(query: string): Promise<{ readonly columns: readonly Column[]; readonly rows: readonly Row[] }> {
  const result = await engine.run(query, { signal: SIGNAL });
  const normalizer = createRowNormalizer(result.columns);
  const rows = [...result.rows()].map((row) =>
    normalizer.normalize(parseLossless(JSON.stringify(row)) as Record<string, unknown>),
  );
  return { columns: result.columns, rows };
}

async function packed(queries: readonly string[], columns: readonly (readonly Column[])[]) {
  const { text: query } = packQuery(queries.map((one, index) => ({ text: one, columns: columns[index] ?? [] })));
  const result = await engine.run(query, { signal: SIGNAL });
  const unpacking = createUnpacking(columns);
  unpacking.schema(result.columns);
  for (const row of result.rows()) unpacking.row(row as Row);
  return unpacking.rows();
}

async function expectSame(queries: readonly string[]): Promise<void> {
  const single = await Promise.all(queries.map(alone));
  const together = await packed(
    queries,
    single.map(({ columns }) => columns),
  );
  expect(together).toEqual(single.map(({ rows }) => rows));
}

describe('rows of several rules in one call', () => {
  it('are those of each alone, whatever their types and values', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(rowsOf, rowsOf), async (tables) => {
        await expectSame(tables.map(table));
      }),
      { numRuns: tries(2, 4) },
    );
  });

  const T = table([COLUMNS.map(({ type }) => literal(type, undefined))]);
  const FORMS: Readonly<Record<string, string>> = {
    'names that others declare': 'let x = 1; let f = (a:long) { a + x }; print y = f(1)',
    'the same names for other things': 'let x = "text"; let f = () { print z = x }; f()',
    'a name of a table': 'let DeviceEvents = datatable(A:int)[1, 2]; DeviceEvents | where A > 1',
    'a table that another hides': 'DeviceEvents | project DeviceName',
    'a function with a table': 'let g = (t:(A:int)) { t | extend B = A * 2 }; let t = datatable(A:int)[3]; g(t)',
    'its own union': 'union (print a = 1), (print a = 2, b = "x")',
    'a join':
      'let l = datatable(K:int, V:string)[1, "a", 2, "b"]; l | join kind=leftouter (datatable(K:int, W:long)[1, 9]) on K',
    'toscalar and materialize':
      'let m = materialize(datatable(A:int)[1, 5]); let top = toscalar(m | summarize max(A)); m | where A == top',
    'rows that fan out': 'datatable(A:dynamic)[dynamic([1, "x", null])] | mv-expand A',
    'a comment at its end': `${T} // the end`,
    'a comment of many lines': `// first\n// second\n${T}\n| where isnull(L) // third`,
    'a semicolon at its end': 'let a = 1;\nprint a;',
    'braces in texts': 'print a = "}; let y = 2; {", b = ```x\n};```',
    'no rows': 'datatable(A:int)[]',
  };

  it.each(Object.entries(FORMS))('are the same with %s', async (_name, query) => {
    expect(isPackable(await analyze(query, await defenderGlobals()))).toBe(true);
    await expectSame([query, 'let x = 7; let f = (b:string) { strcat(b, x) }; print f("b")', query]);
  });

  it.each(Object.entries(PACKED_OPERATORS))('are the same with %s', async (_name, query) => {
    expect(isPackable(await analyze(query, await defenderGlobals()))).toBe(true);
    await expectSame([query, 'print K = "of another", V = long(null)', query]);
  });

  it('are the same where all of these go together', async () => {
    await expectSame(Object.values(FORMS));
    await expectSame(Object.values(PACKED_OPERATORS));
  });

  it.each([
    'DeviceEvents | sort by Timestamp',
    'DeviceEvents | top 5 by Timestamp',
    'DeviceEvents | as X | join (X) on DeviceId',
    'union withsource=T DeviceEvents, DeviceInfo',
    'set notruncation; DeviceEvents',
    'let _huntwire_0 = 1; DeviceEvents',
    'DeviceEvents | render table',
    '#connect x\nDeviceEvents',
  ])('are not asked together where one says what holds for all of a query: %s', async (query) => {
    expect(isPackable(await analyze(query, await defenderGlobals()))).toBe(false);
  });
});

describe('a place in the text of a pack', () => {
  it('is in one leg, or in none', () => {
    const legs = ['print 1', 'let a = 2;\nprint a'].map((one) => ({
      text: one,
      columns: [{ name: 'a', type: 'long' as const }],
    }));
    const { text: query, legAt } = packQuery(legs);
    expect(legAt(query.indexOf('print 1'))).toBe(0);
    expect(legAt(query.indexOf('print a'))).toBe(1);
    expect([legAt(-1), legAt(query.indexOf('union ')), legAt(query.length)]).toEqual([null, null, null]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { columnType } from '../../../src/sources/decode/column-types.ts';
import { normalDatetime } from '../../../src/sources/decode/normalize-datetime.ts';
import { createRowNormalizer } from '../../../src/sources/decode/normalize-row.ts';
import { parseLossless } from '../../../src/sources/decode/parse-lossless.ts';
import type { Row } from '../../../src/sources/source.ts';
import { COLUMNS, GRAPH_ROW, LEGACY_ROW, LEGACY_TEXT_ROW, NORMAL_ROW, SCHEMA } from '../encodings.ts';

function normalize(columns: readonly (readonly [string, string])[], row: string): Row {
  const normalizer = createRowNormalizer(columns.map(([name, type]) => ({ name, type })));
  return normalizer.normalize(parseLossless(row) as Record<string, unknown>);
}

/** One column's cell after normalization. */
function cell(type: string, json: string): unknown {
  return normalize([['c', type]], `{"c":${json}}`).c;
}

describe('normalizeRow', () => {
  it.each([
    ['graph', GRAPH_ROW],
    ['mde and xdr', LEGACY_ROW],
    ['mde and xdr with JSON text', LEGACY_TEXT_ROW],
  ])('brings a row of %s into the one form', (_, row) => {
    const normal = normalize(SCHEMA, row);
    expect(normal).toEqual(NORMAL_ROW);
    expect(Object.keys(normal)).toEqual(COLUMNS.map((column) => column.name));
  });

  it.each([
    ['SByte', '0', false],
    ['SByte', '"1"', true],
    ['SByte', '"False"', false],
    ['Boolean', 'true', true],
    ['SByte', '""', null],
    ['SByte', '{}', null],
    ['SByte', '"maybe"', 'maybe'],
    ['Int64', '"12"', 12],
    ['Int64', '9007199254740993', '9007199254740993'],
    ['Int64', '""', null],
    ['Int64', '{"@odata.type":"x"}', null],
    ['Int32', 'null', null],
    ['Double', '"NaN"', 'NaN'],
    ['Double', '"1.5"', 1.5],
    ['Double', '100000000000000000000', 1e20],
    ['Double', '1e999', 'Infinity'],
    ['SqlDecimal', '1.5', '1.5'],
    ['String', '{}', null],
    ['String', 'null', null],
    ['String', '5', '5'],
    ['String', '"{\\"a\\":1}"', '{"a":1}'],
    ['DateTime', '""', null],
    ['DateTime', '"yesterday"', 'yesterday'],
    ['Object', '"text"', 'text'],
    ['Object', '"{not json"', '{not json'],
    ['Object', '"[1,\\"{\\\\\\"a\\\\\\":2}\\"]"', [1, { a: 2 }]],
    ['Object', '{"a":{"b@odata.type":"x","b":[{"@odata.type":"y","c":null}]}}', { a: { b: [{ c: null }] } }],
    ['Object', '{"@odata.type":"x"}', null],
    ['Object', '{"a":"{\\"b\\":1}"}', { a: '{"b":1}' }],
    ['Unheard', '{"a":[1]}', { a: [1] }],
  ])('%s %s', (type, json, expected) => {
    expect(cell(type, json)).toEqual(expected);
  });

  it('gives exactly the columns, whatever the row has', () => {
    const columns = [
      ['B', 'String'],
      ['A', 'Int32'],
      ['B', 'Int32'],
      ['Missing', 'String'],
    ] as const;
    const row = normalize(columns, '{"a":1,"B":"x","Other":2,"A@odata.type":"#Int32"}');
    expect(Object.entries(row)).toEqual([
      ['B', 'x'],
      ['A', 1],
      ['Missing', null],
    ]);
  });

  it('leaves prototypes alone', () => {
    const row = normalize(
      [
        ['x', 'Object'],
        ['__proto__', 'Object'],
      ],
      '{"x":{"__proto__":{"bad":1}},"__proto__":{"bad":1}}',
    );
    expect((row as { bad?: unknown }).bad).toBeUndefined();
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    expect((row.x as { bad?: unknown }).bad).toBeUndefined();
    expect(Object.keys(row.x ?? {})).toEqual(['__proto__']);
  });

  it('leaves text as it is that nests deeper than anybody can use', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    expect(cell('Object', JSON.stringify(deep))).toBe(deep);
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(cell('Object', JSON.stringify(nested(100)))).toEqual(JSON.parse(nested(100)));
    expect(cell('Object', JSON.stringify(nested(101)))).toBe(nested(101));
    const brackets = JSON.stringify({ text: '[{'.repeat(200) });
    expect(cell('Object', JSON.stringify(brackets))).toEqual(JSON.parse(brackets));
  });
});

describe('normalDatetime', () => {
  it.each([
    ['2020-08-30T06:38:35.7664356Z', '2020-08-30T06:38:35.7664356Z'],
    ['2021-04-26T09:37:48Z', '2021-04-26T09:37:48Z'],
    ['2021-04-26T09:37:48.0000000Z', '2021-04-26T09:37:48Z'],
    ['2021-04-26T09:37:48.1200Z', '2021-04-26T09:37:48.12Z'],
    ['2021-04-26T09:37:48.123456789Z', '2021-04-26T09:37:48.1234567Z'],
    ['2021-04-26T09:37:48', '2021-04-26T09:37:48Z'],
    ['2021-04-26 09:37:48.5', '2021-04-26T09:37:48.5Z'],
    ['2021-04-26T01:00:00.5+02:00', '2021-04-25T23:00:00.5Z'],
    ['2021-04-26T01:00:00-0130', '2021-04-26T02:30:00Z'],
    ['2025-10-06', '2025-10-06T00:00:00Z'],
    ['2025-10-06T25', null],
    ['20251006', null],
    ['9999-99-99T99:99:99+01:00', null],
  ])('%s', (text, expected) => {
    expect(normalDatetime(text)).toBe(expected);
  });
});

describe('columnType', () => {
  it.each([
    ['String', 'string'],
    ['System.Int64', 'long'],
    ['sbyte', 'bool'],
    ['System.Data.SqlTypes.SqlDecimal', 'decimal'],
    ['Object', 'dynamic'],
    ['constructor', 'dynamic'],
    ['', 'dynamic'],
  ])('%s', (name, expected) => {
    expect(columnType(name)).toBe(expected);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalCell, createCanonicalizer } from '../../../src/alerts/collect/canonical-row.ts';
import type { ScalarType } from '../../../src/kql/types.ts';
import type { Cell, Row } from '../../../src/sources/source.ts';
import { columnsOf } from '../samples.ts';

const TYPES: Readonly<Record<string, ScalarType>> = {
  Timestamp: 'datetime',
  ReportId: 'long',
  IsAdmin: 'bool',
  Score: 'real',
  Device: 'guid',
  Fields: 'dynamic',
  Note: 'string',
};

describe('one row in three encodings', () => {
  const graph: Row = {
    Timestamp: '2026-01-01T12:00:00.928Z',
    ReportId: '639199803770463703',
    IsAdmin: true,
    Score: 10,
    Device: 'A0B1C2D3-0000-0000-0000-000000000000',
    Fields: { day: '2025-10-06T00:00:00.0000000Z', list: ['{"b":2,"a":1}'], none: {} },
    Note: '',
  };
  const xdr: Row = {
    Note: null,
    Fields: '{"list":[{"a":1,"b":2}],"day":"2025-10-06","none":null}',
    Device: 'a0b1c2d3-0000-0000-0000-000000000000',
    Score: '10.0',
    IsAdmin: 1,
    ReportId: '639199803770463703',
    Timestamp: '2026-01-01T12:00:00.9280000Z',
  };
  const mde: Row = { ...xdr, IsAdmin: 'True', Score: 10.0, Fields: { list: [{ b: 2, a: 1 }], day: '2025-10-06' } };

  it('has one canonical form', () => {
    const form = createCanonicalizer(columnsOf(TYPES));
    const reversed = createCanonicalizer([...columnsOf(TYPES)].reverse());
    expect(form(xdr)).toBe(form(graph));
    expect(form(mde)).toBe(form(graph));
    expect(reversed(mde)).toBe(form(graph));
  });

  it('differs where any value differs', () => {
    const form = createCanonicalizer(columnsOf(TYPES));
    const others: Row[] = [
      { ...graph, ReportId: '639199803770463704' },
      { ...graph, Timestamp: '2026-01-01T12:00:00.9280001Z' },
      { ...graph, IsAdmin: false },
      { ...graph, Note: 'x' },
      { ...graph, Fields: { list: [1] } },
    ];
    const forms = new Set(others.map(form));
    expect(forms.size).toBe(others.length);
    expect(forms.has(form(graph))).toBe(false);
  });
});

describe('canonicalCell', () => {
  it.each<[ScalarType, Cell, string]>([
    ['long', 5, '5'],
    ['long', '+007', '7'],
    ['long', '-0', '0'],
    ['long', -0, '0'],
    ['int', '5', '5'],
    ['decimal', '10.500', '10.5'],
    ['decimal', '-000.0', '0'],
    ['decimal', '100', '100'],
    ['decimal', '-1.25', '-1.25'],
    ['real', '1e21', '1e+21'],
    ['real', -0, '0'],
    ['real', 'NaN', '"NaN"'],
    ['real', ' ', '" "'],
    ['real', '', ''],
    ['bool', 0, 'false'],
    ['bool', 'true', 'true'],
    ['bool', 'FALSE', 'false'],
    ['bool', '0', 'false'],
    ['bool', '1', 'true'],
    ['bool', 'maybe', '"maybe"'],
    ['bool', '', ''],
    ['bool', 2, '2'],
    ['datetime', '2026-01-01T00:00:00Z', 't17672256000000000'],
    ['datetime', '1970-01-01T00:00:00.0000001Z', 't1'],
    ['datetime', '0001-01-01T00:00:00Z', 't-621355968000000000'],
    ['datetime', 'no date', '"no date"'],
    ['string', '2026-01-01T00:00:00Z', '"2026-01-01T00:00:00Z"'],
    ['timespan', '4.01:02:03.5670000', '"4.01:02:03.567"'],
    ['timespan', '00:00:00.0000000', '"00:00:00"'],
    ['string', {}, ''],
    ['dynamic', [], ''],
    ['dynamic', '', ''],
    ['dynamic', '?', '"?"'],
    ['dynamic', '5', '"5"'],
    ['dynamic', 'true', '"true"'],
    ['dynamic', 'null', '"null"'],
    ['dynamic', '"x"', '"\\"x\\""'],
    ['dynamic', '1234567890123456789', '1234567890123456789'],
    ['dynamic', '9007199254740991', '"9007199254740991"'],
    ['dynamic', '2026-01-01', 't17672256000000000'],
    ['dynamic', true, 'true'],
    ['dynamic', { a: '', b: null, c: {}, d: [] }, ''],
    ['dynamic', [null], '[]'],
    ['dynamic', '{broken', '"{broken"'],
    ['dynamic', '{"n":12345678901234567890}', '{"n":12345678901234567890,}'],
    ['dynamic', '{"n":0.12345678901234567}', '{"n":0.12345678901234566,}'],
    ['dynamic', '{"a\\"1234567890123456789":1}', '{"a\\"1234567890123456789":1,}'],
  ])('%s %j is %s', (type, cell, expected) => {
    expect(canonicalCell(type)(cell)).toBe(expected);
  });

  it('takes a prototype name for a key like any other', () => {
    const form = createCanonicalizer(columnsOf({ __proto__x: 'string', Bag: 'dynamic' }));
    const bag = JSON.parse('{"__proto__":{"a":1},"constructor":2}');
    expect(form({ Bag: bag })).toBe('"Bag":{"__proto__":{"a":1,},"constructor":2,},');
  });

  it('ends at its depth and is quick about long digits', () => {
    const deep = `${'['.repeat(5000)}1${']'.repeat(5000)}`;
    expect(canonicalCell('dynamic')(deep)).toContain('…');
    expect(canonicalCell('decimal')(`${'0'.repeat(500_000)}x`)).toHaveLength(500_003);
  });
});

describe('canonical equality', () => {
  const cell = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const nested = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Cell>;

  it('does not depend on the order of columns or keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(cell, nested)), (row) => {
        const columns = Object.keys(row).map((name) => ({ name, type: 'dynamic' as const }));
        const turned = Object.fromEntries(Object.entries(row).reverse());
        const forward = createCanonicalizer(columns)(row);
        expect(createCanonicalizer([...columns].reverse())(turned)).toBe(forward);
      }),
    );
  });

  it('reads a dynamic the same as JSON text and as a value', () => {
    const bag = fc.dictionary(fc.string(), nested, { minKeys: 1 });
    fc.assert(
      fc.property(bag, (value) => {
        const form = canonicalCell('dynamic');
        expect(form(JSON.stringify(value))).toBe(form(JSON.parse(JSON.stringify(value))));
      }),
    );
  });

  it('tells different texts apart', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const form = createCanonicalizer(columnsOf({ A: 'string', B: 'string' }));
        expect(form({ A: one, B: other }) === form({ A: other, B: one })).toBe(one === other);
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import type { DecodeLimits, RawColumn, ServiceRow } from '../../../src/sources/decode/decode-state.ts';
import { normalDatetime } from '../../../src/sources/decode/normalize-datetime.ts';
import { isEmptyObject, normalizeDynamic } from '../../../src/sources/decode/normalize-dynamic.ts';
import { createRowNormalizer } from '../../../src/sources/decode/normalize-row.ts';
import { parseLossless } from '../../../src/sources/decode/parse-lossless.ts';
import { createCut, scanContainer } from '../../../src/sources/decode/scan-json.ts';
import { createRowDecoder, DECODE_LIMITS } from '../../../src/sources/decode-rows.ts';

const LIMITS: DecodeLimits = { ...DECODE_LIMITS, maxBytes: 10_000_000, maxRows: 100_000 };

/** What a body holds, whole and cut at every byte, which must be the same; what it says where it is refused. */
function decoded(body: string, limits: Partial<DecodeLimits> = {}) {
  const bytes = Buffer.from(body);
  const [whole, pieces] = [[bytes], [...bytes].map((byte) => Buffer.from([byte]))].map((chunks) => {
    const rows: ServiceRow[] = [];
    const columns: RawColumn[] = [];
    const sink = {
      schema: (found: readonly RawColumn[]) => columns.push(...found),
      row: (row: ServiceRow) => rows.push(row),
    };
    const decoder = createRowDecoder({ ...LIMITS, ...limits }, sink);
    try {
      for (const chunk of chunks) if (!decoder.push(chunk)) break;
      return { rows, columns, end: decoder.end(), refused: null };
    } catch (error) {
      return { rows: [], columns: [], end: null, refused: error instanceof Error ? error.message : '' };
    }
  });
  expect(pieces).toEqual(whole);
  return whole;
}

const answer = (rows: string, before = '') => `{${before}"Schema":[{"Name":"a","Type":"String"}],"Results":${rows}}`;

describe('numbers in JSON', () => {
  it.each([
    ['12345678901234567890', '12345678901234567890'],
    ['-12345678901234567890', '-12345678901234567890'],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', '9007199254740992'],
    ['9999999999999999', '9999999999999999'],
    ['1000000000000000', 1000000000000000],
    ['1e+1234567890123456789', Number.POSITIVE_INFINITY],
    ['1e-1234567890123456789', 0],
    ['1E1234567890123456789', Number.POSITIVE_INFINITY],
    ['0.12345678901234567890', 0.12345678901234568],
    ['1.12345678901234567890', 1.1234567890123457],
    ['12345678901234567890e-3', 12345678901234568],
    ['12345678901234567890.5', 12345678901234567000],
  ])('%s is %j', (text, value) => {
    expect(parseLossless(text)).toBe(value);
    expect(parseLossless(`{"a":[${text},${text}],"b" : ${text} }`)).toEqual({ a: [value, value], b: value });
    expect(decoded(answer(`[{"a":${text}}]`))?.rows).toEqual([{ a: value }]);
  });

  it('are whole whatever stands before them', () => {
    for (const before of ['"é"', '"\\""', '"\\\\"', 'true', '[]', '0', '"1234567890123456789"'])
      expect(parseLossless(`[${before},12345678901234567890,"x"]`)).toEqual([
        ...JSON.parse(`[${before}]`),
        '12345678901234567890',
        'x',
      ]);
  });
});

describe('rows before their schema', () => {
  it('keep every digit, too', () => {
    const row = '{"a":12345678901234567890,"b":"é"}';
    const body = `{"Results":[${row},${row}],"Schema":[{"Name":"a","Type":"Int64"}]}`;
    expect(decoded(body)?.rows).toEqual(Array(2).fill({ a: '12345678901234567890', b: 'é' }));
  });
});

describe('many rows in one chunk', () => {
  const many = (row: string, count = 50) => answer(`[${Array(count).fill(row).join(',')}]`);

  it.each([
    ['reals beyond 2^53', '{"a":1e20,"b":-1E+21}', { a: 1e20, b: -1e21 }],
    [
      'integers at the edge',
      '{"a":9007199254740991,"b":9007199254740992}',
      { a: 9007199254740991, b: '9007199254740992' },
    ],
    ['both', '{"a":1e20,"b":12345678901234567890}', { a: 1e20, b: '12345678901234567890' }],
    ['text that is no ASCII', '{"a":"é€😀"}', { a: 'é€😀' }],
    ['such a name', '{"é":"x"}', { é: 'x' }],
    ['blanks and escapes', '{ "a" : "\\u0041\\"},{\\"" }', { a: 'A"},{"' }],
    ['nothing', '{}', {}],
  ])('may hold %s', (_name, row, value) => {
    expect(decoded(many(row))?.rows).toEqual(Array(50).fill(value));
  });

  it('are refused where one nests too deep, wherever it stands', () => {
    const nested = (depth: number) => `{"a":${'['.repeat(depth)}1${']'.repeat(depth)}}`;
    const among = (row: string, at: number) =>
      answer(`[${[...Array(20).fill('{"a":1}')].toSpliced(at, 0, row).join(',')}]`);
    for (const at of [0, 10, 20]) {
      expect(decoded(among(nested(3), at), { maxDepth: 4 })?.refused).toBeNull();
      expect(decoded(among(nested(4), at), { maxDepth: 4 })?.refused).toContain('nested deeper than 4 levels');
    }
  });
});

describe('members beside the rows', () => {
  it('may be anything that JSON has', () => {
    const members = ['0', '9', '-1.5e+9', '1E-9', 'true', 'false', 'null', '"x"', '""', '[]', '{"a":[1]}', '"é\\""'];
    const before = members.map((value, index) => `"m${index}":${value},`).join('');
    const blanks = members.map((value, index) => `\t"m${index}" :\r\n ${value}\n, `).join('');
    for (const all of [before, blanks]) {
      expect(decoded(answer('[{"a":"1"}]', all))).toMatchObject({ rows: [{ a: '1' }], refused: null });
    }
    const behind = members.map((value, index) => `,"m${index}":${value}`).join('');
    expect(decoded(answer('[]').replace(/}$/, `${behind}}`))?.refused).toBeNull();
  });

  it.each(['@', '`', '{', '/', ':', '*', ',', '[1', 'zz', '1z'])('are refused where they are %s', (value) => {
    expect(decoded(answer('[]', `"m":${value},`))?.refused).toContain('Nothing of it was used');
  });

  it('have names of any length up to the limit', () => {
    const named = (length: number) => answer('[]', `"${'n'.repeat(length)}":1,`);
    expect(decoded(named(98), { maxSchemaBytes: 100 })?.refused).toBeNull();
    expect(decoded(named(99), { maxSchemaBytes: 100 })?.refused).toContain('its member name is larger than 100 bytes');
  });
});

describe('the size of a part', () => {
  it.each([
    ['ASCII', 'x'],
    ['other text', 'é'],
  ])('counts bytes, those of one chunk and of many: %s', (_name, letter) => {
    const row = `{"a":"${letter.repeat(40)}"}`;
    const size = Buffer.byteLength(row);
    const schema = `[{"Name":"${letter}","Type":"String"}]`;
    const bodies = [`{"Schema":${schema},"Results":[${row}]}`, `{"Results":[${row}],"Schema":${schema}}`];
    for (const body of bodies) {
      expect(decoded(body, { maxRowBytes: size })?.refused).toBeNull();
      expect(decoded(body, { maxRowBytes: size - 1 })?.refused).toContain(`row 1 is larger than ${size - 1} bytes`);
      const schemaSize = Buffer.byteLength(schema);
      expect(decoded(body, { maxSchemaBytes: schemaSize })?.refused).toBeNull();
      expect(decoded(body, { maxSchemaBytes: schemaSize - 1 })?.refused).toContain('its schema is larger than');
    }
  });
});

describe('the end of a value', () => {
  const ends = (text: string) => {
    const cut = createCut();
    const end = scanContainer(cut, Buffer.from(text), 0);
    return { end, deepest: cut.deepest, opened: cut.opened, longNumber: cut.longNumber };
  };

  it.each([
    ['{}x', { end: 2, deepest: 1, opened: 1, longNumber: false }],
    ['[[],{"a":[]}]', { end: 13, deepest: 3, opened: 4, longNumber: false }],
    ['["]","\\"]"]]', { end: 11, deepest: 1, opened: 1, longNumber: false }],
    ['[[1]', { end: -1, deepest: 2, opened: 2, longNumber: false }],
    ['["', { end: -1, deepest: 1, opened: 1, longNumber: false }],
    ['[123456789012345]', { end: 17, deepest: 1, opened: 1, longNumber: false }],
    ['[1234567890123456]', { end: 18, deepest: 1, opened: 1, longNumber: true }],
    ['[9999999999999999]', { end: 18, deepest: 1, opened: 1, longNumber: true }],
    ['[0000000000000000]', { end: 18, deepest: 1, opened: 1, longNumber: true }],
    ['["1234567890123456"]', { end: 20, deepest: 1, opened: 1, longNumber: false }],
    ['[12345678,12345678]', { end: 19, deepest: 1, opened: 1, longNumber: false }],
    ['[12345678[],12345678]', { end: 21, deepest: 2, opened: 2, longNumber: false }],
  ])('of %s', (text, expected) => {
    expect(ends(text)).toEqual(expected);
  });
});

describe('a row that lacks a column', () => {
  const normalizer = createRowNormalizer(
    [
      ['Note', 'String'],
      ['Id', 'Guid'],
      ['Span', 'TimeSpan'],
      ['Sum', 'SqlDecimal'],
      ['At', 'DateTime'],
      ['On', 'Boolean'],
      ['Count', 'Int64'],
      ['Score', 'Double'],
      ['Bag', 'Object'],
    ].map(([name = '', type = '']) => ({ name, type })),
  );

  it('has its other cells in the same form as one that has all', () => {
    const row = {
      Note: '{"a":1}',
      Id: '[2]',
      Span: '00:00:01',
      Sum: 1.5,
      At: '2026-01-01T00:00:00.100Z',
      On: 1,
      Count: '12',
      Score: '1.5',
      Bag: '{"b":2}',
    };
    const normal = {
      Note: '{"a":1}',
      Id: '[2]',
      Span: '00:00:01',
      Sum: '1.5',
      At: '2026-01-01T00:00:00.1Z',
      On: true,
      Count: 12,
      Score: 1.5,
      Bag: { b: 2 },
    };
    expect(normalizer.normalize({ ...row })).toEqual(normal);
    const { Bag: _, ...less } = row;
    expect(normalizer.normalize(less)).toEqual({ ...normal, Bag: null });
    const { Note, ...rest } = row;
    expect(normalizer.normalize({ ...rest, note: Note, more: 1 })).toEqual(normal);
    expect(Object.keys(normalizer.normalize({ ...rest, note: Note }))).toEqual(Object.keys(normal));
    expect(normalizer.normalize({ ...row, more: 1 })).toEqual(normal);
  });

  it.each<[string, unknown, unknown]>([
    ['Count', Number.POSITIVE_INFINITY, 'Infinity'],
    ['Count', ' ', null],
    ['Count', '1.5', '1.5'],
    ['Count', true, true],
    ['Count', [1], [1]],
    ['Score', Number.NaN, 'NaN'],
    ['Score', ' ', null],
    ['Score', 'x', 'x'],
    ['Score', null, null],
    ['On', 0, false],
    ['On', 2, true],
    ['On', 'FALSE', false],
    ['On', '1', true],
    ['On', '', null],
    ['On', null, null],
    ['At', 5, 5],
    ['At', false, false],
    ['Note', true, 'true'],
    ['Note', 0, '0'],
    ['Note', undefined, null],
    ['Note', { '@odata.type': 'x' }, null],
    ['Note', { a: 1 }, { a: 1 }],
    ['Sum', '', ''],
  ])('has %s %j as %j', (column, value, cell) => {
    expect(normalizer.normalize({ [column]: value })[column]).toEqual(cell);
  });
});

describe('a date and time', () => {
  it.each<[string, string | null]>([
    ['2026-01-01', '2026-01-01T00:00:00Z'],
    ['2026-01-01T12:00:00', '2026-01-01T12:00:00Z'],
    ['2026-01-01 12:00:00.1230000z', '2026-01-01T12:00:00.123Z'],
    ['2026-01-01T12:00:00.123456789012Z', '2026-01-01T12:00:00.1234567Z'],
    ['2026-01-01T12:00:00.0Z', '2026-01-01T12:00:00Z'],
    ['2026-01-01T12:00:00.5+01:30', '2026-01-01T10:30:00.5Z'],
    ['2026-01-01T12:00:00-0130', '2026-01-01T13:30:00Z'],
    ['2026-13-01T12:00:00+01:00', null],
    ['2026-1-1', null],
    ['20260101T120000', null],
    ['2026-01-01T12:00:00.1234567890123Z', null],
  ])('%s is %s', (text, normal) => {
    expect(normalDatetime(text)).toBe(normal);
  });
});

describe('a dynamic value', () => {
  it.each<[unknown, unknown]>([
    ['{"a":{"b":"2026-01-01"}}', { a: { b: '2026-01-01T00:00:00Z' } }],
    [' [1]', [1]],
    ['[1', '[1'],
    ['{"@odata.x":1}', null],
    [{ a: null, 'b@odata.type': 'x' }, { a: null }],
    [
      ['{"a":1}', '[2]', 'x', true, null],
      [{ a: 1 }, [2], 'x', true, null],
    ],
    [{ a: '{"b":1}' }, { a: '{"b":1}' }],
    [{}, null],
    [[], []],
    [5, 5],
    [Number.NaN, 'NaN'],
    [undefined, null],
    ['12345678901234567890', '12345678901234567890'],
    ['{"n":12345678901234567890}', { n: '12345678901234567890' }],
  ])('%j is %j', (value, cell) => {
    expect(normalizeDynamic(value)).toEqual(cell);
  });

  it('is parsed down to a hundred levels, and stays text below them', () => {
    const text = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(normalizeDynamic(text(100))).toBeInstanceOf(Array);
    expect(normalizeDynamic(text(101))).toBe(text(101));
    expect(normalizeDynamic(` ${text(101)}`)).toBe(` ${text(101)}`);
    const deep = JSON.parse(`${'{"a":'.repeat(101)}1${'}'.repeat(101)}`);
    expect(JSON.stringify(normalizeDynamic(deep))).toContain('"{\\"a\\":1}"');
    const just = JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`);
    expect(normalizeDynamic(just)).toEqual(just);
  });

  it('is parsed with so many lists and objects at most, and stays text with more', () => {
    const lists = (count: number) => `[${'[],'.repeat(count - 2)}[]]`;
    expect(normalizeDynamic(lists(250_000))).toHaveLength(249_999);
    expect(normalizeDynamic(lists(250_001))).toBe(lists(250_001));
  });

  it('is empty where it holds nothing but annotations', () => {
    expect([{}, { '@odata.type': 'x' }, { 'a@odata.type': 'x' }].map(isEmptyObject)).toEqual([true, true, true]);
    expect([{ a: 1, '@odata.type': 'x' }, [], null, 'x', undefined].map(isEmptyObject)).toEqual(Array(5).fill(false));
  });
});

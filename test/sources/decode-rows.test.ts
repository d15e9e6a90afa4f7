import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DecodeLimits, RawColumn, ServiceRow } from '../../src/sources/decode/decode-state.ts';
import { createRowDecoder, DECODE_LIMITS } from '../../src/sources/decode-rows.ts';
import { anyCharacter } from '../any-character.ts';
import { tries } from '../tries.ts';

const LIMITS: DecodeLimits = { ...DECODE_LIMITS, maxBytes: 10_000_000, maxRows: 100_000 };

/** Feeds `body` cut at `cuts` and returns what the sink saw. */
function decode(body: string | Buffer, cuts: readonly number[] = [], limits: Partial<DecodeLimits> = {}) {
  const bytes = Buffer.from(body);
  const rows: ServiceRow[] = [];
  let columns: readonly RawColumn[] | null = null;
  const decoder = createRowDecoder(
    { ...LIMITS, ...limits },
    {
      schema: (found) => {
        expect(rows).toHaveLength(0);
        columns = found;
      },
      row: (row) => rows.push(row),
    },
  );
  const ends = [...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    if (!decoder.push(bytes.subarray(start, end))) break;
    start = end;
  }
  return { columns, rows, end: decoder.end() };
}

function everyByte(body: string): readonly number[] {
  return Array.from({ length: Buffer.byteLength(body) }, (_, index) => index);
}

function failure(body: string | Buffer, limits: Partial<DecodeLimits> = {}): unknown {
  try {
    decode(body, [], limits);
  } catch (error) {
    return error;
  }
  return null;
}

const body = (rows: readonly unknown[]): string =>
  JSON.stringify({ Schema: [{ Name: 'a', Type: 'String' }], Results: rows });

describe('decodeRows', () => {
  it('hands over the schema, then the rows, whatever the chunks', () => {
    const text = body([{ a: 'x"}],{[' }, { a: 'é€😀\\' }, { a: '\\u0041"' }]);
    const expected = JSON.parse(text).Results;
    expect(decode(text).rows).toEqual(expected);
    const cut = decode(text, everyByte(text));
    expect(cut.rows).toEqual(expected);
    expect(cut.columns).toEqual([{ name: 'a', type: 'String' }]);
    expect(cut.end).toEqual({ rows: 3, truncated: false, bytes: Buffer.byteLength(text), mangled: false });
  });

  it('agrees with JSON.parse on any rows, layout and cuts', () => {
    const rows = fc.array(fc.dictionary(fc.string({ unit: anyCharacter }), fc.jsonValue()), { maxLength: 8 });
    const indent = fc.constantFrom(undefined, 1, '\t');
    fc.assert(
      fc.property(
        rows,
        indent,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.boolean(),
        (values, space, cuts, schemaLast) => {
          const schema = [{ Name: 'a', Type: 'String' }];
          const whole = schemaLast
            ? { Results: values, Schema: schema }
            : { Schema: schema, Stats: { x: [1] }, Results: values };
          const text = JSON.stringify(whole, null, space);
          fc.pre(!/\d{16}/.test(text));
          expect(decode(text, cuts).rows).toEqual(JSON.parse(text).Results);
        },
      ),
      { numRuns: tries(40, 120) },
    );
  });

  it('matches member names in any case and order and skips the others', () => {
    const text =
      '{"@odata.context":"a\\"b","n":-1.5e3,"t":true,"x":null,"RESULTS":[{"a":1}],"o":{"results":[]},"sChEmA":[{"NAME":"a","tYPE":"Int32"}]}';
    const { rows, columns } = decode(text, everyByte(text));
    expect(rows).toEqual([{ a: 1 }]);
    expect(columns).toEqual([{ name: 'a', type: 'Int32' }]);
  });

  it('takes white space, a byte order mark and an empty result', () => {
    expect(decode('\ufeff \r\n{ "schema" : [ ] , "results" : [ ] }\n ').end.rows).toBe(0);
  });

  it('keeps the digits of integers beyond 2^53, and only of those', () => {
    const row =
      '{"a":639199803770463703,"b":-9007199254740993,"c":9007199254740991,"d":{"e":[9007199254740992]},"s":"639199803770463703","r":0.1234567890123456789,"x":12345678901234567890e2}';
    const text = `{"schema":[{"name":"a","type":"Int64"}],"results":[${row},${row}]}`;
    for (const cuts of [[], everyByte(text)]) {
      const { rows } = decode(text, cuts);
      expect(rows).toHaveLength(2);
      expect(rows[1]).toEqual({
        a: '639199803770463703',
        b: '-9007199254740993',
        c: 9007199254740991,
        d: { e: ['9007199254740992'] },
        s: '639199803770463703',
        r: Number('0.1234567890123456789'),
        x: Number('12345678901234567890e2'),
      });
    }
  });

  it('leaves rows that look like row ends inside nested lists whole', () => {
    const rows = [{ a: [{ b: 1 }, { b: 2 }, { b: 3 }] }, { a: [{ b: 4 }, { b: 5 }] }, { a: '},{' }];
    expect(decode(body(rows)).rows).toEqual(rows);
  });

  it('keeps long integers in many rows, and takes reals as they are', () => {
    const row = (index: number) =>
      `{"a":"${index} 12345678901234567890","n":63919980377046${1000 + index},"d":[-9007199254740993]}`;
    const rows = Array.from({ length: 300 }, (_, index) => row(index));
    const text = `{"schema":[],"results":[${rows.join(',')},{"a":1e20},{"a":1e20}]}`;
    const decoded = decode(text, [7000, 14_000]).rows;
    expect(decoded.slice(0, 300)).toEqual(
      rows.map((_, index) => ({
        a: `${index} 12345678901234567890`,
        n: `63919980377046${1000 + index}`,
        d: ['-9007199254740993'],
      })),
    );
    expect(decoded.slice(300)).toEqual([{ a: 1e20 }, { a: 1e20 }]);
  });

  it('guesses row ends right over many chunks, and notices where a guess is wrong', () => {
    const plain = Array.from({ length: 400 }, (_, index) => ({
      a: `${index}},{"a":"`,
      n: index,
      long: 'x'.repeat(index),
    }));
    const trap = Array.from({ length: 50 }, (_, index) => ({ a: [{ a: index }, { a: 'y' }, { a: [] }] }));
    const big = '{"a":"1","n":639199803770463703}';
    const text = body([...plain, ...trap, ...plain]).replace(/\]\}$/, `,${big},${big}]}`);
    const chunks = Array.from({ length: Math.ceil(text.length / 5000) }, (_, index) => index * 5000);
    for (const cuts of [[], chunks]) {
      const { rows } = decode(text, cuts);
      expect(rows.slice(0, -2)).toEqual([...plain, ...trap, ...plain]);
      expect(rows.at(-1)).toEqual({ a: '1', n: '639199803770463703' });
    }
  });

  it('does not let __proto__ touch any prototype', () => {
    const { rows } = decode(
      '{"schema":[{"name":"a","type":"String"}],"results":[{"__proto__":{"polluted":1},"a":"x"}]}',
    );
    expect(rows[0]?.polluted).toBeUndefined();
    expect(Object.keys(rows[0] ?? {})).toEqual(['__proto__', 'a']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['a web page', '<!DOCTYPE html><html></html>'],
    ['a list', '[]'],
    ['text', '"x"'],
    ['no schema', '{"results":[]}'],
    ['no results', '{"schema":[]}'],
    ['an error object', '{"error":{"code":"x"}}'],
    ['a null schema', '{"schema":null,"results":[]}'],
    ['a schema of text', '{"schema":["a"],"results":[]}'],
    ['a column without type', '{"schema":[{"name":"a"}],"results":[]}'],
    ['null results', '{"schema":[],"results":null}'],
    ['results as object', '{"schema":[],"results":{}}'],
    ['rows that are lists', '{"schema":[],"results":[[1]]}'],
    ['rows that are text', '{"schema":[],"results":["x"]}'],
    ['a row and then a number', '{"schema":[],"results":[{},1]}'],
    ['a comma too many', '{"schema":[],"results":[{},]}'],
    ['a row that is no JSON', '{"schema":[],"results":[{"a":tru}]}'],
    ['results twice', '{"schema":[],"results":[],"Results":[]}'],
    ['something behind the end', '{"schema":[],"results":[]}x'],
    ['a member without value', '{"a":,"schema":[],"results":[]}'],
    ['an unquoted member', '{schema:[],"results":[]}'],
  ])('refuses %s', (_, text) => {
    expect(failure(text)).toMatchObject({ code: 'SOURCE_RESPONSE_INVALID' });
  });

  it('refuses a body that ends anywhere before its end', () => {
    const text = body([{ a: 'x' }, { a: 'y' }]);
    for (let length = 0; length < text.length; length++) {
      expect(failure(text.slice(0, length))).toMatchObject({ code: 'SOURCE_RESPONSE_INVALID' });
    }
  });

  it('counts exactly maxRows as truncated and hands over no more', () => {
    const rows = Array.from({ length: 5 }, (_, index) => ({ a: String(index) }));
    expect(decode(body(rows), [], { maxRows: 6 }).end).toMatchObject({ rows: 5, truncated: false });
    expect(decode(body(rows), [], { maxRows: 5 }).end).toMatchObject({ rows: 5, truncated: true });
    const cut = decode(body(rows), everyByte(body(rows)), { maxRows: 3 });
    expect(cut.end).toMatchObject({ rows: 3, truncated: true });
    expect(cut.rows).toHaveLength(3);
    expect(decode(body(rows), [], { maxRows: 3 }).rows).toHaveLength(3);
  });

  it('limits bytes, rows, depth, columns and what is held back', () => {
    const deep = `{"schema":[],"results":[{"a":${'['.repeat(101)}${']'.repeat(101)}}]}`;
    const late = '{"results":[{"a":"12345678901234567890"}],"schema":[]}';
    expect(failure(body([{ a: 'x' }]), { maxBytes: 20 })).toMatchObject({ code: 'SOURCE_RESULT_TOO_LARGE' });
    expect(failure(body([{ a: 'x'.repeat(50) }]), { maxRowBytes: 40 })).toMatchObject({
      message: expect.stringContaining('row 1'),
    });
    expect(failure(deep)).toMatchObject({ message: expect.stringContaining('nested') });
    expect(failure(late, { maxHeldBytes: 10 })).toMatchObject({
      message: expect.stringContaining('before the schema'),
    });
    expect(
      failure('{"schema":[{"name":"a","type":"b"},{"name":"c","type":"d"}],"results":[]}', { maxColumns: 1 }),
    ).toMatchObject({
      message: expect.stringContaining('2 columns'),
    });
    expect(failure(`{"schema":[${'"x",'.repeat(100)}`, { maxSchemaBytes: 50 })).toMatchObject({
      code: 'SOURCE_RESPONSE_INVALID',
    });
    expect(failure(`{"${'k'.repeat(100)}`, { maxSchemaBytes: 50 })).toMatchObject({
      message: expect.stringContaining('member name'),
    });
  });

  it('says after how many rows a body ended', () => {
    expect(failure('{"schema":[],"results":[{},{},{')).toMatchObject({
      message: expect.stringContaining('after 2 rows'),
    });
  });
});

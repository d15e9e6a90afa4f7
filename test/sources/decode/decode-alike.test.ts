import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { DecodeLimits, RawColumn, ServiceRow } from '../../../src/sources/decode/decode-state.ts';
import { createRowNormalizer, type RowNormalizer } from '../../../src/sources/decode/normalize-row.ts';
import { createRowDecoder, DECODE_LIMITS } from '../../../src/sources/decode-rows.ts';
import { tries } from '../../tries.ts';

const LIMITS: DecodeLimits = { ...DECODE_LIMITS, maxBytes: 10_000_000, maxRows: 100_000 };
const SCHEMA = ['a:String', 'A:Int64', 'b:DateTime', 'c:Object', 'd:Boolean', '__proto__:Double', '1:Guid', 'é:String'];
const HEAD = `{"Schema":[${SCHEMA.map((column) => column.split(':'))
  .map(([name, type]) => `{"Name":"${name}","Type":"${type}"}`)
  .join(',')}],"Results":[`;

/** What comes of a body that arrives in these pieces, in the form of its schema or as it came; and how it ends. */
function decode(pieces: readonly Buffer[], normalized: boolean, limits: Partial<DecodeLimits> = {}) {
  const rows: ServiceRow[] = [];
  let normalizer: RowNormalizer = createRowNormalizer([]);
  const sink = {
    schema: (columns: readonly RawColumn[]) => {
      normalizer = createRowNormalizer(columns);
    },
    row: (row: ServiceRow) => void rows.push(row),
  };
  const decoder = createRowDecoder({ ...LIMITS, ...limits }, normalized ? { ...sink, form: () => normalizer } : sink);
  try {
    for (const piece of pieces) if (!decoder.push(piece)) break;
    const { bytes: _, ...end } = decoder.end();
    return { rows, end, refused: null };
  } catch (error) {
    return { rows, end: null, refused: error instanceof Error ? error.message : '' };
  }
}

const inPieces = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

/** A row of which a piece is missing is parsed by itself: so it is with each where they come byte by byte. */
function agree(bytes: Buffer, size: number, limits: Partial<DecodeLimits> = {}) {
  for (const normalized of [false, true]) {
    const found = decode(inPieces(bytes, size), normalized, limits);
    const parsed = decode(inPieces(bytes, 1), normalized, limits);
    if (!isDeepStrictEqual(found, parsed)) {
      expect(found).toEqual(parsed);
      throw new Error('they differ in what toEqual does not compare');
    }
    const [keys, wanted] = [found, parsed].map(({ rows }) => rows.map((row) => Object.keys(row)));
    if (!isDeepStrictEqual(keys, wanted)) expect(keys).toEqual(wanted);
  }
}

const VALUES = [
  '"x"',
  '"plain text"',
  '"plain text that is longer"',
  '"pläin text"',
  '""',
  '"C:\\\\Windows\\\\System32"',
  '"\\"\\/\\b\\f\\n\\r\\t"',
  '"\\u0041\\ud800\\ud83d\\ude00"',
  '"2026-01-01T00:00:00.1234567Z"',
  '"2026-01-01T00:00:01.1200000Z"',
  '"2026-01-01 00:00"',
  '{}',
  '[]',
  '{"a":[1,{"b":null}]}',
  '[[[["deep"]]]]',
  '{"n":12345678901234567890}',
  '"{\\"n\\":1}"',
  '0',
  '1',
  '12',
  '-0',
  '-1.5e-3',
  '1e400',
  '123456789012345',
  '9007199254740992',
  '12345678901234567890',
  'true',
  'false',
  'null',
];
/** What JSON does not have. */
const WRONG = [
  '01',
  '-',
  '1.',
  '+1',
  '.5',
  'tru',
  'nulll',
  '"\\x"',
  '"\\u12"',
  '"\u0001"',
  '"a\tb"',
  '[1,]',
  '{"a"}',
  '[1}',
];
const NAMES = ['a', 'A', 'b', 'c', 'd', 'é', '__proto__', '1', 'a\\"b', '\\u0061', 'C@odata.type'];

const value = fc.oneof(
  { weight: 200, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 40, arbitrary: fc.string().map((text) => JSON.stringify(text)) },
  { weight: 20, arbitrary: fc.jsonValue().map((one) => JSON.stringify(one)) },
  { weight: 1, arbitrary: fc.constantFrom(...WRONG) },
);
const bytesOf = fc.oneof(
  { weight: 60, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 3 }) },
);
/** Rows with names of few lists of names, each value often the one of the row before. */
const rowsOf = (names: fc.Arbitrary<readonly string[]>) =>
  fc
    .record({
      shapes: fc.array(names, { minLength: 1, maxLength: 3 }),
      rows: fc.array(
        fc.record({ shape: fc.nat(), values: fc.array(fc.option(value), { maxLength: 5 }), blank: fc.nat({ max: 9 }) }),
        { maxLength: 12 },
      ),
    })
    .map(({ shapes, rows }) => {
      const before: string[] = [];
      return rows
        .map(({ shape, values, blank }) => {
          const names = shapes[shape % shapes.length] ?? [];
          const space = blank === 0 ? ' ' : blank === 1 ? '\n\t' : '';
          const members = names.map((name, index) => {
            before[index] = values[index] ?? before[index] ?? '"first"';
            return `"${name}"${space}:${space}${before[index]}`;
          });
          return `{${space}${members.join(`${space},`)}${space}}`;
        })
        .join(',');
    });

const anyNames = fc.array(fc.constantFrom(...NAMES), { maxLength: 5 });
const uniqueNames = fc.uniqueArray(fc.constantFrom(...NAMES), {
  maxLength: 5,
  selector: (name) => JSON.parse(`"${name}"`),
});
const rowsAndLimits = fc.oneof(
  fc.tuple(rowsOf(anyNames), fc.constantFrom<Partial<DecodeLimits>>({}, { maxRows: 5 })),
  // How deep a value is that another of its name replaces is not seen where many rows are parsed at a time.
  fc.tuple(rowsOf(uniqueNames), fc.constantFrom<Partial<DecodeLimits>>({}, { maxRows: 5 }, { maxDepth: 4 })),
);

describe('rows that are written alike', () => {
  it('are what parsing each by itself gives, whatever they hold, and so is how they are refused', () => {
    fc.assert(
      fc.property(
        rowsAndLimits,
        fc.nat(),
        bytesOf,
        fc.constantFrom('', '', '', ']}', ']}x', ','),
        fc.integer({ min: 5, max: 400 }),
        ([rows, limits], at, wrong, end, size) => {
          const bytes = Buffer.from(`${HEAD}${rows}${end === '' ? ']}' : end}`);
          const place = HEAD.length + (at % Math.max(1, bytes.length - HEAD.length));
          if (wrong !== null) bytes.set(wrong.subarray(0, bytes.length - place), place);
          agree(bytes, size, limits);
          agree(bytes, bytes.length, limits);
        },
      ),
      { numRuns: tries(50, 300) },
    );
  });

  it('are refused where they would be if any byte of one were another', () => {
    const row = (n: number) => `{"a":"x${n}","A":${n},"b":null,"c":{"k":[${n}]},"d":true}`;
    const body = Buffer.from(`${HEAD}${[0, 1, 2, 3].map(row).join(',')}]}`);
    const third = body.indexOf(row(2));
    for (let at = third; at < third + row(2).length + 2; at++) {
      for (const other of Buffer.from('"\\,:{}[]0 9-.eax\u0001\u00ff')) {
        const changed = Buffer.from(body);
        changed[at] = other;
        agree(changed, changed.length);
      }
    }
  });

  it('are those of the schema whose names differ from it in case, or stand for two columns', () => {
    for (const names of [['a', 'B', 'C'], ['B', 'A'], ['a', 'a@odata.type', 'b'], ['É', 'D', 'd'], []]) {
      const row = (n: number) => `{${names.map((name, index) => `"${name}":${n + index}`).join(',')}}`;
      const body = Buffer.from(`${HEAD}${[0, 1, 2, 3, 10].map(row).join(',')}]}`);
      agree(body, body.length);
    }
  });

  it('keep every digit of a number, however long and wherever it ends', () => {
    const digits = [
      '1',
      '999999999999999',
      '1000000000000000',
      '9007199254740991',
      '9007199254740993',
      '-9007199254740993',
    ];
    const row = (text: string) => `{"A":${text},"c":[${text}]}`;
    const body = Buffer.from(`${HEAD}${digits.map(row).join(',')}]}`);
    agree(body, body.length);
    expect(decode([body], false).rows.map((one) => one.A)).toEqual([
      1,
      999999999999999,
      1000000000000000,
      9007199254740991,
      '9007199254740993',
      '-9007199254740993',
    ]);
  });

  it('have text of any length', () => {
    const lengths = [0, 1, 3, 4, 5, 12, 13, 4083, 4084, 4085, 4090, 4095, 4096, 4097, 9000];
    const row = (length: number, end = '') => `{"a":"${'x'.repeat(length)}","é":"${'y'.repeat(7)}${length}${end}"}`;
    for (const end of ['', '\\n', 'é']) {
      const body = Buffer.from(`${HEAD}${lengths.map((length) => row(length, end)).join(',')}]}`);
      agree(body, body.length);
    }
  });
});

describe('many rows that are read at once', () => {
  const TEXTS = [
    '',
    'plain',
    'pläin',
    '日本語のテキスト',
    'a😀b',
    '\ufffd',
    '\ufeffx',
    'é'.repeat(700),
    'tab\tand "quote"',
  ];
  const rowOf = (text: string, n: number) => JSON.stringify({ a: `${n}${text}`, A: n, é: TEXTS[(n * 7) % 9], b: text });

  it('have text that is no ASCII in its place, whichever of them hold some', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...TEXTS), { minLength: 70, maxLength: 150 }), (texts) => {
        const body = Buffer.from(`${HEAD}${texts.map(rowOf).join(',')}]}`);
        expect(decode([body], false).rows).toEqual(texts.map((text, n) => JSON.parse(rowOf(text, n))));
      }),
      { numRuns: tries(5, 20) },
    );
  });

  it('are the same wherever bytes are no text, and only up to the last that is wanted', () => {
    const body = Buffer.from(`${HEAD}${TEXTS.map(rowOf).join(',')}]}`);
    for (let at = HEAD.length; at < body.length; at += at % 7 === 0 ? 397 : 113) {
      const changed = Buffer.from(body);
      changed[at] = 0xc3;
      agree(changed, changed.length);
      agree(changed, changed.length, { maxRows: 4 });
    }
  });

  it('are all read where there are more than fit, of one way of writing or of two by turns', () => {
    for (const ways of [1, 2]) {
      const rows = Array.from({ length: 400 }, (_, n) => (n % (3 * ways) < 3 ? { a: `${n}`, A: n } : { A: `${n}` }));
      const found = decode([Buffer.from(`${HEAD}${JSON.stringify(rows).slice(1)}}`)], false);
      expect(isDeepStrictEqual(found.rows, rows)).toBe(true);
    }
  });
});

/** How often JSON.parse was needed for the rows. */
function parses(rows: readonly string[], normalized = false): number {
  const parse = jest.spyOn(JSON, 'parse');
  try {
    decode([Buffer.from(`${HEAD}]}`)], normalized);
    const without = parse.mock.calls.length;
    parse.mockClear();
    const body = Buffer.from(`${HEAD}${rows.join(',')}]}`);
    expect(decode([body], normalized).rows).toHaveLength(rows.length);
    return parse.mock.calls.length - without;
  } finally {
    parse.mockRestore();
  }
}

describe('what rows cost that are written alike', () => {
  const texts = Array.from(
    { length: 100 },
    (_, n) => `{"a":"C:\\\\${n}","A":${n},"b":"2026-01-01T00:00:00.${n}1Z","d":${n % 2}}`,
  );

  it('is one parse for all of them', () => {
    expect([parses(texts), parses(texts, true)]).toEqual([1, 1]);
  });

  it('is one for each way of writing them, and for eight at a time', () => {
    const written = (count: number) => texts.map((row, n) => row.replace('{', `{"way${Math.floor(n / 5) % count}":1,`));
    expect([1, 2, 8].map((count) => parses(written(count)))).toEqual([1, 2, 8]);
    expect(parses(written(9))).toBeGreaterThan(9);
  });

  it('is that of many at a time where ways of writing change all the time', () => {
    const many = Array.from({ length: 1000 }, (_, n) => `{"way":1,"way${n % 8}":${n}}`);
    expect(parses(many)).toBeLessThan(20);
  });

  it('is no more than in pieces of many rows where they are all different', () => {
    const different = texts.map((row, n) => row.replace('{', `{"way${n}":1,`));
    expect(parses(different)).toBeLessThanOrEqual(100);
    // The ninth surprise ends it; those behind, of one beginning, are parsed many at a time.
    const behind = Array.from({ length: 100 }, (_, n) => `{"a":1,"x${n}":2}`);
    expect(parses([...different.slice(0, 20), ...behind])).toBeLessThan(25);
  });
});

describe('a row that was handed on', () => {
  it('may be changed without changing those behind it', () => {
    const seen: unknown[] = [];
    const sink = {
      schema: () => undefined,
      row: (row: ServiceRow) => {
        seen.push({ ...row });
        row.a = 'changed';
        row.more = 1;
      },
    };
    const decoder = createRowDecoder(LIMITS, sink);
    decoder.push(Buffer.from(`${HEAD}{"a":"x","A":1},{"a":"x","A":2},{"a":"x","A":3}]}`));
    expect([decoder.end().rows, seen]).toEqual([3, [1, 2, 3].map((A) => ({ a: 'x', A }))]);
  });

  it('ends the reading where it is one too many, however it is written', () => {
    const body = Buffer.from(`${HEAD}{"A":1},{"A":2},{"A":3},{"A":4},nonsense`);
    for (const maxRows of [1, 2, 3])
      expect(decode([body], true, { maxRows }).end).toMatchObject({ rows: maxRows, truncated: true });
    expect(decode([body], true, { maxRows: 4 }).refused).toContain('not an array of objects');
  });

  it('is told as mangled only where its own bytes are no text', () => {
    const text = '{"A":1},{ "A":2},{"A":3},{"A":4},{"a":"?"},{"A":6},{ "a":"?"}]}';
    for (const [maxRows, mangled] of [
      [4, false],
      [5, true],
    ] as const) {
      const body = Buffer.from(`${HEAD}${text}`);
      for (let at = body.indexOf('?'); at >= 0; at = body.indexOf('?', at)) body[at] = 0x80;
      for (const size of [1, 40, body.length]) {
        const { end } = decode(inPieces(body, size), true, { maxRows });
        expect(end).toMatchObject({ mangled, truncated: true });
      }
      agree(body, body.length, { maxRows });
    }
  });

  it('is not beyond the limits of size, depth, lists and objects', () => {
    const rows = (last: string) => Buffer.from(`${HEAD}{"c":1,"a":"x"},{"c":2,"a":"x"},{"c":${last},"a":"x"}]}`);
    for (const limits of [{ maxRowBytes: 24 }, { maxContainers: 9 }, { maxDepth: 3 }]) {
      for (const last of [
        '3',
        '"xxxxxxxxxx"',
        '"xxxxxxxxxxx"',
        '[[[]]]',
        '[[[[]]]]',
        '[[],[],[],[],[],[],[]]',
        '[[],[],[],[],[],[],[],[]]',
      ])
        agree(rows(last), rows(last).length, limits);
    }
  });
});

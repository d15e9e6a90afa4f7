import { describe, expect, it } from '@jest/globals';
import { tablesAnswer } from '../../../src/sources/decode/tables-answer.ts';
import { decodeAs, refuseWith } from './cell-rows.ts';

const COLUMNS =
  '[{"name":"Time","type":"datetime"},{"name":"N","type":"long"},{"name":"Ok","type":"bool"},{"name":"D","type":"dynamic"}]';
const body = (rows: string, more = ''): string =>
  `{"tables":[{"name":"PrimaryResult","columns":${COLUMNS},"rows":[${rows}]}]${more}}`;
const decode = (text: string, size?: number) => decodeAs(tablesAnswer(refuseWith), text, size);

describe('an answer of Log Analytics', () => {
  const rows = [
    '["2026-11-27T10:00:00.1230000Z",9223372036854775807,true,"{\\"a\\":[1,2]}"]',
    '["2026-11-27T10:00:01Z",2,false,{"a":"b"}]',
    '[null,null,null,null]',
    '["2026-11-27T10:00:02Z",4,true,"[1,[2],{\\"x\\":\\"],[\\"}]"]',
    '["2026-11-27T10:00:03Z",5,true,"plain"]',
    '["2026-11-27T10:00:04Z",6,false,[[1],[2]]]',
  ];
  const wanted = [
    { Time: '2026-11-27T10:00:00.123Z', N: '9223372036854775807', Ok: true, D: { a: [1, 2] } },
    { Time: '2026-11-27T10:00:01Z', N: 2, Ok: false, D: { a: 'b' } },
    { Time: null, N: null, Ok: null, D: null },
    { Time: '2026-11-27T10:00:02Z', N: 4, Ok: true, D: [1, [2], { x: '],[' }] },
    { Time: '2026-11-27T10:00:03Z', N: 5, Ok: true, D: 'plain' },
    { Time: '2026-11-27T10:00:04Z', N: 6, Ok: false, D: [[1], [2]] },
  ];

  it.each([1, 2, 7, 64, 65_536])('has its rows whatever pieces of %d bytes it comes in', (size) => {
    const { columns, rows: read, end } = decode(body(rows.join(',')), size);
    expect(columns.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'Time:datetime',
      'N:long',
      'Ok:bool',
      'D:dynamic',
    ]);
    expect(read).toEqual(wanted);
    expect(end).toMatchObject({ rows: 6, truncated: false });
  });

  it('has many rows that are alike, each with what is its own', () => {
    const many = Array.from(
      { length: 500 },
      (_, n) => `["2026-11-27T10:00:00Z",${n},${n % 2 === 0},${n % 3 ? '"x"' : n}]`,
    );
    const { rows: read } = decode(body(many.join(', ')), 4096);
    expect(read.map((row) => [row.N, row.Ok, row.D])).toEqual(many.map((_, n) => [n, n % 2 === 0, n % 3 ? 'x' : n]));
  });

  it('takes statistics and a rendering, and members in any case', () => {
    const text = body(rows[1] ?? '', ',"statistics":{"query":{"executionTime":0.1}},"render":{}').replace(
      '"tables"',
      '"Tables"',
    );
    expect(decode(text).rows).toEqual([wanted[1]]);
    expect(decode(body('')).end.rows).toBe(0);
  });

  it('of two columns with one name has the first', () => {
    const text =
      '{"tables":[{"name":"P","columns":[{"name":"A","type":"int"},{"name":"A","type":"int"}],"rows":[[1,2],[3,4]]}]}';
    expect(decode(text).rows).toEqual([{ A: 1 }, { A: 3 }]);
  });
});

describe('an answer that is not whole', () => {
  const partial =
    ',"error":{"code":"PartialError","message":"There were some errors when processing your query.","details":[{"code":"EngineError","message":"x"}]}';
  it.each([
    ['an error beside its rows', body('[null,1,true,null]', partial), 'PartialError'],
    ['an error and no rows', '{"error":{"code":"X"}}', 'refused {"code":"X"}'],
    ['an object among its rows', body('[null,1,true,null],{"OneApiErrors":[{"error":{"code":"Y"}}]}'), 'OneApiErrors'],
    ['an end in a row', body('[null,1,true,null]').slice(0, -20), 'ends early'],
    ['an end behind its table', `{"tables":[{"name":"P","columns":[],"rows":[]}]`, 'ends early'],
    ['a row with too few cells', body('[null,1,true]'), 'not as many cells'],
    ['a row with too many cells', body('[null,1,true,null],[null,1,true,null,5]'), 'not as many cells'],
    [
      'a second table',
      '{"tables":[{"name":"P","columns":[],"rows":[]},{"name":"Q","columns":[],"rows":[]}]}',
      'a second table, "Q"',
    ],
    ['rows twice', '{"tables":[{"name":"P","columns":[],"rows":[],"rows":[]}]}', 'results twice'],
    ['no table', '{"tables":[]}', 'no schema'],
    ['tables that are none', '{"tables":{}}', 'its tables are no array'],
    ['no rows', '{"tables":[{"name":"P","columns":[]}]}', 'no results'],
    ['the form of another API', '{"Schema":[],"Results":[]}', 'no schema'],
    ['a list', '[]', 'no JSON object'],
    ['nothing', '', 'ends early'],
    ['a web page', '<html>', 'web page'],
    [
      'members of objects',
      '{"tables":[{"name":"__proto__","__proto__":1,"columns":[],"rows":[1]}]}',
      'not an array of arrays',
    ],
  ])('because of %s is refused', (_, text, says) => {
    expect(() => decode(text)).toThrow(says);
  });
});

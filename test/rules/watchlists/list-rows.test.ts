import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readListRows } from '../../../src/rules/watchlists/list-rows.ts';

const cellsOf = (text: string, delimiter = ',') =>
  readListRows(text, delimiter, 1000)?.map(({ cells }) => cells) ?? null;

describe('readListRows', () => {
  it.each([
    [
      'plain rows',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'no line end at the end, and those of Windows',
      'a,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['quotes around delimiters, line ends and quotes', '"a,1","b\nc","d""e"\n', [['a,1', 'b\nc', 'd"e']]],
    [
      'empty cells, and no empty rows',
      'a,\n\n,,\n,b',
      [
        ['a', ''],
        ['', 'b'],
      ],
    ],
    ['what stands behind a quote', '"a"b,c', [['ab', 'c']]],
    ['a quote in a cell', 'a"b,c', [['a"b', 'c']]],
    ['nothing', '', []],
    ['an open quote', 'a\n"b', null],
  ])('%s', (_, text, expected) => {
    expect(cellsOf(text)).toEqual(expected);
  });

  it('reads no more rows than wanted, and knows their lines', () => {
    expect(readListRows('a\n"b\nc"\nd\n', ',', 3)).toEqual([
      { cells: ['a'], line: 1 },
      { cells: ['b\nc'], line: 2 },
      { cells: ['d'], line: 4 },
    ]);
    expect(readListRows('a\nb\nc', ',', 2)?.length).toBe(2);
  });

  it('reads back whatever was written with quotes', () => {
    const cell = fc.string({ maxLength: 6, unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é') });
    const row = fc.array(cell, { minLength: 2, maxLength: 4 }).filter((cells) => cells.some((one) => one !== ''));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), fc.constantFrom(',', '\t'), (rows, delimiter) => {
        const text = rows
          .map((cells) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(delimiter))
          .join('\n');
        expect(cellsOf(text, delimiter)).toEqual(rows);
      }),
    );
  });
});

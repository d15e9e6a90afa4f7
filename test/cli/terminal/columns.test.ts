import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { columnsOf } from '../../../src/cli/terminal/columns.ts';

describe('columns', () => {
  it('are as wide as their widest cell, two places apart, with nothing at the end of a line', () => {
    expect(
      columnsOf([
        ['a', 'long', 'x'],
        ['longer', '', ''],
        ['b', 'c'],
      ]),
    ).toEqual(['a       long  x', 'longer', 'b       c']);
    expect(columnsOf([])).toEqual([]);
  });

  it('stay aligned where characters are wide, combined, or coloured', () => {
    const lines = columnsOf([
      ['日本', '|'],
      ['e\u0301', '|'],
      ['\u001b[31mred\u001b[39m', '|'],
      ['🔥', '|'],
    ]);
    expect(lines).toEqual(['日本  |', 'e\u0301     |', '\u001b[31mred\u001b[39m   |', '🔥    |']);
  });

  it('take time in proportion to their cells: a wide result of many rows is no matter', () => {
    const row = Array.from({ length: 70 }, (_, index) => `cell ${index}`);
    expect(columnsOf(Array.from({ length: 5000 }, () => row))).toHaveLength(5000);
  });

  it('fold between words where a terminal is too narrow, the widest column first', () => {
    const rows = [
      ['RULE', 'STATE', 'REASON'],
      ['encoded-powershell-from-office', 'blocked', 'The token lacks ThreatHunting.Read.All, which the query needs.'],
    ];
    expect(columnsOf(rows, 80)).toEqual([
      'RULE                            STATE    REASON',
      'encoded-powershell-from-office  blocked  The token lacks ThreatHunting.Read.All,',
      '                                         which the query needs.',
    ]);
  });

  it('become blocks where words are too long to stand beside one another, and no word is ever cut', () => {
    const rows = [
      ['ID', 'HASH', 'NOTE'],
      ['1', 'a'.repeat(40), 'first'],
      ['2', 'b'.repeat(90), ''],
    ];
    expect(columnsOf(rows, 44)).toEqual([
      'ID    1',
      `HASH  ${'a'.repeat(40)}`,
      'NOTE  first',
      '',
      'ID    2',
      `HASH  ${'b'.repeat(90)}`,
    ]);
  });

  it('colour every line of a folded cell by itself', () => {
    const red = { text: 'one two', paint: (line: string) => `<${line}>` };
    expect(
      columnsOf(
        [
          ['A', 'B'],
          [red, 'x'],
        ],
        6,
      ),
    ).toEqual(['A    B', '<one>  x', '<two>']);
  });

  it('fit any width, and lose no word', () => {
    const word = fc.stringMatching(/^[a-z]{1,12}$/);
    const cell = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '));
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(table, fc.integer({ min: 40, max: 120 }), (rows, width) => {
        const lines = columnsOf(rows, width);
        const words = (texts: readonly string[]): readonly string[] =>
          texts.join(' ').split(/\s+/).filter(Boolean).sort();
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
        expect(words(lines)).toEqual(words(rows.flat()));
      }),
    );
  });
});

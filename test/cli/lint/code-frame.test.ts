import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeFrame } from '../../../src/cli/lint/code-frame.ts';
import { shownWidth } from '../../../src/cli/terminal/fold.ts';
import { anyCharacter } from '../../any-character.ts';

const at = (line: number, column: number, endLine: number | null = null, endColumn: number | null = null) => ({
  line,
  column,
  endLine,
  endColumn,
});

describe('a code frame', () => {
  it('marks what a finding is about, and a word where its end is not known', () => {
    expect(codeFrame(at(7, 3, 7, 6), 'a bcd e')).toEqual(['7 │ a bcd e', '  │   ^^^']);
    expect(codeFrame(at(12, 3), 'a b-c.d e')).toEqual(['12 │ a b-c.d e', '   │   ^^^^^']);
    expect(codeFrame(at(1, 4), 'a: 24:00:00')).toEqual(['1 │ a: 24:00:00', '  │    ^^^^^^^^']);
    expect(codeFrame(at(1, 1), '| take 5')).toEqual(['1 │ | take 5', '  │ ^']);
  });

  it('goes to the end of the line where the finding goes on', () => {
    expect(codeFrame(at(1, 3, 4, 2), 'a bcd  ')).toEqual(['1 │ a bcd', '  │   ^^^']);
  });

  it('puts the caret below where tabs and wide characters stand before', () => {
    expect(codeFrame(at(1, 2, 1, 3), '\tx')).toEqual(['1 │   x', '  │   ^']);
    expect(codeFrame(at(1, 3, 1, 4), '😀x')).toEqual(['1 │ 😀x', '  │   ^']);
    expect(codeFrame(at(1, 3, 1, 4), '漢字x')).toEqual(['1 │ 漢字x', '  │     ^']);
  });

  it('cuts long lines around the mark', () => {
    const [line = '', mark = ''] = codeFrame(at(1, 501, 1, 504), `${'a '.repeat(250)}bcd${' e'.repeat(200)}`, 80);
    expect(line).toMatch(/^1 │ …[a ]+bcd[ e]+…$/);
    expect(line.indexOf('bcd')).toBe(mark.indexOf('^^^'));
    expect(line.length).toBeLessThanOrEqual(80);
  });

  it('has two lines of plain text within the width, whatever stands there', () => {
    const texts = fc.string({ unit: anyCharacter, maxLength: 300 }).map((text) => text.replaceAll('\n', ''));
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 40, max: 120 }), (text, column, width) => {
        const lines = codeFrame(at(3, column), text, width);
        expect(lines).toHaveLength(2);
        for (const line of lines) {
          expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
          expect(shownWidth(line)).toBeLessThanOrEqual(width + 1);
        }
        expect(lines[1]).toMatch(/^ {2}│ +\^+$/);
      }),
    );
  });
});

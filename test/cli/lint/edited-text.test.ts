import { describe, expect, it } from '@jest/globals';
import { editedText } from '../../../src/cli/lint/edited-text.ts';

const edit = (line: number, column: number, endColumn: number, text: string) => ({
  line,
  column,
  endLine: line,
  endColumn,
  text,
});

describe('editedText', () => {
  it('makes all edits, in any order, and leaves line ends and the byte order mark', () => {
    const text = '\uFEFFone two\r\nthree\r\n';
    expect(editedText(text, [edit(2, 1, 6, '3'), edit(1, 5, 8, '2'), edit(1, 1, 4, '1')])).toBe('\uFEFF1 2\r\n3\r\n');
  });

  it.each([
    ['touch', [edit(1, 1, 3, 'a'), edit(1, 2, 4, 'b')]],
    ['lie outside of the file', [edit(9, 1, 2, 'a')]],
    ['lie outside of their line', [edit(1, 3, 90, 'a')]],
    ['end before they begin', [edit(1, 3, 2, 'a')]],
  ])('makes none where edits %s', (_, edits) => {
    expect(editedText('one two\nthree\n', edits)).toBeNull();
  });
});

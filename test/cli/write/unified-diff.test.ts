import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lineChanges } from '../../../src/cli/write/line-changes.ts';
import { unifiedDiff } from '../../../src/cli/write/unified-diff.ts';

describe('unifiedDiff', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
  const changed = (...numbers: readonly number[]) =>
    lines.map((line, index) => (numbers.includes(index + 1) ? `${line}!` : line)).join('\n');

  it('shows what changes with three lines around, near changes together', () => {
    expect(unifiedDiff('a.yaml', lines.join('\n'), changed(1, 6, 20))).toEqual([
      '--- a/a.yaml',
      '+++ b/a.yaml',
      '@@ -1,9 +1,9 @@',
      '-line 1',
      '+line 1!',
      ...[2, 3, 4, 5].map((number) => ` line ${number}`),
      '-line 6',
      '+line 6!',
      ...[7, 8, 9].map((number) => ` line ${number}`),
      '@@ -17,4 +17,4 @@',
      ...[17, 18, 19].map((number) => ` line ${number}`),
      '-line 20',
      '+line 20!',
    ]);
  });

  it('is empty for equal texts', () => {
    expect(unifiedDiff('a', 'x\n', 'x\n')).toEqual([]);
  });

  it('counts the lines of both sides where some come or go', () => {
    expect(unifiedDiff('a', '1\n2\n3\n4\n5', '1\nx\ny\n3\n4\n5')).toEqual([
      '--- a/a',
      '+++ b/a',
      '@@ -1,5 +1,6 @@',
      ...[' 1', '-2', '+x', '+y', ' 3', ' 4', ' 5'],
    ]);
  });

  it('never says that a line stays which does not, and is as short as can be', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (old, made) => {
        const changes = lineChanges(old, made);
        const side = (other: string) => changes.filter(({ kind }) => kind !== other).map(({ line }) => line);
        expect([side('+'), side('-')]).toEqual([old, made]);
        expect(changes.filter(({ kind }) => kind === ' ')).toHaveLength(longestCommon(old, made));
      }),
    );
  });

  it('shows as replaced what differs too much', () => {
    const [old, made] = ['a', 'b'].map((name) => Array.from({ length: 3000 }, (_, index) => `${name}${index}`));
    expect(lineChanges(['x', ...(old ?? [])], ['x', ...(made ?? [])])).toHaveLength(6001);
  });
});

function longestCommon([first, ...old]: readonly string[], made: readonly string[]): number {
  let lengths: number[] = made.map(() => 0);
  for (const line of first === undefined ? [] : [first, ...old]) {
    const row: number[] = [];
    for (const [at, other] of made.entries())
      row.push(line === other ? (lengths[at - 1] ?? 0) + 1 : Math.max(lengths[at] ?? 0, row[at - 1] ?? 0));
    lengths = row;
  }
  return lengths.at(-1) ?? 0;
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { walk } from '../../src/kql/ast.ts';
import { defenderGlobals } from '../../src/kql/defender.ts';
import { datetimeAt, paramLiteral, paramType } from '../../src/kql/literal.ts';
import { analyze } from '../../src/kql/parser/adapter.ts';
import { anyCharacter } from '../any-character.ts';

describe('datetimeAt', () => {
  const at = Date.parse('2026-01-01T12:00:00.123Z');

  it.each([
    [0, 'datetime(2026-01-01T12:00:00.1230000Z)'],
    [-1, 'datetime(2026-01-01T12:00:00.1220000Z)'],
    [-0.0001, 'datetime(2026-01-01T12:00:00.1229999Z)'],
    [0.0123, 'datetime(2026-01-01T12:00:00.1230123Z)'],
    [-86_400_000 * 365, 'datetime(2025-01-01T12:00:00.1230000Z)'],
  ])('is exact to the tick at %d ms', (offset, expected) => {
    expect(datetimeAt(at, offset)).toBe(expected);
  });

  it('is none outside the years of the language', () => {
    expect(datetimeAt(at, -86_400_000 * 366 * 2026)).toBeNull();
    expect(datetimeAt(at, 86_400_000 * 366 * 8000)).toBeNull();
    expect(datetimeAt(Date.parse('0001-01-01T00:00:00Z'), 0)).toBe('datetime(0001-01-01T00:00:00.0000000Z)');
  });
});

describe('paramLiteral', () => {
  it.each([
    ['a "b"', '"a \\"b\\""', 'string'],
    ['\u2028', '"\\u2028"', 'string'],
    [3, 'long(3)', 'long'],
    [-(2n ** 63n), 'long(-9223372036854775808)', 'long'],
    [1e300, 'real(1e+300)', 'real'],
    [0.25, 'real(0.25)', 'real'],
    [true, 'true', 'bool'],
    [['a', 1, false], 'dynamic(["a",1,false])', 'dynamic'],
  ] as const)('of %p is %s', (value, literal, type) => {
    expect([paramLiteral(value), paramType(value)]).toEqual([literal, type]);
  });

  it('keeps any text, as one literal that the parser reads back', async () => {
    const globals = await defenderGlobals();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: anyCharacter }), async (text) => {
        const tree = await analyze(`print A = ${paramLiteral(text)}`, globals);
        expect(tree.diagnostics).toEqual([]);
        const literals = [...walk(tree.root)].filter((node) => node.kind === 'StringLiteralExpression');
        expect(literals.map((node) => node.value)).toEqual([text]);
      }),
      { numRuns: 50 },
    );
  });
});

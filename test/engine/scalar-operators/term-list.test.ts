import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { termListOperator } from '../../../src/engine/scalar-operators/term-list.ts';
import { textOperator } from '../../../src/engine/scalar-operators/text-search.ts';

describe('termListOperator', () => {
  it.each([
    ['has_any', 'net user add', ['xyz', 'USER'], true],
    ['has_any', 'net users', ['user'], false],
    ['has_any', 'net user', [], false],
    ['has_any', 'net user', [null, 'x'], true],
    ['has_all', 'net user', [null, 'net'], true],
    ['has_any', 'port 443 open', [443], true],
    ['has_all', 'net user add', ['add', 'net'], true],
    ['has_all', 'net user', ['add', 'net'], false],
    ['has_all', 'net user', [], true],
  ] as const)('%s: %p and %j is %p', (operator, text, list, expected) => {
    expect(termListOperator(operator, 'string')?.(text, list)).toBe(expected);
  });

  it('writes other types as text, and takes null as empty', () => {
    expect(termListOperator('has_any', 'dynamic')?.(['a', 'b'], ['b'])).toBe(true);
    expect(termListOperator('has_any', 'dynamic')?.(null, ['b'])).toBe(false);
    expect(termListOperator('in', 'string')).toBeNull();
  });

  it('gives the same answer for short and for long lists', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'C', ' ', '-', '1'), maxLength: 30 });
    const term = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-', '1'), minLength: 1, maxLength: 3 });
    const has = textOperator('has', 'string', 'string');
    fc.assert(
      fc.property(text, fc.array(term, { minLength: 1, maxLength: 100 }), (source, list) => {
        expect(termListOperator('has_any', 'string')?.(source, list)).toBe(list.some((one) => has?.(source, one)));
        expect(termListOperator('has_all', 'string')?.(source, list)).toBe(list.every((one) => has?.(source, one)));
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addDecimals,
  compareDecimals,
  type Decimal,
  decimalOfReal,
  divideDecimals,
  floorDecimal,
  integerOfDecimal,
  moduloDecimals,
  multiplyDecimals,
  parseDecimal,
  subtractDecimals,
  textOfDecimal,
  trimDecimal,
} from '../../../src/engine/values/decimal.ts';

function decimal(text: string): Decimal {
  const value = parseDecimal(text);
  if (!value) throw new Error(`not a decimal: ${text}`);
  return value;
}

function text(value: Decimal | null): string | null {
  return value && textOfDecimal(value);
}

const cents = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });

describe('decimals', () => {
  it('add, subtract and multiply exactly', () => {
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        const [x, y] = [
          { unscaled: a, scale: 2 },
          { unscaled: b, scale: 3 },
        ];
        expect(addDecimals(x, y)).toEqual({ unscaled: a * 10n + b, scale: 3 });
        expect(subtractDecimals(x, y)).toEqual({ unscaled: a * 10n - b, scale: 3 });
        expect(multiplyDecimals(x, y)).toEqual({ unscaled: a * b, scale: 5 });
        expect(compareDecimals(x, y)).toBe(a * 10n === b ? 0 : a * 10n < b ? -1 : 1);
      }),
    );
  });

  it('divide to 34 digits', () => {
    expect(text(divideDecimals(decimal('1'), decimal('3')))).toBe('0.3333333333333333333333333333333333');
    expect(text(divideDecimals(decimal('-10'), decimal('4')))).toBe('-2.5');
    expect(text(divideDecimals(decimal('1e20'), decimal('1e-10')))).toBe('1000000000000000000000000000000');
    expect(divideDecimals(decimal('1'), decimal('0.00'))).toBeNull();
  });

  it('leave a rest that is not negative', () => {
    expect(text(moduloDecimals(decimal('-5.5'), decimal('2')))).toBe('0.5');
    expect(moduloDecimals(decimal('1'), decimal('0'))).toBeNull();
    expect(text(floorDecimal(decimal('7.45'), decimal('0.5')))).toBe('7.00');
  });

  it.each([
    ['0.1', '0.1'],
    ['-.5', '-0.5'],
    ['1.50', '1.50'],
    ['12e3', '12000'],
    ['1.2e-3', '0.0012'],
  ])('read %p', (source, expected) => {
    expect(text(parseDecimal(source))).toBe(expected);
  });

  it.each(['', '.', 'e5', '1.2.3', '1e99999', 'NaN'])('give null for %p', (source) => {
    expect(parseDecimal(source)).toBeNull();
  });

  it('have one form without zeros at the end', () => {
    expect(trimDecimal(decimal('1.500'))).toEqual(decimal('1.5'));
    expect(trimDecimal(decimal('0.00'))).toEqual({ unscaled: 0n, scale: 0 });
  });

  it('come from reals as they are written, and go to whole numbers cut', () => {
    expect(text(decimalOfReal(0.1))).toBe('0.1');
    expect(decimalOfReal(Number.NaN)).toBeNull();
    expect(integerOfDecimal(decimal('-7.9'))).toBe(-7);
    expect(integerOfDecimal(decimal('1e30'))).toBeNull();
  });
});

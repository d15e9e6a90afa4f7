import type { AggregateFunction } from '../value.ts';
import { converter } from '../values/convert.ts';
import { wrap64 } from '../values/integer.ts';
import { defineAggregate } from './define.ts';

function binary(name: string, calculate: (a: bigint, b: bigint) => bigint): AggregateFunction {
  return defineAggregate<bigint | null>(name, ({ types: [type = ''] }) => {
    const convert = converter(type, 'long');
    return (
      convert && {
        start: () => null,
        add(state, values) {
          const value = convert(values[0] ?? null);
          if (typeof value !== 'number' && typeof value !== 'bigint') return state;
          return state === null ? BigInt(value) : calculate(state, BigInt(value));
        },
        finish: (state) => (state === null ? null : wrap64(state)),
      }
    );
  });
}

export const BITS: readonly AggregateFunction[] = [
  binary('binary_all_and', (a, b) => a & b),
  binary('binary_all_or', (a, b) => a | b),
  binary('binary_all_xor', (a, b) => a ^ b),
];

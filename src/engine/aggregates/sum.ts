import { arithmetic } from '../scalar-operators/arithmetic.ts';
import type { AggregateFunction, Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { decimalOfInteger, divideDecimals, isDecimal } from '../values/decimal.ts';
import { canonical, integerOfReal } from '../values/integer.ts';
import { type AggregateBinding, conditional, defineAggregate, type Steps } from './define.ts';

function zeroOf(type: string): Value {
  if (type === 'decimal') return { unscaled: 0n, scale: 0 };
  return 0;
}

/** Nothing to add makes 0. */
function sum({ types: [type = ''], resultType }: AggregateBinding): Steps<Value> | null {
  const target = resultType === 'dynamic' ? 'real' : resultType;
  const [convert, add] = [converter(type, target), arithmetic('+', target, target, target)];
  if (!convert || !add || target === 'datetime' || target === 'bool') return null;
  return {
    start: () => zeroOf(target),
    add(total, values) {
      const value = convert(values[0] ?? null);
      return value === null ? total : add(total, value);
    },
    finish: (total) => total,
  };
}

interface Mean {
  readonly total: Value;
  readonly count: number;
}

/** The mean in the result's type. Over nothing: NaN, or null for times. */
function meanOf({ total, count }: Mean, type: string): Value {
  if (isDecimal(total)) return divideDecimals(total, decimalOfInteger(count));
  if (type !== 'real') return count === 0 ? null : wholeMean(total, count);
  return count === 0 ? Number.NaN : Number(total) / count;
}

function wholeMean(total: Value, count: number): Value {
  if (typeof total === 'bigint') return canonical(total / BigInt(count));
  return typeof total === 'number' ? integerOfReal(total / count) : null;
}

/** Whole numbers are added as such, and wrap around as sums do: recorded. */
function avg(binding: AggregateBinding): Steps<Mean> | null {
  const {
    types: [type = ''],
    resultType,
  } = binding;
  if ((type === 'int' || type === 'long') && resultType === 'real') return wholeAvg(binding);
  const target = resultType === 'dynamic' ? 'real' : resultType;
  const convert = converter(type, target);
  if (!convert || !['real', 'decimal', 'timespan', 'datetime'].includes(target)) return null;
  const add = arithmetic(
    '+',
    target === 'datetime' ? 'timespan' : target,
    target === 'datetime' ? 'timespan' : target,
    target,
  );
  return (
    add && {
      start: () => ({ total: zeroOf(target), count: 0 }),
      add(mean, values) {
        const value = convert(values[0] ?? null);
        return value === null ? mean : { total: add(mean.total, value), count: mean.count + 1 };
      },
      finish: (mean) => meanOf(mean, target),
    }
  );
}

function wholeAvg(binding: AggregateBinding): Steps<Mean> | null {
  const total = sum({ ...binding, resultType: 'long' });
  return (
    total && {
      start: () => ({ total: total.start(), count: 0 }),
      add: (mean, values) =>
        (values[0] ?? null) === null ? mean : { total: total.add(mean.total, values), count: mean.count + 1 },
      finish: (mean) => meanOf(mean, 'real'),
    }
  );
}

const SUM = defineAggregate('sum', sum);
const AVG = defineAggregate('avg', avg);

export const SUMS: readonly AggregateFunction[] = [
  SUM,
  conditional('sumif', SUM, 1),
  AVG,
  conditional('avgif', AVG, 1),
];

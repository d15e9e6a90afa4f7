import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { type Converter, converter } from '../values/convert.ts';
import { isDecimal } from '../values/decimal.ts';
import { comparer, isNotANumber } from '../values/order.ts';
import { realOfDynamic } from '../values/real.ts';
import { textWriter } from '../values/text.ts';
import { alias, defineBound, type FunctionBinding } from './define.ts';

function convertersTo(types: readonly string[], to: string): Converter[] | null {
  const converters = types.map((type) => converter(type, to));
  return converters.every((one) => one !== null) ? converters : null;
}

function bindIff({ types: [test = '', ...branches], resultType }: FunctionBinding): ScalarCall | null {
  const toBool = converter(test, 'bool');
  const [yes, no] = convertersTo(branches, resultType) ?? [];
  if (!toBool || !yes || !no) return null;
  return (condition = null, first = null, second = null) => (toBool(condition) === true ? yes(first) : no(second));
}

/** Conditions and values in turn, the value for none of them at the end. */
function bindCase({ types, resultType }: FunctionBinding): ScalarCall | null {
  const isCondition = (index: number): boolean => index % 2 === 0 && index < types.length - 1;
  const converters = types.map((type, index) => converter(type, isCondition(index) ? 'bool' : resultType));
  if (types.length % 2 === 0 || converters.some((one) => one === null)) return null;
  return (...values) => {
    let index = 0;
    while (index < values.length - 1 && converters[index]?.(values[index] ?? null) !== true) index += 2;
    const chosen = index < values.length - 1 ? index + 1 : values.length - 1;
    return converters[chosen]?.(values[chosen] ?? null) ?? null;
  };
}

/** The first value that is there; for texts, the first that is not empty. */
function bindCoalesce({ types, resultType }: FunctionBinding): ScalarCall | null {
  const converters = convertersTo(types, resultType);
  if (!converters) return null;
  const isText = resultType === 'string';
  return (...values) => {
    for (let index = 0; index < converters.length; index += 1) {
      const value = converters[index]?.(values[index] ?? null) ?? null;
      if (value !== null && !(isText && value === '')) return value;
    }
    return isText ? '' : null;
  };
}

function bindExtreme(sign: 1 | -1): (binding: FunctionBinding) => ScalarCall | null {
  return ({ types, resultType }) => {
    const converters = convertersTo(types, resultType);
    const compare = comparer(resultType);
    if (!converters) return null;
    return (...values) => {
      const ready = converters
        .map((convert, index) => convert(values[index] ?? null))
        .filter((value) => value !== null);
      if (ready.length === 0) return null;
      if (ready.some(isNotANumber)) return Number.NaN;
      return ready.reduce((best, value) => (compare(value, best) * sign > 0 ? value : best));
    };
  };
}

function test(name: string, negated: boolean, bind: (type: string) => (value: Value) => boolean): ScalarFunction {
  return defineBound(name, ({ types: [type = ''] }) => {
    const check = bind(type);
    return (value = null) => check(value) !== negated;
  });
}

const isNull = (): ((value: Value) => boolean) => (value) => value === null;

function isEmpty(type: string): (value: Value) => boolean {
  if (type === 'string') return (value) => value === '' || value === null;
  const write = textWriter(type);
  return (value) => value === null || write(value) === '';
}

function realTest(name: string, check: (value: number) => boolean): ScalarFunction {
  return defineBound(name, ({ types: [type = ''] }) => {
    const convert = converter(type, 'real');
    return (
      convert &&
      ((value = null) => {
        const real = realOfDynamic(convert(value));
        return real === null ? null : check(real);
      })
    );
  });
}

function bindNot({ types: [type = ''] }: FunctionBinding): ScalarCall | null {
  const convert = converter(type, 'bool');
  return (
    convert &&
    ((value = null) => {
      const truth = convert(value);
      return truth === null || isDecimal(truth) ? null : truth !== true;
    })
  );
}

const IFF = defineBound('iff', bindIff);
const ISNOTNULL = test('isnotnull', true, isNull);
const ISNOTEMPTY = test('isnotempty', true, isEmpty);

/** Choices and tests for null, empty and unusual reals. */
export const CONDITIONAL: readonly ScalarFunction[] = [
  IFF,
  alias('iif', IFF),
  defineBound('case', bindCase),
  defineBound('coalesce', bindCoalesce),
  defineBound('max_of', bindExtreme(1)),
  defineBound('min_of', bindExtreme(-1)),
  defineBound('not', bindNot),
  test('isnull', false, isNull),
  ISNOTNULL,
  alias('notnull', ISNOTNULL),
  test('isempty', false, isEmpty),
  ISNOTEMPTY,
  alias('notempty', ISNOTEMPTY),
  realTest('isnan', Number.isNaN),
  realTest('isinf', (value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY),
  realTest('isfinite', Number.isFinite),
];

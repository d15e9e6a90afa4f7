import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { ORIGIN_TICKS } from '../value.ts';
import { converter } from '../values/convert.ts';
import { type Decimal, floorDecimal, isDecimal } from '../values/decimal.ts';
import type { Integer } from '../values/integer.ts';
import { add, canonical, modulo, subtract } from '../values/integer.ts';
import { alias, defineBound, type FunctionBinding } from './define.ts';

function isWhole(value: Value): value is Integer {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The greatest `fixed + n * size` that is not above the value; null for a size that is not positive. */
function floorInteger(value: Integer, size: Integer, fixed: Integer): Integer | null {
  if (size <= 0) return null;
  const rest = modulo(subtract(value, fixed), size);
  return rest === null ? null : subtract(value, rest);
}

function floorReal(value: number, size: number, fixed: number): number | null {
  return size > 0 ? Math.floor((value - fixed) / size) * size + fixed : null;
}

/** What is left when the year 1, from which bins of datetimes are counted, is expressed in our ticks. */
function originFor(size: Integer): Integer {
  return size > 0 ? canonical(-(ORIGIN_TICKS % BigInt(size))) : 0;
}

function onWhole(floor: (value: Integer, size: Integer, fixed: Integer) => Value): ScalarCall {
  return (value = null, size = null, fixed = 0) =>
    isWhole(value) && isWhole(size) && isWhole(fixed) ? floor(value, size, fixed) : null;
}

function datetimeBins(hasFixed: boolean): ScalarCall {
  if (hasFixed) return onWhole(floorInteger);
  let last: { readonly size: Integer; readonly origin: Integer } | null = null;
  return onWhole((value, size) => {
    if (last?.size !== size) last = { size, origin: originFor(size) };
    return floorInteger(value, size, last.origin);
  });
}

function decimalBins(value: Value, size: Value): Value {
  return isDecimal(value) && isDecimal(size) && size.unscaled > 0n ? floorDecimal(value, size) : null;
}

function binsOf(type: string, hasFixed: boolean): ScalarCall | null {
  if (type === 'datetime') return datetimeBins(hasFixed);
  if (type === 'int' || type === 'long' || type === 'timespan') return onWhole(floorInteger);
  if (type === 'decimal') return (value = null, size = null) => decimalBins(value, size);
  if (type !== 'real') return null;
  return (value = null, size = null, fixed = 0) =>
    typeof value === 'number' && typeof size === 'number' && typeof fixed === 'number'
      ? floorReal(value, size, fixed)
      : null;
}

/** `bin(value, size)` and `bin_at(value, size, fixed)`, calculated in the result's type. */
function bindBin({ types: [type = '', size = '', fixed], resultType }: FunctionBinding): ScalarCall | null {
  const target = resultType === 'dynamic' ? 'real' : resultType;
  const sizeType = target === 'datetime' ? 'timespan' : target;
  const [toValue, toSize] = [converter(type, target), converter(size, sizeType)];
  const toFixed = fixed === undefined ? null : converter(fixed, target);
  const bins = binsOf(target, fixed !== undefined);
  if (!toValue || !toSize || !bins || (fixed !== undefined && !toFixed)) return null;
  if (!toFixed) return (value = null, step = null) => bins(toValue(value), toSize(step));
  return (value = null, step = null, at = null) => bins(toValue(value), toSize(step), toFixed(at));
}

function ceilingDecimal({ unscaled, scale }: Decimal): Decimal {
  const unit = 10n ** BigInt(scale);
  const rest = ((unscaled % unit) + unit) % unit;
  return { unscaled: (unscaled - rest) / unit + (rest > 0n ? 1n : 0n), scale: 0 };
}

function bindCeiling({ types: [type = ''], resultType }: FunctionBinding): ScalarCall | null {
  const convert = converter(type, resultType);
  return (
    convert &&
    ((value = null) => {
      const number = convert(value);
      if (isDecimal(number)) return ceilingDecimal(number);
      return typeof number === 'number' ? Math.ceil(number) : number;
    })
  );
}

/** Half away from zero, on the decimal digits that the real is written with. */
function roundReal(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value;
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toString().split('e');
  const shifted = Math.round(Number(`${mantissa}e${Number(exponent) + digits}`));
  const [whole = '0', power = '0'] = shifted.toString().split('e');
  return Math.sign(value) * Number(`${whole}e${Number(power) - digits}`);
}

function bindRound({ types: [type = '', precision = 'long'], resultType }: FunctionBinding): ScalarCall | null {
  const [convert, toDigits] = [converter(type, 'real'), converter(precision, 'long')];
  const back = converter('real', resultType);
  if (!convert || !toDigits || !back) return null;
  return (value = null, digits = 0) => {
    const [number, places] = [convert(value), toDigits(digits)];
    if (typeof number !== 'number' || typeof places !== 'number') return null;
    return back(roundReal(number, Math.max(-300, Math.min(300, places))));
  };
}

function bindFloor(binding: FunctionBinding): ScalarCall | null {
  if (binding.types.length > 1) return bindBin(binding);
  const bins = bindBin({ ...binding, types: [...binding.types, 'long'] });
  return bins && ((value = null) => bins(value, 1));
}

const BIN = defineBound('bin', bindBin);

function aroundReal(type: string): ScalarCall | null {
  const toReal = converter(type, 'real');
  return (
    toReal &&
    ((one = null, middle = null, width = null) => {
      const reach = toReal(width);
      if (typeof one !== 'number' || typeof middle !== 'number' || typeof reach !== 'number') return null;
      return one >= middle - reach && one <= middle + reach;
    })
  );
}

/** Rounding to multiples, down, up and to digits. */
export const BINS: readonly ScalarFunction[] = [
  BIN,
  alias('bin_at', BIN),
  defineBound('floor', bindFloor),
  defineBound('ceiling', bindCeiling),
  defineBound('round', bindRound),
  defineBound('around', ({ types: [value = '', center = '', distance = ''] }) => {
    if (value === 'real' && center === 'real') return aroundReal(distance);
    if (value !== center || !['int', 'long', 'datetime', 'timespan'].includes(value)) return null;
    const toDistance = converter(distance, value === 'datetime' ? 'timespan' : value);
    return (
      toDistance &&
      ((one = null, middle = null, width = null) => {
        const reach = toDistance(width);
        if (!isWhole(one) || !isWhole(middle) || !isWhole(reach)) return null;
        return one >= subtract(middle, reach) && one <= add(middle, reach);
      })
    );
  }),
];

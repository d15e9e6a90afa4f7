import type { Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import {
  addDecimals,
  type Decimal,
  divideDecimals,
  isDecimal,
  moduloDecimals,
  multiplyDecimals,
  subtractDecimals,
} from '../values/decimal.ts';
import type { Integer } from '../values/integer.ts';
import { add, divide, integerOfReal, modulo, multiply, numberOf, subtract, wrap32 } from '../values/integer.ts';
import { boxReal, realOfDynamic } from '../values/real.ts';
import { addTicks, subtractTicks } from '../values/ticks.ts';

type Call = (left: Value, right: Value) => Value;

const INTEGERS: Readonly<Record<string, (left: Integer, right: Integer) => Integer | null>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': modulo,
};

const REALS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => {
    const rest = left % right;
    return rest < 0 ? rest + Math.abs(right) : rest;
  },
};

const DECIMALS: Readonly<Record<string, (left: Decimal, right: Decimal) => Decimal | null>> = {
  '+': addDecimals,
  '-': subtractDecimals,
  '*': multiplyDecimals,
  '/': divideDecimals,
  '%': moduloDecimals,
};

function isWhole(value: Value): value is Integer {
  return typeof value === 'number' || typeof value === 'bigint';
}

function onIntegers(calculate: (left: Integer, right: Integer) => Value): Call {
  return (left, right) => (isWhole(left) && isWhole(right) ? calculate(left, right) : null);
}

function onReals(calculate: (left: number, right: number) => number): Call {
  return (left, right) => (typeof left === 'number' && typeof right === 'number' ? calculate(left, right) : null);
}

function inType(type: string, operator: string): Call | null {
  const [integers, reals, decimals] = [INTEGERS[operator], REALS[operator], DECIMALS[operator]];
  if (!integers || !reals || !decimals) return null;
  if (type === 'int') {
    return onIntegers((left, right) => {
      const result = integers(left, right);
      return result === null ? null : wrap32(result);
    });
  }
  if (type === 'long' || type === 'timespan') return onIntegers(integers);
  if (type === 'real') return onReals(reals);
  if (type === 'decimal') return (left, right) => (isDecimal(left) && isDecimal(right) ? decimals(left, right) : null);
  return null;
}

/** Operands converted to the type in which the operator calculates. */
function converted(call: Call | null, left: string, right: string, type: string): Call | null {
  if (!call || (left === type && right === type)) return call;
  const [toLeft, toRight] = [converter(left, type), converter(right, type)];
  return toLeft && toRight ? (a, b) => call(toLeft(a), toRight(b)) : null;
}

/** A timespan times or over a number of any kind. */
function scaleTimespan(operator: '*' | '/', timespanFirst: boolean, numberType: string): Call | null {
  const whole = numberType === 'int' || numberType === 'long';
  const toReal = converter(numberType, 'real');
  const integers = INTEGERS[operator];
  const reals = REALS[operator];
  if (!toReal || !integers || !reals) return null;
  return (a, b) => {
    const [timespan, factor] = timespanFirst ? [a, b] : [b, a];
    if (!isWhole(timespan)) return null;
    if (whole) return isWhole(factor) ? integers(timespan, factor) : null;
    const real = toReal(factor);
    return typeof real === 'number' ? integerOfReal(reals(numberOf(timespan), real)) : null;
  };
}

function datetimeArithmetic(operator: string, left: string, right: string): Call | null {
  if (left === right) return operator === '-' ? onIntegers(subtract) : null;
  if (left === 'datetime') return inDatetime(operator, right);
  const toTimespan = converter(left, 'timespan');
  return operator === '+' && toTimespan ? onIntegersOf(toTimespan, (a, b) => addTicks(b, a)) : null;
}

function timespanArithmetic(operator: string, left: string, right: string): Call | null {
  if (operator === '/' && left === right) return onIntegers((a, b) => numberOf(a) / numberOf(b));
  if (left === right || (operator !== '*' && operator !== '/')) {
    return converted(inType('timespan', operator), left, right, 'timespan');
  }
  if (left === 'timespan') return scaleTimespan(operator, true, right);
  return operator === '*' ? scaleTimespan(operator, false, left) : null;
}

function timeArithmetic(operator: string, left: string, right: string): Call | null {
  const datetime = left === 'datetime' || right === 'datetime';
  return datetime ? datetimeArithmetic(operator, left, right) : timespanArithmetic(operator, left, right);
}

function onIntegersOf(convert: (value: Value) => Value, calculate: (left: Integer, right: Integer) => Value): Call {
  const call = onIntegers(calculate);
  return (left, right) => call(convert(left), right);
}

function inDatetime(operator: string, right: string): Call | null {
  const toTimespan = converter(right, 'timespan');
  const calculate = operator === '+' ? addTicks : operator === '-' ? subtractTicks : null;
  if (!toTimespan || !calculate) return null;
  const call = onIntegers(calculate);
  return (a, b) => call(a, toTimespan(b));
}

/** Dynamics: whole where both are whole, else real. */
function dynamicArithmetic(operator: string): Call | null {
  const [integers, reals] = [INTEGERS[operator], REALS[operator]];
  if (!integers || !reals) return null;
  const whole = (value: Value): value is Integer =>
    typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
  return (left, right) => {
    if (whole(left) && whole(right)) return integers(left, right);
    const [a, b] = [realOfDynamic(left), realOfDynamic(right)];
    return a === null || b === null ? null : boxReal(reals(a, b));
  };
}

function isTime(type: string): boolean {
  return type === 'datetime' || type === 'timespan';
}

/** `+ - * / %` for the types; whole numbers wrap at 64 bits, a division by zero is null, `%` is never negative. */
export function arithmetic(operator: string, left: string, right: string, result: string): Call | null {
  if (isTime(left) || isTime(right)) return timeArithmetic(operator, left, right);
  if (isTime(result)) return converted(timeArithmetic(operator, result, 'timespan'), left, right, result);
  if (result === 'dynamic' || result === 'unknown')
    return converted(dynamicArithmetic(operator), left, right, 'dynamic');
  return converted(inType(result, operator), left, right, result);
}

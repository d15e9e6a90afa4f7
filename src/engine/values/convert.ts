import type { Value } from '../value.ts';
import { parseDatetime } from './datetime.ts';
import {
  decimalOfInteger,
  decimalOfReal,
  integerOfDecimal,
  isDecimal,
  parseDecimal,
  realOfDecimal,
} from './decimal.ts';
import { dynamicType, packed } from './dynamic.ts';
import { parseGuid } from './guid.ts';
import type { Integer } from './integer.ts';
import { integerOfReal, parseInteger, wrap32 } from './integer.ts';
import { parseReal, realOfDynamic } from './real.ts';
import { textWriter } from './text.ts';
import { absoluteTicks, datetimeOfTicks } from './ticks.ts';
import { parseTimespan } from './timespan.ts';

/** Turns a value of one type into one of another; what cannot be converted becomes null (empty text for string). */
export type Converter = (value: Value) => Value;

const MAX_INT = 2 ** 31 - 1;
const MIN_INT = -(2 ** 31);

function isInteger(value: Value): value is Integer {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Applies to values that the type says are whole numbers. */
function onInteger(convert: (value: Integer) => Value): Converter {
  return (value) => (isInteger(value) ? convert(value) : null);
}

function onReal(convert: (value: number) => Value): Converter {
  return (value) => (typeof value === 'number' ? convert(value) : null);
}

function onText(convert: (value: string) => Value): Converter {
  return (value) => (typeof value === 'string' ? convert(value) : null);
}

function onDecimal(convert: (value: { unscaled: bigint; scale: number }) => Value): Converter {
  return (value) => (isDecimal(value) ? convert(value) : null);
}

function saturate32(value: number): number | null {
  return Number.isNaN(value) ? null : Math.min(MAX_INT, Math.max(MIN_INT, Math.trunc(value))) + 0;
}

function datetimeOfWhole(ticks: Integer | null): Integer | null {
  return ticks === null ? null : datetimeOfTicks(ticks);
}

function within32(value: Integer | null): number | null {
  return value !== null && value >= MIN_INT && value <= MAX_INT ? Number(value) : null;
}

function boolOfText(text: string): boolean | null {
  const word = text.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  const whole = parseInteger(word);
  return whole === null ? null : whole !== 0;
}

const same: Converter = (value) => value;
const ofBool: Converter = (value) => (value === null ? null : Number(value));
const toReal = onInteger(Number);
const toDecimal = onInteger(decimalOfInteger);
const toBool = onInteger((value) => value !== 0);
const ticksToLong = onInteger(absoluteTicks);

/** `from>to`. A pair that is missing cannot be converted. */
const CONVERTERS: Readonly<Record<string, Converter>> = {
  'bool>int': ofBool,
  'bool>long': ofBool,
  'bool>real': ofBool,
  'bool>decimal': (value) => (value === null ? null : decimalOfInteger(Number(value))),
  'int>long': same,
  'int>real': toReal,
  'int>decimal': toDecimal,
  'int>bool': toBool,
  'int>timespan': same,
  'int>datetime': onInteger(datetimeOfTicks),
  'long>int': onInteger(wrap32),
  'long>real': toReal,
  'long>decimal': toDecimal,
  'long>bool': toBool,
  'long>timespan': same,
  'long>datetime': onInteger(datetimeOfTicks),
  'real>int': onReal(saturate32),
  'real>long': onReal(integerOfReal),
  'real>datetime': onReal((value) => datetimeOfWhole(integerOfReal(value))),
  'real>decimal': onReal(decimalOfReal),
  'real>bool': onReal((value) => value !== 0),
  'real>timespan': onReal(integerOfReal),
  'decimal>int': onDecimal((value) => within32(integerOfDecimal(value))),
  'decimal>long': onDecimal(integerOfDecimal),
  'decimal>real': onDecimal(realOfDecimal),
  'decimal>bool': onDecimal((value) => value.unscaled !== 0n),
  'datetime>int': onInteger((value) => wrap32(absoluteTicks(value))),
  'datetime>long': ticksToLong,
  'datetime>real': onInteger((value) => Number(absoluteTicks(value))),
  'timespan>int': onInteger(wrap32),
  'timespan>long': same,
  'timespan>real': toReal,
  'timespan>datetime': onInteger(datetimeOfTicks),
  'string>int': onText((text) => within32(parseInteger(text))),
  'string>long': onText(parseInteger),
  'string>real': onText(parseReal),
  'string>decimal': onText(parseDecimal),
  'string>bool': onText(boolOfText),
  'string>datetime': onText(parseDatetime),
  'string>timespan': onText(parseTimespan),
  'string>guid': onText(parseGuid),
};

function fromDynamic(to: string): Converter {
  return (value) => {
    if (value === null) return to === 'string' ? '' : null;
    const type = dynamicType(value);
    const plain = type === 'real' ? realOfDynamic(value) : value;
    if (type === to) return plain;
    return CONVERTERS[`${type}>${to}`]?.(plain) ?? null;
  };
}

function isDynamic(type: string): boolean {
  return type === 'dynamic' || type === 'unknown';
}

/** The conversion between two types; null where the language has none. */
export function converter(from: string, to: string): Converter | null {
  if (from === to || (isDynamic(from) && isDynamic(to))) return same;
  if (to === 'string') return textWriter(from);
  if (isDynamic(to)) return (value) => packed(value, from);
  if (isDynamic(from)) return fromDynamic(to);
  return CONVERTERS[`${from}>${to}`] ?? null;
}

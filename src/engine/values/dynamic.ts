import type { Bag, Value } from '../value.ts';
import { textOfDatetime } from './datetime.ts';
import { isDecimal, textOfDecimal } from './decimal.ts';
import { boxReal, isWholeReal, textOfInnerReal, textOfReal } from './real.ts';
import { textOfTimespan } from './timespan.ts';

export function isBag(value: Value | undefined): value is Bag {
  return value instanceof Map;
}

export function isArray(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** `d.name` and `d['name']`: null where there is no such property or no bag. */
export function propertyOf(value: Value, name: string): Value {
  return isBag(value) ? (value.get(name) ?? null) : null;
}

/** `d[index]`: a negative index counts from the end; null beyond either end and where there is no array. */
export function elementOf(value: Value, index: number): Value {
  return isArray(value) ? (value[index < 0 ? value.length + index : index] ?? null) : null;
}

/** `d[key]` with a key known only at run time: text names a property, a number an element. */
export function memberOf(value: Value, key: Value): Value {
  if (typeof key === 'string') return propertyOf(value, key);
  if (typeof key === 'number') return elementOf(value, key);
  return null;
}

/** A value of the given type as an element of a dynamic: times become text, a whole real is boxed. */
export function packed(value: Value, type: string): Value {
  if (value === null) return null;
  switch (type) {
    case 'real':
      return typeof value === 'number' ? boxReal(value) : value;
    case 'datetime':
      return typeof value === 'number' || typeof value === 'bigint' ? textOfDatetime(value) : value;
    case 'timespan':
      return typeof value === 'number' || typeof value === 'bigint' ? textOfTimespan(value) : value;
    case 'decimal':
      return isDecimal(value) ? textOfDecimal(value) : value;
    default:
      return value;
  }
}

/** Whether arrays and bags lie in each other deeper than so many levels. */
export function isDeeper(value: Value, levels: number): boolean {
  const items = isArray(value) ? value : isBag(value) ? value.values() : null;
  if (items === null) return false;
  if (levels <= 0) return true;
  for (const item of items) if (typeof item === 'object' && isDeeper(item, levels - 1)) return true;
  return false;
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return Number.isSafeInteger(value) ? String(value) : textOfInnerReal(value);
  return `"${textOfReal(value)}"`;
}

/** JSON text of a dynamic without white space, as tostring() writes arrays and bags. */
export function jsonText(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (isBag(value)) return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`).join(',')}}`;
  if (isWholeReal(value)) return textOfReal(value.real);
  return isDecimal(value) ? textOfDecimal(value) : 'null';
}

/** A dynamic as text: null is empty, a string is itself, everything else is its JSON. */
export function textOfDynamic(value: Value): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : jsonText(value);
}

/** The type of the value inside a dynamic, in KQL's names. */
export function dynamicType(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'long';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'real';
  if (isArray(value)) return 'array';
  if (isBag(value)) return 'dictionary';
  return isWholeReal(value) ? 'real' : 'decimal';
}

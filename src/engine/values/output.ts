import type { Value } from '../value.ts';
import { isoOfDatetime } from './datetime.ts';
import { isDecimal, textOfDecimal } from './decimal.ts';
import { isArray, isBag } from './dynamic.ts';
import { isWholeReal, textOfReal } from './real.ts';
import { textOfTimespan } from './timespan.ts';

/** A value as results carry it; objects are plain. */
export type OutputValue =
  | null
  | string
  | number
  | boolean
  | readonly OutputValue[]
  | { readonly [key: string]: OutputValue };

function outputOfDynamic(value: Value): OutputValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : textOfReal(value);
  if (typeof value === 'bigint') return String(value);
  if (isArray(value)) return value.map(outputOfDynamic);
  if (isBag(value)) return Object.fromEntries([...value].map(([key, item]) => [key, outputOfDynamic(item)]));
  if (isWholeReal(value)) return value.real;
  return isDecimal(value) ? textOfDecimal(value) : null;
}

/**
 * A value of a column type as JSON: datetimes as ISO text with up to 7 digits, timespans as text, decimals as text, whole numbers
 * beyond 2^53 as decimal text, NaN and the infinities as text.
 */
export function outputOf(value: Value, type: string): OutputValue {
  if (value === null) return type === 'string' ? '' : null;
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (type === 'datetime') return isoOfDatetime(value);
    if (type === 'timespan') return textOfTimespan(value);
  }
  return outputOfDynamic(value);
}

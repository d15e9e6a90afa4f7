import type { Value } from '../value.ts';
import { isDecimal, textOfDecimal, trimDecimal } from './decimal.ts';
import { jsonText } from './dynamic.ts';

/** Something that is `===` (as a Map key) exactly where two values of one type are the same value. */
export type GroupKey = null | string | number | bigint | boolean;

/** The key of a value for grouping, distinct and join; null stays null. Keys of different types are not comparable. */
export function groupKey(value: Value, type: string): GroupKey {
  if (value === null) return null;
  if (type === 'dynamic' || type === 'unknown') return jsonText(value);
  if (typeof value === 'object') return isDecimal(value) ? textOfDecimal(trimDecimal(value)) : jsonText(value);
  return value;
}

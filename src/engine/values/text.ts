import type { Value } from '../value.ts';
import { textOfDatetime } from './datetime.ts';
import { isDecimal, textOfDecimal } from './decimal.ts';
import { textOfDynamic } from './dynamic.ts';
import { textOfPlainReal } from './real.ts';
import { textOfTimespan } from './timespan.ts';

function textOfInteger(value: Value): string {
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}

const WRITERS: Readonly<Record<string, (value: Value) => string>> = {
  string: (value) => (typeof value === 'string' ? value : ''),
  guid: (value) => (typeof value === 'string' ? value : ''),
  bool: (value) => (value === null ? '' : value ? 'True' : 'False'),
  int: textOfInteger,
  long: textOfInteger,
  real: (value) => (typeof value === 'number' ? textOfPlainReal(value) : ''),
  decimal: (value) => (isDecimal(value) ? textOfDecimal(value) : ''),
  datetime: (value) => (typeof value === 'number' || typeof value === 'bigint' ? textOfDatetime(value) : ''),
  timespan: (value) => (typeof value === 'number' || typeof value === 'bigint' ? textOfTimespan(value) : ''),
};

/** What tostring() does with values of the type; null becomes empty text. Types it does not know are dynamic. */
export function textWriter(type: string): (value: Value) => string {
  return WRITERS[type] ?? textOfDynamic;
}

export function textOf(value: Value, type: string): string {
  return textWriter(type)(value);
}

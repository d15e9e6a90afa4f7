import type { ScalarType } from '../../kql/types.ts';
import { parseDatetime } from '../values/datetime.ts';
import { readDatetime } from './dates.ts';

/** The type that holds the values of both; null stands for nothing seen yet. No value becomes null by it. */
export function widened(before: ScalarType | null, now: ScalarType | null): ScalarType | null {
  if (before === null || now === null || before === now) return before ?? now;
  return widest(before, now);
}

const NUMBERS: readonly ScalarType[] = ['int', 'long', 'real'];

function widest(a: ScalarType, b: ScalarType): ScalarType {
  if (NUMBERS.includes(a) && NUMBERS.includes(b)) return a === 'real' || b === 'real' ? 'real' : 'long';
  return a === 'dynamic' || b === 'dynamic' ? 'dynamic' : 'string';
}

const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?: ?(?:Z|[+-]\d\d:?\d\d|UTC))?)?$/;
const LONGEST_DATE = 40;

/**
 * The type of a value as JSON, YAML or Parquet holds it; null for none. In a column of times (`isTime`) text in any form of a time is one, else
 * in ISO's only.
 */
export function typeOfValue(value: unknown, isTime = false): ScalarType | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? 'long' : 'string';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'long' : 'real';
  if (value instanceof Date) return 'datetime';
  return typeof value === 'string' ? typeOfText(value, isTime) : 'dynamic';
}

export function typeOfText(text: string, isTime = false): ScalarType | null {
  if (text === '') return null;
  if (text.length > LONGEST_DATE) return 'string';
  if (isTime) return readDatetime(text, 'dmy') === null ? 'string' : 'datetime';
  return DATE.test(text) && parseDatetime(text) !== null ? 'datetime' : 'string';
}

const LONG = /^-?(?:0|[1-9]\d{0,17})$/;
const REAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const BOOL = /^(?:true|True|TRUE|false|False|FALSE)$/;

/** The type of an unquoted cell of CSV; null where it is empty. Digits that a number would not keep (`007`, 20 of them) are text. */
export function typeOfCell(text: string, isTime = false): ScalarType | null {
  if (text === '') return null;
  if (LONG.test(text)) return 'long';
  if (BOOL.test(text)) return 'bool';
  return REAL.test(text) && !/^-?\d+$/.test(text) ? 'real' : typeOfText(text, isTime);
}

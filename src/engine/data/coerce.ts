import type { ScalarType } from '../../kql/types.ts';
import type { Value } from '../value.ts';
import { parseDatetime } from '../values/datetime.ts';
import { parseDecimal } from '../values/decimal.ts';
import { textOfDynamic } from '../values/dynamic.ts';
import { parseGuid } from '../values/guid.ts';
import type { Integer } from '../values/integer.ts';
import { canonical, parseInteger, wrap32 } from '../values/integer.ts';
import { dynamicOfJson, parseJson } from '../values/json.ts';
import { parseReal } from '../values/real.ts';
import { datetimeOfUnix } from '../values/ticks.ts';
import { parseTimespan } from '../values/timespan.ts';
import { JsonText } from './json-text.ts';

/** Makes an engine value of what a file holds (JSON values, CSV text, Parquet values); what does not fit its column is null. */
export type Coercion = (raw: unknown) => Value;

export function coercionOf(type: ScalarType): Coercion {
  return COERCIONS[type];
}

const COERCIONS: Readonly<Record<ScalarType, Coercion>> = {
  string: (raw) => (raw === null || raw === undefined ? '' : textOf(raw)),
  datetime: (raw) =>
    raw instanceof Date ? datetimeOfUnix(raw.getTime()) : typeof raw === 'string' ? parseDatetime(raw) : null,
  bool: toBoolean,
  int: (raw) => {
    const value = toInteger(raw);
    return value === null || wrap32(value) !== value ? null : value;
  },
  long: toInteger,
  real: (raw) =>
    typeof raw === 'number'
      ? raw
      : typeof raw === 'bigint'
        ? Number(raw)
        : typeof raw === 'string'
          ? parseReal(raw)
          : null,
  decimal: (raw) =>
    typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'bigint' ? parseDecimal(String(raw)) : null,
  guid: (raw) => (typeof raw === 'string' ? parseGuid(raw) : null),
  timespan: (raw) => (typeof raw === 'string' ? parseTimespan(raw) : null),
  dynamic: toDynamic,
};

function textOf(raw: unknown): string {
  if (typeof raw === 'string') return raw;
  if (raw instanceof Date) return raw.toISOString();
  if (raw instanceof JsonText) return textOfJson(raw.text);
  return typeof raw === 'object' ? JSON.stringify(raw, bigintText) : String(raw);
}

/** Without the white space of pretty print; text that nests too deeply stays as it is. */
function textOfJson(text: string): string {
  const parsed = parseJson(text);
  return parsed === undefined ? text : textOfDynamic(parsed);
}

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

const TRUE: ReadonlySet<unknown> = new Set([true, 1, 1n, '1', 'true', 'True', 'TRUE']);
const FALSE: ReadonlySet<unknown> = new Set([false, 0, 0n, '0', 'false', 'False', 'FALSE']);

function toBoolean(raw: unknown): boolean | null {
  if (TRUE.has(raw)) return true;
  return FALSE.has(raw) ? false : null;
}

function toInteger(raw: unknown): Integer | null {
  if (typeof raw === 'bigint') return BigInt.asIntN(64, raw) === raw ? canonical(raw) : null;
  if (typeof raw === 'number') return Number.isSafeInteger(raw) ? raw : null;
  if (typeof raw === 'boolean') return raw ? 1 : 0;
  return typeof raw === 'string' ? parseInteger(raw) : null;
}

/** Text in a dynamic column is read as JSON where it is an object or array, as exports and APIs write it. */
function toDynamic(raw: unknown): Value {
  if (raw === null || raw === undefined || raw === '') return null;
  if (raw instanceof JsonText) return parseJson(raw.text) ?? null;
  if (typeof raw !== 'string') return raw instanceof Date ? raw.toISOString() : dynamicOfJson(raw);
  if (!/^\s*[[{]/.test(raw)) return raw;
  const parsed = parseJson(raw);
  return parsed === undefined ? raw : parsed;
}

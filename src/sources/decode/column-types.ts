import type { ScalarType } from '../../kql/types.ts';

/** .NET names as the APIs send them, and the query language's own names, to the language's types. */
const TYPES: Readonly<Record<string, ScalarType>> = {
  string: 'string',
  datetime: 'datetime',
  date: 'datetime',
  sbyte: 'bool',
  boolean: 'bool',
  bool: 'bool',
  int16: 'int',
  int32: 'int',
  int: 'int',
  int64: 'long',
  long: 'long',
  double: 'real',
  single: 'real',
  real: 'real',
  sqldecimal: 'decimal',
  decimal: 'decimal',
  guid: 'guid',
  uuid: 'guid',
  timespan: 'timespan',
  time: 'timespan',
  object: 'dynamic',
  dynamic: 'dynamic',
};

/**
 * The scalar type of a column's `Type`, in any case and with or without `System.` in front; dynamic where the name is unknown,
 * which keeps the value as it came.
 */
export function columnType(name: string): ScalarType {
  const plain = name.toLowerCase().split('.').at(-1) ?? '';
  return Object.hasOwn(TYPES, plain) ? (TYPES[plain] ?? 'dynamic') : 'dynamic';
}

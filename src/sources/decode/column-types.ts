import type { ScalarType } from '../../kql/types.ts';

/** .NET names as the APIs send them, and the query language's own names, to the language's types. */
const NAMES: Readonly<Record<string, ScalarType>> = {
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
const TYPES: ReadonlyMap<string, ScalarType> = new Map(Object.entries(NAMES));

/**
 * The scalar type of a column's `Type`, in any case and with or without `System.` in front; dynamic where the name is unknown,
 * which keeps the value as it came.
 */
export function columnType(name: string): ScalarType {
  return TYPES.get(name.toLowerCase().replace(/^.*\./, '')) ?? 'dynamic';
}

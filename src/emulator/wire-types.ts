import type { ScalarType } from '../kql/types.ts';

/** Names of types as .NET has them, which the older answers of Kusto and its kin carry. */
export const WIRE_TYPES: Readonly<Record<ScalarType, string>> = {
  string: 'String',
  datetime: 'DateTime',
  bool: 'SByte',
  int: 'Int32',
  long: 'Int64',
  real: 'Double',
  decimal: 'SqlDecimal',
  guid: 'Guid',
  timespan: 'TimeSpan',
  dynamic: 'Object',
};

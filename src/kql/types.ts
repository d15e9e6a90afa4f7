/** The scalar types of the query language. */
export const SCALAR_TYPES = [
  'string',
  'datetime',
  'bool',
  'int',
  'long',
  'real',
  'decimal',
  'guid',
  'timespan',
  'dynamic',
] as const;

export type ScalarType = (typeof SCALAR_TYPES)[number];

/** A column of a table or of a result, in KQL's own type names. */
export interface Column {
  readonly name: string;
  readonly type: ScalarType;
}

import type { ScalarType } from '../../../kql/types.ts';

/** What the footer of a Parquet file says of a column. */
export interface ParquetElement {
  readonly type?: string | undefined;
  readonly converted_type?: string | undefined;
  readonly logical_type?: { readonly type: string; readonly isSigned?: boolean } | undefined;
  readonly repetition_type?: string | undefined;
}

const LOGICAL: Readonly<Record<string, ScalarType>> = {
  STRING: 'string',
  UTF8: 'string',
  ENUM: 'string',
  UUID: 'string',
  TIMESTAMP: 'datetime',
  TIMESTAMP_MILLIS: 'datetime',
  TIMESTAMP_MICROS: 'datetime',
  DATE: 'datetime',
  DECIMAL: 'real',
  JSON: 'dynamic',
  BSON: 'dynamic',
  MAP: 'dynamic',
  LIST: 'dynamic',
  VARIANT: 'dynamic',
};

const PHYSICAL: Readonly<Record<string, ScalarType>> = {
  BOOLEAN: 'bool',
  INT32: 'long',
  INT64: 'long',
  INT96: 'datetime',
  FLOAT: 'real',
  DOUBLE: 'real',
  BYTE_ARRAY: 'string',
  FIXED_LEN_BYTE_ARRAY: 'string',
};

/** The column's type in KQL; whatever is nested is dynamic. */
export function parquetType(element: ParquetElement): ScalarType {
  if (element.type === undefined || element.repetition_type === 'REPEATED') return 'dynamic';
  const logical = LOGICAL[element.logical_type?.type ?? ''] ?? LOGICAL[element.converted_type ?? ''];
  return logical ?? PHYSICAL[element.type] ?? 'dynamic';
}

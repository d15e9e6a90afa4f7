import type { Column, ScalarType } from '../kql/types.ts';
import type { Cell } from '../sources/source.ts';
import type { Answer, EmulatedApi } from './answer.ts';
import { WIRE_TYPES } from './wire-types.ts';
import { encodeFrames, encodeTables } from './workspaces/encode-kusto.ts';
import { encodeWorkspaceAnswer } from './workspaces/encode-workspace.ts';

export interface EncodeOptions {
  readonly seconds: number;
  /** There were more rows than the API gives, which only some of them tell. */
  readonly isCut: boolean;
  /** In the older of two forms, where there are two. */
  readonly isOld?: boolean;
}

/** As the API sends it. */
export function encodeAnswer(answer: Answer, api: EmulatedApi, { seconds, isCut, isOld }: EncodeOptions): string {
  if (api === 'loganalytics') return encodeWorkspaceAnswer(answer, isCut, seconds);
  if (api === 'kusto' || api === 'lake')
    return isOld ? encodeTables(answer, isCut) : encodeFrames(answer, isCut, seconds);
  return encodeHunting(answer, api, seconds);
}

/**
 * The wire forms of a result: `Schema/Results` with `Name/Type` (mde, xdr) and Graph's open types with sidecar keys,
 * `{}` for null, 0 and 1 for booleans and JSON text for objects inside arrays.
 */
function encodeHunting(answer: Answer, api: EmulatedApi, seconds: number): string {
  const rows = answer.rows.map((row) => (api === 'graph' ? graphRow : legacyRow)(answer.columns, row));
  const [schema, results, name, type] =
    api === 'graph' ? ['schema', 'results', 'name', 'type'] : ['Schema', 'Results', 'Name', 'Type'];
  const columns = answer.columns.map(
    (column) => `{"${name}":${JSON.stringify(column.name)},"${type}":"${WIRE_TYPES[column.type]}"}`,
  );
  const head = api === 'graph' ? `"@odata.context":"${GRAPH_CONTEXT}",` : `"Stats":{"ExecutionTime":${seconds}},`;
  return `{${head}"${schema}":[${columns.join(',')}],"${results}":[${rows.join(',')}]}`;
}

const GRAPH_CONTEXT = 'https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.security.huntingQueryResults';

type Row = Answer['rows'][number];
type WireCell = Cell | bigint | undefined;

function legacyRow(columns: readonly Column[], row: Row): string {
  return `{${columns.map((column) => `${JSON.stringify(column.name)}:${legacyCell(column.type, row[column.name])}`).join(',')}}`;
}

function legacyCell(type: ScalarType, value: WireCell): string {
  if (value === null || value === undefined) return type === 'string' ? '""' : 'null';
  return scalarCell(type, value);
}

function graphRow(columns: readonly Column[], row: Row): string {
  return `{${columns.flatMap((column) => graphMembers(column, row[column.name])).join(',')}}`;
}

function graphMembers(column: Column, value: WireCell): readonly string[] {
  const key = JSON.stringify(column.name);
  const sidecar = (type: string): string => `${JSON.stringify(`${column.name}@odata.type`)}:"${type}"`;
  if (value === null || value === undefined) return [`${key}:${column.type === 'string' ? '""' : '{}'}`];
  if (column.type === 'bool') return [sidecar('#SByte'), `${key}:${scalarCell('bool', value)}`];
  if (column.type !== 'dynamic') return [`${key}:${scalarCell(column.type, value)}`];
  if (Array.isArray(value)) return [sidecar('#Collection(String)'), `${key}:${graphArray(value)}`];
  return [`${key}:${graphDynamic(value)}`];
}

/** Integers beyond 2^53 are written as bare digits, as the service writes them. */
function scalarCell(type: ScalarType, value: Cell | bigint): string {
  if (type === 'bool') return value === true || value === 1 ? '1' : '0';
  if ((type === 'long' || type === 'int') && /^-?\d+$/.test(String(value))) return String(value);
  if (type === 'decimal') return JSON.stringify(String(value));
  return JSON.stringify(value);
}

function graphArray(values: readonly Cell[]): string {
  return `[${values.map((value) => (typeof value === 'object' && value !== null ? JSON.stringify(JSON.stringify(value)) : JSON.stringify(value))).join(',')}]`;
}

function graphDynamic(value: Cell | bigint): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return graphArray(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).flatMap(([key, inner]) => bagMembers(key, inner));
  return `{${['"@odata.type":"#microsoft.graph.security.dynamicColumnValue"', ...members].join(',')}}`;
}

function bagMembers(key: string, value: Cell): readonly string[] {
  const name = JSON.stringify(key);
  if (Array.isArray(value))
    return [`${JSON.stringify(`${key}@odata.type`)}:"#Collection(String)"`, `${name}:${graphArray(value)}`];
  return [`${name}:${graphDynamic(value)}`];
}

import { HuntwireError } from '../../lib/errors.ts';
import { type Column, SCALAR_TYPES, type ScalarType } from '../types.ts';
import type { AddedTable, AddedTables } from './added-tables.ts';

const TYPES: ReadonlySet<string> = new Set(SCALAR_TYPES);

/** The tables of a schema file, `{name, date, tables: {T: {columns: [{name, type}], time, ingestionTime}}}`. Throws CONFIG_INVALID where it is none. */
export function parseSchemaFile(text: string, file: string): AddedTables {
  const document = parsed(text, file);
  const tables = recordOf(recordOf(document)?.tables);
  if (!tables) throw invalid(file, 'it has no "tables"');
  return Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, readTable(file, name, table)]));
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(file, 'it is no JSON');
  }
}

function readTable(file: string, name: string, value: unknown): AddedTable {
  const { columns, time = null, ingestionTime = true } = recordOf(value) ?? {};
  if (!Array.isArray(columns) || columns.length === 0) throw invalid(file, `the table "${name}" has no "columns"`);
  const read = columns.map((column) => readColumn(file, name, column));
  const isTime = time === null || read.some((column) => column.name === time && column.type === 'datetime');
  if (!isTime) throw invalid(file, `"time" of the table "${name}" names no datetime column of it`);
  return { columns: read, time: time === null ? null : String(time), ingestionTime: ingestionTime !== false };
}

function readColumn(file: string, table: string, value: unknown): Column {
  const { name, type } = recordOf(value) ?? {};
  if (typeof name !== 'string' || name === '' || typeof type !== 'string' || !TYPES.has(type))
    throw invalid(file, `a column of the table "${table}" has no name, or no type of KQL`);
  return { name, type: type as ScalarType };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function invalid(file: string, reason: string): HuntwireError {
  const message = `schemas: ${file} is no schema file: ${reason}. "huntwire schema pull" writes one.`;
  return new HuntwireError('CONFIG_INVALID', message);
}

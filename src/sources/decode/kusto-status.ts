import type { ToldMembers } from './answer-form.ts';
import { scannedBytes } from './scanned-bytes.ts';

/** 1 and 2 are critical and error; 3 warning, 4 information and so on say nothing against the rows. */
const WORST_HARMLESS = 3;

/** The error that a status table of version 1 tells: a row with `Severity`, the lower the worse, and `StatusDescription`; null: none, or it is another table. */
export function statusError({ columns, rows }: ToldMembers): unknown {
  if (!Array.isArray(columns) || !Array.isArray(rows)) return null;
  const failed = rows.find((row) => !Array.isArray(row));
  if (failed !== undefined) return failed;
  const [severity = -1, description = -1] = placesOf(columns, ['Severity', 'StatusDescription']);
  if (severity < 0 || description < 0) return null;
  const row = (rows as readonly unknown[][]).find((one) => Number(one[severity]) < WORST_HARMLESS);
  return row ? String(row[description]) : null;
}

/** Where what a query took stands: QueryCompletionInformation of version 2, the status table of version 1. */
const STATISTICS = ['Payload', 'StatusDescription'];
/** Rows that are looked at; such a table has a handful. */
const MOST_ROWS = 100;

/** Bytes that the query read, where the table tells it. */
export function tableScanned({ columns, rows }: ToldMembers): number | null {
  if (!Array.isArray(columns) || !Array.isArray(rows)) return null;
  const places = placesOf(columns, STATISTICS).filter((place) => place >= 0);
  if (places.length === 0) return null;
  const cells = rows
    .slice(0, MOST_ROWS)
    .flatMap((row) => (Array.isArray(row) ? places.map((place) => row[place]) : []));
  const told = cells.map((cell) => scannedBytes(parsed(cell)));
  return told.find((bytes) => bytes !== null) ?? null;
}

function placesOf(columns: readonly unknown[], names: readonly string[]): readonly number[] {
  return names.map((name) => columns.findIndex((column) => nameOf(column) === name));
}

function parsed(cell: unknown): unknown {
  if (typeof cell !== 'string') return cell;
  try {
    return JSON.parse(cell);
  } catch {
    return null;
  }
}

function nameOf(column: unknown): unknown {
  return typeof column === 'object' && column !== null ? (column as { ColumnName?: unknown }).ColumnName : undefined;
}

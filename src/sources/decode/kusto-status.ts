import type { ToldMembers } from './answer-form.ts';

/** 1 and 2 are critical and error; 3 warning, 4 information and so on say nothing against the rows. */
const WORST_HARMLESS = 3;

/** The error that a status table of version 1 tells: a row with `Severity`, the lower the worse, and `StatusDescription`; null: none, or it is another table. */
export function statusError({ columns, rows }: ToldMembers): unknown {
  if (!Array.isArray(columns) || !Array.isArray(rows)) return null;
  const failed = rows.find((row) => !Array.isArray(row));
  if (failed !== undefined) return failed;
  const place = (name: string): number => columns.findIndex((column) => nameOf(column) === name);
  const [severity, description] = [place('Severity'), place('StatusDescription')];
  if (severity < 0 || description < 0) return null;
  const row = (rows as readonly unknown[][]).find((one) => Number(one[severity]) < WORST_HARMLESS);
  return row ? String(row[description]) : null;
}

function nameOf(column: unknown): unknown {
  return typeof column === 'object' && column !== null ? (column as { ColumnName?: unknown }).ColumnName : undefined;
}

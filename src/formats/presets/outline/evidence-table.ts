import type { Alert } from '../../../alerts/alert.ts';
import { cutText } from '../../../lib/text.ts';
import { visibleLine } from '../../../lib/visible.ts';

/** How much of the evidence is shown. */
export interface TableSize {
  readonly rows: number;
  readonly columns: number;
  /** Characters of one cell. */
  readonly cell: number;
}

/** The first rows as people read them; every line has a cell for every column. */
export interface EvidenceTable {
  readonly columns: readonly string[];
  readonly lines: readonly (readonly string[])[];
  /** Rows that the alert is about, shown or not. */
  readonly rowCount: number;
}

/** Columns keep the order of the query; those that are empty in all rows that are shown are left out. Null: there is nothing to show. */
export function evidenceTable({ evidence, rowCount }: Alert, size: TableSize): EvidenceTable | null {
  const rows = evidence.slice(0, size.rows);
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = names.filter((name) => rows.some((row) => lineOf(row, name) !== '')).slice(0, size.columns);
  if (columns.length === 0) return null;
  const lines = rows.map((row) => columns.map((name) => cutText(lineOf(row, name), size.cell)));
  return { columns: columns.map((name) => cutText(visibleLine(name), size.cell)), lines, rowCount };
}

/** A column may be called as something that every object has, such as `constructor`. */
function lineOf(row: Alert['evidence'][number], name: string): string {
  return Object.hasOwn(row, name) ? cellLine(row[name]) : '';
}

/** Lines of one width, for where letters have one. */
export function tableText({ columns, lines }: EvidenceTable): string {
  const all = [columns, ...lines];
  const widths = columns.map((_, at) => Math.max(...all.map((line) => (line[at] ?? '').length)));
  const shown = all.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [shown[0] ?? '', rule, ...shown.slice(1)].join('\n');
}

/** A cell on one line: text as it is, all else as JSON; nothing for null. */
export function cellLine(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return visibleLine(typeof cell === 'string' ? cell : JSON.stringify(cell)).trim();
}

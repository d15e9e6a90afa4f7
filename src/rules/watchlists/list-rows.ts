export interface ListRow {
  readonly cells: readonly string[];
  /** Of the file, where it begins; counts from 1. */
  readonly line: number;
}

interface ListReading {
  readonly text: string;
  readonly delimiter: string;
  at: number;
  line: number;
}

/**
 * Rows of delimited text as spreadsheets write them (RFC 4180): cells in quotes may hold delimiters, line ends and doubled quotes. Empty
 * lines are no rows; no more than `most` are read. null: a quote is not closed.
 */
export function readListRows(text: string, delimiter: string, most: number): readonly ListRow[] | null {
  const reading: ListReading = { text, delimiter, at: 0, line: 1 };
  const rows: ListRow[] = [];
  while (reading.at < text.length && rows.length < most) {
    const row = readRow(reading);
    if (row === null) return null;
    if (row.cells.some((cell) => cell !== '')) rows.push(row);
  }
  return rows;
}

function readRow(reading: ListReading): ListRow | null {
  const { text, delimiter, line } = reading;
  const cells: string[] = [];
  for (;;) {
    const cell = text[reading.at] === '"' ? quotedCell(reading) : bareCell(reading);
    if (cell === null) return null;
    cells.push(cell);
    if (text[reading.at] === delimiter) {
      reading.at += 1;
      continue;
    }
    endRow(reading);
    return { cells, line };
  }
}

function endRow(reading: ListReading): void {
  const { text } = reading;
  if (text[reading.at] === '\r') reading.at += 1;
  if (text[reading.at] === '\n') reading.at += 1;
  reading.line += 1;
}

function bareCell(reading: ListReading): string {
  const { text, delimiter, at } = reading;
  let end = at;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1;
  reading.at = end;
  return text.slice(at, end);
}

/** What follows the closing quote up to the delimiter belongs to the cell, as spreadsheets read it. */
function quotedCell(reading: ListReading): string | null {
  const { text } = reading;
  let cell = '';
  let from = reading.at + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return null;
    cell += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      reading.line += cell.split('\n').length - 1;
      reading.at = quote + 1;
      return cell + bareCell(reading);
    }
    cell += '"';
    from = quote + 2;
  }
}

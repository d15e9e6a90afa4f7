import { extname } from 'node:path';
import { paramLiteral } from '../../kql/literal.ts';
import { MAX_QUERY_LENGTH } from '../../kql/query-limits.ts';
import type { Problem } from '../../lib/errors.ts';
import { countOf } from '../../lib/text.ts';
import { type ListRow, readListRows } from './list-rows.ts';
import type { Watchlist } from './watchlist.ts';

/** No list of more fits into a query. */
const MOST_ROWS = 100_000;
const MOST_COLUMNS = 200;
const SEARCH_KEY = 'SearchKey';

/** A list out of its CSV text: every column is one of texts, as Sentinel has them. What it must not be is told, and gives none. */
export function readWatchlist(
  { alias, name, file }: Pick<Watchlist, 'alias' | 'name' | 'file'>,
  text: string,
): { readonly watchlist: Watchlist | null; readonly problems: readonly Problem[] } {
  const refuse = (line: number | null, message: string) => {
    const column = line === null ? null : 1;
    return { watchlist: null, problems: [{ file, line, column, code: 'RULE_INVALID', message }] };
  };
  const delimiter = extname(file).toLowerCase() === '.tsv' ? '\t' : ',';
  const read = readListRows(text.replace(/^\uFEFF/, ''), delimiter, MOST_ROWS + 2);
  if (read === null) return refuse(null, 'The list has a quote that is not closed.');
  const [header, ...rows] = read;
  if (!header) return refuse(null, 'The list is empty: it needs a line with the names of its columns.');
  const columns = header.cells.map((cell) => cell.trim());
  const fault = faultOf(columns);
  if (fault !== null) return refuse(header.line, fault);
  const uneven = rows.find(({ cells }) => cells.length !== columns.length);
  if (uneven)
    return refuse(uneven.line, `The row has ${countOf(uneven.cells.length, 'cell')}, the header ${columns.length}.`);
  const table = tableText(columns, rows);
  if (rows.length > MOST_ROWS || table.length > MAX_QUERY_LENGTH)
    return refuse(null, `The list makes ${table.length} characters of a query, which has at most ${MAX_QUERY_LENGTH}.`);
  return { watchlist: Object.freeze({ alias, name, file, rows: rows.length, table }), problems: [] };
}

function faultOf(columns: readonly string[]): string | null {
  if (columns.length > MOST_COLUMNS) return `The list has more than ${MOST_COLUMNS} columns.`;
  if (columns.includes('')) return 'A column of the list has no name.';
  const twice = columns.find((name, at) => columns.indexOf(name) !== at);
  return twice === undefined ? null : `The list has the column "${twice}" twice.`;
}

/** The one column of a list must be its search key; of several, nobody says here which. */
function tableText(columns: readonly string[], rows: readonly ListRow[]): string {
  const hasKey = columns.length === 1 && columns[0] !== SEARCH_KEY;
  const names = hasKey ? [SEARCH_KEY, ...columns] : columns;
  const lines = rows.map(({ cells: [first = '', ...rest] }) => {
    const cells = hasKey ? [first, first, ...rest] : [first, ...rest];
    return `  ${cells.map(paramLiteral).join(', ')}`;
  });
  return `datatable(${names.map((name) => `${columnText(name)}:string`).join(', ')})[\n${lines.join(',\n')}\n]`;
}

/** Words of the language are written small: what begins with a large letter is none. */
function columnText(name: string): string {
  return /^[A-Z]\w*$/.test(name) ? name : `[${paramLiteral(name)}]`;
}

import type { LazyTable, TableSource } from './table-data.ts';

export type AnyTable = TableSource | LazyTable;

export function isLazy(table: AnyTable): table is LazyTable {
  return 'open' in table;
}

/** The tables of an engine for one query: lazy ones that its text may name are opened, and the others are as if they were not there. */
export async function openTouched(
  text: string,
  tables: Readonly<Record<string, AnyTable>>,
  signal: AbortSignal,
): Promise<Readonly<Record<string, TableSource>>> {
  const opened: Record<string, TableSource> = {};
  const touches = touchesOf(text);
  const mentions = keepsAll(text) ? () => true : (name: string) => text.includes(name);
  for (const [name, table] of Object.entries(tables)) {
    if (!isLazy(table)) opened[name] = table;
    else if (touches(name)) opened[name] = await table.open(mentions, signal);
  }
  return opened;
}

/** `search` and `find` where an operator may stand, and a table whose name is computed. */
const SEARCHES_ALL = /(?:^|[|(;=,\n])\s*(?:search|find)\b|\btable\s*\(\s*(?!\s*h?@?["'])/;
/** Calls in which a star stands for columns. */
const ALL_COLUMNS = /\b\w+\s*\([^()]*\*\s*\)/g;
const BARE_STAR = /[,\s(=]\*\s*(?=$|[|;,)\n])/;
const WILD_NAME = /\w*\*[\w*]*/g;

/**
 * Whether a query may read a table, by its text alone: more may match than the query reads, never fewer. A name stands in the text as it is
 * (quoted or not), or a wildcard matches it, or the query searches all tables.
 */
export function touchesOf(text: string): (table: string) => boolean {
  if (SEARCHES_ALL.test(text)) return () => true;
  const hasUnion = /\bunion\b/.test(text);
  if (hasUnion && BARE_STAR.test(text.replace(ALL_COLUMNS, ''))) return () => true;
  const wild = hasUnion ? (text.match(WILD_NAME) ?? []).filter((name) => /\w/.test(name)) : [];
  const patterns = wild.map((name) => new RegExp(`^${name.replaceAll('*', '\\w*')}$`));
  return (table) => text.includes(table) || patterns.some((pattern) => pattern.test(table));
}

/** Operators behind which only named columns are left. */
const NARROWS = /\b(?:project|summarize|distinct|count|make-series|getschema|top-nested|project-reorder)\b/;

/** Whether the result has every column of its tables, whether the text names it or not. */
function keepsAll(text: string): boolean {
  return !NARROWS.test(text);
}

import type { KqlNode, KqlTree } from '../kql/ast.ts';
import type { Column } from '../kql/types.ts';
import { nameOf } from './compile/nodes.ts';
import { columnOf, emptyValue, lazyColumn, type TableColumn } from './runtime/column.ts';
import { type Table, tableOf } from './runtime/table.ts';
import { INGESTED, type TableData, type TableSource } from './table-data.ts';

/** A column that the query turned out to need and that was not loaded; the run loads it and starts again. */
export class ColumnNeeded extends Error {
  readonly table: string;
  readonly column: string;

  constructor(table: string, column: string) {
    super(`The column ${table}.${column} was not loaded.`);
    this.name = 'ColumnNeeded';
    this.table = table;
    this.column = column;
  }
}

/** What has been loaded of one table. */
export interface LoadedTable {
  readonly columns: readonly Column[];
  /** Null: the schema knows the table, the data has no rows of it. */
  readonly data: TableData | null;
  readonly loaded: ReadonlySet<string>;
}

export async function loadTable(
  columns: readonly Column[],
  source: TableSource | null,
  wanted: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<LoadedTable> {
  const names = [...columns.map((column) => column.name), INGESTED].filter((name) => wanted.has(name));
  const loaded = new Set(names);
  return { columns, data: source ? await source.load(loaded, signal) : null, loaded };
}

/** The loaded table with lazy columns: one that was not loaded throws ColumnNeeded when it is read. */
export function openTable(name: string, table: LoadedTable): Table {
  const rowCount = table.data?.rowCount ?? 0;
  const columns = table.columns.map((column) => tableColumn(name, column, table, rowCount));
  const ingested = tableColumn(name, { name: INGESTED, type: 'datetime' }, table, rowCount);
  return tableOf(columns, rowCount, ingested);
}

function tableColumn(table: string, column: Column, loaded: LoadedTable, rowCount: number): TableColumn {
  if (rowCount === 0) return columnOf(column.name, column.type, []);
  return lazyColumn(column.name, column.type, () => {
    if (!loaded.loaded.has(column.name)) throw new ColumnNeeded(table, column.name);
    return loaded.data?.column(column.name) ?? new Array(rowCount).fill(emptyValue(column.type));
  });
}

/** Names that the query mentions or returns: what is worth loading before it runs. */
export function mentionedNames(tree: KqlTree): Set<string> {
  const names = new Set((tree.columns ?? []).map((column) => column.name));
  const visit = (node: KqlNode): void => {
    if (node.kind === 'NameReference') names.add(node.reference?.name || nameOf(node));
    else if (node.value !== null) names.add(node.value);
    for (const child of node.children) visit(child);
    if (node.body) visit(node.body);
  };
  visit(tree.root);
  return names;
}

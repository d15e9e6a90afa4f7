import type { KqlNode, KqlTree } from '../kql/ast.ts';
import type { Column } from '../kql/types.ts';
import type { Budget } from './budget.ts';
import { nameOf } from './compile/nodes.ts';
import { codesOfTexts, keptCodes } from './runtime/codes.ts';
import { type Codes, columnOf, emptyValue, lazyColumn, type TableColumn, type Values } from './runtime/column.ts';
import { type Table, tableOf } from './runtime/table.ts';
import { INGESTED, type Narrowing, type TableData, type TableSource } from './table-data.ts';

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
  narrow: Narrowing | null,
): Promise<LoadedTable> {
  const names = [...columns.map((column) => column.name), INGESTED].filter((name) => wanted.has(name));
  const loaded = new Set(names);
  return { columns, data: source ? await source.load(loaded, signal, narrow) : null, loaded };
}

/** The loaded table with lazy columns: one that was not loaded throws ColumnNeeded when it is read. */
export function openTable(name: string, table: LoadedTable, budget: Budget): Table {
  const rowCount = table.data?.rowCount ?? 0;
  const open = (column: Column): TableColumn => tableColumn(name, column, table, budget);
  return tableOf(table.columns.map(open), rowCount, open({ name: INGESTED, type: 'datetime' }));
}

function tableColumn(table: string, { name, type }: Column, loaded: LoadedTable, budget: Budget): TableColumn {
  const rowCount = loaded.data?.rowCount ?? 0;
  if (rowCount === 0) return columnOf(name, type, []);
  const read = (): Values => {
    if (!loaded.loaded.has(name)) throw new ColumnNeeded(table, name);
    return loaded.data?.column(name) ?? new Array(rowCount).fill(emptyValue(type));
  };
  const column = lazyColumn(name, type, read);
  return { ...column, codes: (make) => storedCodes(column, loaded, make, budget) };
}

/** The codes that the data has itself, else those made from its values. */
function storedCodes(column: TableColumn, { data, loaded }: LoadedTable, make: boolean, budget: Budget): Codes | null {
  const rowCount = data?.rowCount ?? 0;
  const given = loaded.has(column.name) ? data?.codes?.(column.name) : null;
  if (given) return given;
  if (make && column.type === 'string') return codesOfTexts(column.values(), rowCount, budget);
  return keptCodes(column.values(), rowCount);
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

import type { Budget } from '../budget.ts';
import type { Value } from '../value.ts';
import { gatherCodes } from './codes.ts';
import {
  type Codes,
  constantColumn,
  emptyValue,
  gather,
  lazyColumn,
  renamed,
  type Selection,
  type TableColumn,
  type Values,
} from './column.ts';

/** Rows between two operators. Columns are lazy: what nothing reads is never made. */
export interface Table {
  readonly columns: readonly TableColumn[];
  readonly rowCount: number;
  /** The hidden ingestion time, carried along while rows stay rows of one stored table. */
  readonly ingested: TableColumn | null;
}

export function tableOf(columns: readonly TableColumn[], rowCount: number, ingested: TableColumn | null = null): Table {
  return { columns, rowCount, ingested };
}

export function findColumn(table: Table, name: string): TableColumn | null {
  return table.columns.find((column) => column.name === name) ?? null;
}

export function selectColumn(column: TableColumn, selection: Selection, budget: Budget): TableColumn {
  const missing = emptyValue(column.type);
  const select = (): Values => {
    const values = column.values();
    budget.spendBytes(selection.length * 8);
    return gather(values, selection, missing);
  };
  return {
    ...lazyColumn(column.name, column.type, select),
    codes: () => selectedCodes(column, selection, missing),
  };
}

/** Whether the selection is every row of so many, in their order. */
export function isAllInOrder(selection: Selection, rowCount: number): boolean {
  if (selection.length !== rowCount) return false;
  for (let row = 0; row < rowCount; row += 1) if (selection[row] !== row) return false;
  return true;
}

/** Codes are not made for rows that may be few. */
function selectedCodes(column: TableColumn, selection: Selection, missing: Value): Codes | null {
  const codes = column.codes?.(false);
  return codes ? gatherCodes(codes, selection, missing) : null;
}

/** The selected rows, in that order; -1 gives a row of nulls. */
export function selectRows(table: Table, selection: Selection, budget: Budget): Table {
  if (isAllInOrder(selection, table.rowCount)) return table;
  return {
    columns: table.columns.map((column) => selectColumn(column, selection, budget)),
    rowCount: selection.length,
    ingested: table.ingested ? selectColumn(table.ingested, selection, budget) : null,
  };
}

/** The first `count` rows. */
export function firstRows(table: Table, count: number, budget: Budget): Table {
  if (count >= table.rowCount) return table;
  return selectRows(table, sequence(Math.max(0, count)), budget);
}

export function sequence(count: number): Selection {
  const rows = new Int32Array(count);
  for (let index = 0; index < count; index += 1) rows[index] = index;
  return rows;
}

/** The table with these columns instead. */
export function withColumns(table: Table, columns: readonly TableColumn[]): Table {
  return { ...table, columns };
}

/** One table after another, by column name and type; columns that a leg lacks are empty there. */
export function concatenate(tables: readonly Table[], columns: readonly { name: string; type: string }[]): Table {
  const rowCount = tables.reduce((sum, table) => sum + table.rowCount, 0);
  const legs = (name: string, type: string): TableColumn[] =>
    tables.map((table) => findColumn(table, name) ?? constantColumn(name, type, emptyValue(type), table.rowCount));
  return {
    columns: columns.map(({ name, type }) => joinedColumn(name, type, legs(name, type))),
    rowCount,
    ingested: joinedIngestion(tables),
  };
}

function joinedIngestion(tables: readonly Table[]): TableColumn | null {
  if (tables.every((table) => table.ingested === null)) return null;
  const legs = tables.map((table) => table.ingested ?? constantColumn('_ingested', 'datetime', null, table.rowCount));
  return joinedColumn('_ingested', 'datetime', legs);
}

function joinedColumn(name: string, type: string, legs: readonly TableColumn[]): TableColumn {
  const [only] = legs;
  if (only && legs.length === 1) return renamed(only, name);
  return lazyColumn(name, type, () => legs.flatMap((leg) => leg.values()));
}

import type { Budget } from '../budget.ts';
import { constantColumn, lazyColumn, renamed, type TableColumn, type Values } from '../runtime/column.ts';
import { findColumn, type Table } from '../runtime/table.ts';
import type { Value } from '../value.ts';

/** The value of an expression for one row of the table it is bound to. */
export type Getter = (row: number) => Value;

/** A compiled scalar expression. */
export interface Expression {
  /** KQL type name; `dynamic` where the binder does not know. */
  readonly type: string;
  /** The value, where compiling already tells it; else undefined. */
  readonly constant: Value | undefined;
  /** Whether the value is the same for every row. */
  readonly invariant: boolean;
  /** The column's name, where the expression is nothing but a column. */
  readonly column: string | null;
  /** The only column that the value depends on, and on nothing else of the row; undefined: not known to be so. */
  readonly over?: string | undefined;
  /** Whether no row is read at all although values differ from call to call (rand). */
  readonly free?: boolean;
  bind(table: Table): Getter;
}

export function constantExpression(type: string, value: Value): Expression {
  return { type, constant: value, invariant: true, column: null, bind: () => () => value };
}

export function rowExpression(type: string, bind: (table: Table) => Getter): Expression {
  return { type, constant: undefined, invariant: false, column: null, bind };
}

/** An expression without columns whose value is known only while running; computed once. */
export function onceExpression(type: string, compute: () => Value): Expression {
  let known: { readonly value: Value } | null = null;
  const get = (): Value => {
    known ??= { value: compute() };
    return known.value;
  };
  return { type, constant: undefined, invariant: true, column: null, bind: () => get };
}

const NO_ROWS: Table = { columns: [], rowCount: 0, ingested: null };

/** The value of an expression that does not depend on rows. */
export function evaluateOnce(expression: Expression): Value {
  if (expression.constant !== undefined) return expression.constant;
  return expression.bind(NO_ROWS)(0);
}

const CHUNK = 4096;

/** The expression's value for every row of the table. */
export function computeValues(expression: Expression, table: Table, budget: Budget): Values {
  if (expression.column !== null) {
    const column = findColumn(table, expression.column);
    if (column) return column.values();
  }
  const get = expression.bind(table);
  const count = table.rowCount;
  const values = new Array<Value>(count);
  for (let start = 0; start < count; start += CHUNK) {
    const end = Math.min(count, start + CHUNK);
    let size = 0;
    for (let row = start; row < end; row += 1) {
      const value = get(row);
      if (typeof value === 'string') size += value.length;
      values[row] = value;
    }
    budget.tick(end - start);
    budget.spendBytes((end - start) * 8 + size);
  }
  return values;
}

/** The expression as a column of `table`, made on first use. A plain column stays the very same column. */
export function expressionColumn(name: string, expression: Expression, table: Table, budget: Budget): TableColumn {
  if (expression.column !== null) {
    const column = findColumn(table, expression.column);
    if (column) return renamed(column, name);
  }
  if (expression.constant !== undefined) {
    return constantColumn(name, expression.type, expression.constant, table.rowCount);
  }
  return lazyColumn(name, expression.type, () => computeValues(expression, table, budget));
}

import type { KqlColumn, KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import { type Expression, expressionColumn, rowExpression } from '../compile/expression.ts';
import { nameOf, required } from '../compile/nodes.ts';
import type { Scope } from '../compile/scope.ts';
import { unsupported } from '../problem.ts';
import type { TableColumn } from '../runtime/column.ts';
import type { Table } from '../runtime/table.ts';
import type { Value } from '../value.ts';

/** One output column of project, extend, print: its name as the binder tells it, and how to compute it. */
export interface Assignment {
  readonly name: string;
  readonly expression: Expression;
}

/** The explicit names of an item; empty where the binder names the columns. */
export function namesOf(item: KqlNode): readonly string[] {
  if (item.kind === 'SimpleNamedExpression') return [nameOf(required(item, 'Name'))];
  if (item.kind !== 'CompoundNamedExpression') return [];
  return itemsOf(required(item, 'Names'), 'Names').map(nameOf);
}

export function expressionOf(item: KqlNode): KqlNode {
  return item.kind.endsWith('NamedExpression') ? (childOf(item, 'Expression') ?? item) : item;
}

/** How many columns each item makes: tuples take what the others leave. */
function widths(items: readonly KqlNode[], total: number): number[] {
  const single = items.filter((item) => !isTuple(item)).length;
  const tuples = items.length - single;
  return items.map((item) => {
    if (!isTuple(item)) return 1;
    return item.kind === 'CompoundNamedExpression' ? namesOf(item).length : Math.max(1, (total - single) / tuples);
  });
}

function isTuple(item: KqlNode): boolean {
  return item.kind === 'CompoundNamedExpression' || expressionOf(item).type === 'tuple';
}

/** For operators whose items make exactly the output columns, in order. */
export function assignmentsInOrder(
  items: readonly KqlNode[],
  columns: readonly KqlColumn[],
  scope: Scope,
): Assignment[] {
  const sizes = widths(items, columns.length);
  let next = 0;
  return items.flatMap((item, index) => {
    const size = sizes[index] ?? 1;
    const taken = columns.slice(next, next + size);
    next += size;
    return assign(item, taken, scope);
  });
}

/** For extend: named items keep their names, the others take the binder's new columns in order. */
export function assignmentsByName(
  items: readonly KqlNode[],
  columns: readonly KqlColumn[],
  scope: Scope,
): Assignment[] {
  const before = new Set(scope.columns.map((column) => column.id));
  const named = new Set(items.flatMap(namesOf));
  const fresh = columns.filter((column) => !before.has(column.id) && !named.has(column.name));
  return items.flatMap((item) => {
    const names = namesOf(item);
    if (names.length > 0)
      return assign(
        item,
        names.map((name) => columnNamed(name, columns, item)),
        scope,
      );
    const value = expressionOf(item);
    if (value.reference?.kind === 'column' && value.kind === 'NameReference') return [];
    const taken = fresh.splice(0, isTuple(item) ? fresh.length : 1);
    return assign(item, taken, scope);
  });
}

function columnNamed(name: string, columns: readonly KqlColumn[], node: KqlNode): KqlColumn {
  return columns.find((column) => column.name === name) ?? { name, type: node.type ?? 'dynamic', id: -1 };
}

function assign(item: KqlNode, columns: readonly KqlColumn[], scope: Scope): Assignment[] {
  const value = expressionOf(item);
  if (value.kind === 'StarExpression') throw unsupported('`*` in this place', value);
  const expression = scope.compilation.expression(value, scope);
  if (!isTuple(item)) return columns.slice(0, 1).map((column) => ({ name: column.name, expression }));
  return columns.map((column, index) => ({ name: column.name, expression: partOf(expression, index, column.type) }));
}

/** One value of a function that returns several; they come as an array. */
function partOf(tuple: Expression, index: number, type: string): Expression {
  return rowExpression(type, (table) => {
    const get = tuple.bind(table);
    return (row) => {
      const value = get(row);
      if (!Array.isArray(value)) return index === 0 ? value : null;
      return (value[index] as Value | undefined) ?? null;
    };
  });
}

export function assignedColumns(assignments: readonly Assignment[], input: Table, scope: Scope): TableColumn[] {
  return assignments.map(({ name, expression }) => expressionColumn(name, expression, input, scope.compilation.budget));
}

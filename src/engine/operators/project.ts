import type { KqlNode } from '../../kql/ast.ts';
import { itemsOf } from '../../kql/ast.ts';
import { nameOf, required } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { renamed, type TableColumn } from '../runtime/column.ts';
import { firstRows, type Table, withColumns } from '../runtime/table.ts';
import { assignedColumns, assignmentsByName, assignmentsInOrder } from './assignments.ts';

export function compileProject(node: KqlNode, scope: Scope): TableStep {
  const assignments = assignmentsInOrder(itemsOf(node, 'Expressions'), node.columns ?? [], scope);
  return (input) => withColumns(input, assignedColumns(assignments, input, scope));
}

/** `extend`: new columns go to the end, those with a known name replace it in place. */
export function compileExtend(node: KqlNode, scope: Scope): TableStep {
  const assignments = assignmentsByName(itemsOf(node, 'Expressions'), node.columns ?? [], scope);
  return (input) => withColumns(input, replaceColumns(input.columns, assignedColumns(assignments, input, scope)));
}

export function replaceColumns(columns: readonly TableColumn[], made: readonly TableColumn[]): TableColumn[] {
  const byName = new Map(made.map((column) => [column.name, column]));
  const kept = columns.map((column) => byName.get(column.name) ?? column);
  const known = new Set(columns.map((column) => column.name));
  return [...kept, ...[...byName.values()].filter((column) => !known.has(column.name))];
}

/** A name, or a pattern with `*`, as project-away, -keep and -reorder take it. */
export function nameMatcher(node: KqlNode): (name: string) => boolean {
  const pattern = nameOf(node);
  const isWildcard = node.kind === 'StarExpression' || node.children.some((child) => child.kind === 'WildcardedName');
  if (!isWildcard) return (name) => name === (node.reference?.name ?? pattern);
  return wildcard(node.kind === 'StarExpression' ? '*' : pattern);
}

/** Matches names against a pattern in which `*` stands for anything. */
export function wildcard(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*');
  const [head = '', ...rest] = parts;
  const tail = rest.pop() ?? '';
  if (parts.length === 1) return (name) => name === pattern;
  return (name) => {
    if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false;
    let from = head.length;
    for (const part of rest) {
      const at = name.indexOf(part, from);
      if (at < 0) return false;
      from = at + part.length;
    }
    return from <= name.length - tail.length;
  };
}

function compileChoice(node: KqlNode, keeps: boolean): TableStep {
  const matchers = itemsOf(node, 'Expressions').map(nameMatcher);
  return (input) =>
    withColumns(
      input,
      input.columns.filter((column) => matchers.some((matches) => matches(column.name)) === keeps),
    );
}

export function compileProjectAway(node: KqlNode): TableStep {
  return compileChoice(node, false);
}

export function compileProjectKeep(node: KqlNode): TableStep {
  return compileChoice(node, true);
}

export function compileProjectRename(node: KqlNode): TableStep {
  const names = new Map(
    itemsOf(node, 'Expressions').map((item) => {
      const from = required(item, 'Expression');
      return [from.reference?.name ?? nameOf(from), nameOf(required(item, 'Name'))];
    }),
  );
  return (input) =>
    withColumns(
      input,
      input.columns.map((column) => renamed(column, names.get(column.name) ?? column.name)),
    );
}

/** `project-reorder`: the named columns first, patterns sorted as asked, then the rest as it was. */
export function compileProjectReorder(node: KqlNode): TableStep {
  const items = itemsOf(node, 'Expressions').map((item) => ({
    matches: nameMatcher(item.kind === 'OrderedExpression' ? required(item, 'Expression') : item),
    order: orderOf(item),
  }));
  return (input) => {
    const taken = new Set<TableColumn>();
    for (const { matches, order } of items) {
      const found = input.columns.filter((column) => !taken.has(column) && matches(column.name));
      for (const column of order ? [...found].sort((left, right) => order(left.name, right.name)) : found)
        taken.add(column);
    }
    return withColumns(input, [...taken, ...input.columns.filter((column) => !taken.has(column))]);
  };
}

type NameOrder = (left: string, right: string) => number;

const NAME_ORDERS: Readonly<Record<string, NameOrder>> = {
  asc: byText,
  desc: (left, right) => byText(right, left),
  'granny-asc': byNumbers,
  'granny-desc': (left, right) => byNumbers(right, left),
};

function orderOf(item: KqlNode): NameOrder | null {
  if (item.kind !== 'OrderedExpression') return null;
  const keyword = required(item, 'Ordering').children.find((child) => child.text)?.text ?? '';
  return NAME_ORDERS[keyword] ?? null;
}

function byText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** Runs of digits count as numbers: a20 comes before a100. */
function byNumbers(left: string, right: string): number {
  const padded = (name: string): string => name.replace(/\d{1,20}/g, (digits) => digits.padStart(20, '0'));
  return byText(padded(left), padded(right));
}

/** Operators that leave the rows as they are. */
export function compileNothing(): TableStep {
  return (input: Table) => input;
}

/** `consume`: the rows are counted and not handed on. */
export function compileConsume(_node: KqlNode, scope: Scope): TableStep {
  return (input: Table) => firstRows(input, 0, scope.compilation.budget);
}

import { argumentsOf, type KqlNode } from '../../kql/ast.ts';
import type { Branch, BranchMark } from '../branches.ts';
import type { Table } from '../runtime/table.ts';
import type { Expression, Getter } from './expression.ts';
import { keywordOf, required, unwrap } from './nodes.ts';
import type { Scope } from './scope.ts';

/** Where tracing is asked for, the parts of a `where`'s condition are noted before they are compiled. */
export function watchFilter(node: KqlNode, { compilation }: Scope): void {
  const { tracer, text } = compilation;
  if (!tracer.branches || !standsInText(node, text)) return;
  watchPart(unwrap(required(node, 'Condition')), 'where', tracer.watched);
}

/** A body that the text does not hold has the place of its call, which says nothing of its parts. */
function standsInText(node: KqlNode, text: string): boolean {
  return text.startsWith(keywordOf(node), node.start);
}

function watchPart(node: KqlNode, part: Branch['part'], watched: Map<KqlNode, Branch['part']>): void {
  watched.set(node, part);
  if (node.kind === 'AndExpression') watchOperands(node, 'and', watched);
  if (node.kind === 'OrExpression') watchOperands(node, 'or', watched);
}

/** A chain of one operator is one list of operands. */
function watchOperands(node: KqlNode, part: Branch['part'], watched: Map<KqlNode, Branch['part']>): void {
  for (const role of ['Left', 'Right']) {
    const side = unwrap(required(node, role));
    if (side.kind === node.kind) watchOperands(side, part, watched);
    else watchPart(side, part, watched);
  }
}

/** The expression of a node that is watched, which notes what it gives; any other as it is. */
export function withNotes(expression: Expression, node: KqlNode, { compilation }: Scope): Expression {
  const { branches, watched } = compilation.tracer;
  const part = watched.get(node);
  if (!branches || part === undefined || expression.constant !== undefined) return expression;
  const mark = branches.mark(part, node);
  return observed(expression, (value) => (value === true ? mark.hold() : mark.fail()));
}

function observed(expression: Expression, note: (value: unknown) => void): Expression {
  const bind = (table: Table): Getter => {
    const get = expression.bind(table);
    // What is asked ahead, of no row, reaches nothing.
    if (table.rowCount === 0) return get;
    return (row) => {
      const value = get(row);
      note(value);
      return value;
    };
  };
  return { ...expression, column: null, bind };
}

const CHOICES: ReadonlySet<string> = new Set(['iff', 'iif', 'case']);

/**
 * The arguments of `iff` and `case`, which note the arm that each row takes. They are asked in their order, one row after another, so that
 * the first condition that is true is known when the last argument is asked.
 */
export function withChoiceNotes(
  name: string,
  node: KqlNode,
  args: readonly Expression[],
  scope: Scope,
): readonly Expression[] {
  const { tracer, text } = scope.compilation;
  const given = argumentsOf(node);
  const isChoice = CHOICES.has(name) && args.length % 2 === 1 && given.length === args.length;
  if (!isChoice || !tracer.branches || !text.startsWith(name, node.start)) return args;
  if (args.every((arg) => arg.constant !== undefined)) return args;
  const { branches } = tracer;
  const arms = given.flatMap((arm, index) => (isCondition(index, args.length) ? [] : [branches.mark('arm', arm)]));
  return args.map(choosing(arms));
}

function isCondition(index: number, count: number): boolean {
  return index % 2 === 0 && index < count - 1;
}

function choosing(
  arms: readonly BranchMark[],
): (arg: Expression, index: number, all: readonly Expression[]) => Expression {
  let isChosen = false;
  return (arg, index, all) => {
    if (isCondition(index, all.length))
      return observed(arg, (value) => {
        if (index === 0) isChosen = false;
        if (isChosen || value !== true) return;
        isChosen = true;
        arms[index / 2]?.hold();
      });
    if (index < all.length - 1) return arg;
    return observed(arg, () => {
      if (!isChosen) arms.at(-1)?.hold();
    });
  };
}

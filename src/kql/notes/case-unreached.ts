import { argumentsOf, childOf, type KqlNode } from '../ast.ts';
import { calledName, innermost } from '../prepare/nodes.ts';
import type { NoteFinder } from './note.ts';

export const caseUnreachedNote: NoteFinder = {
  check: 'case-unreached',
  kinds: ['FunctionCallExpression'],
  look: (node, { tree }) => {
    if (calledName(node) !== 'case' || !node.reference?.builtIn) return [];
    const conditions = argumentsOf(node).filter((_, index, all) => index % 2 === 0 && index < all.length - 1);
    return conditions.flatMap((condition, index) => {
      const earlier = conditions.slice(0, index).find((one) => implies(condition, one, tree.text));
      if (!earlier) return [];
      const text = tree.text.slice(earlier.start, earlier.end);
      const message = `What stands behind this condition is never reached: every row that meets it has met "${text.slice(0, 60)}" before.`;
      return [{ start: condition.start, end: condition.end, message, hint: 'Put the narrower condition first.' }];
    });
  },
};

/** Whether `one` holds only where `other` does: the same words, or a bound that lies further out. */
function implies(one: KqlNode, other: KqlNode, text: string): boolean {
  if (plain(one, text) === plain(other, text)) return true;
  const [narrow, wide] = [boundOf(one, text), boundOf(other, text)];
  if (!narrow || !wide || narrow.column !== wide.column || narrow.isLower !== wide.isLower) return false;
  const beyond = narrow.isLower ? narrow.value - wide.value : wide.value - narrow.value;
  return beyond > 0 || (beyond === 0 && (wide.withEnd || !narrow.withEnd));
}

function plain({ start, end }: KqlNode, text: string): string {
  return text.slice(start, end).replace(/\s+/g, ' ').trim();
}

interface Bound {
  readonly column: string;
  readonly isLower: boolean;
  readonly withEnd: boolean;
  readonly value: number;
}

/** `Count > 5`, with the column on the left and a number on the right. */
function boundOf(condition: KqlNode, text: string): Bound | null {
  const node = innermost(condition);
  const [left, operator, right] = [childOf(node, 'Left'), childOf(node, 'Operator'), childOf(node, 'Right')];
  const [, direction, end] = /^([<>])(=?)$/.exec(operator?.text ?? '') ?? [];
  const isNumber = right?.kind === 'LongLiteralExpression' || right?.kind === 'RealLiteralExpression';
  if (!left || !direction || !isNumber || left.reference?.kind !== 'column') return null;
  const value = Number(right.value);
  return Number.isNaN(value)
    ? null
    : { column: plain(left, text), isLower: direction === '>', withEnd: end === '=', value };
}

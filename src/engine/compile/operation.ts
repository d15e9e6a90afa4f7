import type { KqlNode } from '../../kql/ast.ts';
import type { Table } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { callExpression } from './calls/apply.ts';
import { operatorFunction } from './calls/library.ts';
import { constantExpression, type Expression, type Getter, rowExpression } from './expression.ts';
import { required } from './nodes.ts';
import type { Scope } from './scope.ts';

/** Older spellings that the language still knows. */
const OLD_SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['<>', '!='],
  ['containscs', 'contains_cs'],
  ['notcontains', '!contains'],
  ['notcontainscs', '!contains_cs'],
]);

/** The operator's own spelling: kinds of nodes are misleading (`in~` is InCsExpression). */
export function operatorText(node: KqlNode): string {
  const text = required(node, 'Operator').text.toLowerCase();
  return OLD_SPELLINGS.get(text) ?? text;
}

/** Binary operators other than `and`, `or`, `between` and the `in` family. */
export function compileBinary(node: KqlNode, scope: Scope): Expression {
  const left = required(node, 'Left');
  const right = scope.compilation.expression(required(node, 'Right'), scope);
  if (left.kind === 'StarExpression') return anyColumn(operatorText(node), right, node, scope);
  return binary(operatorText(node), scope.compilation.expression(left, scope), right, node, scope);
}

export function binary(text: string, left: Expression, right: Expression, node: KqlNode, scope: Scope): Expression {
  const type = node.type && node.type !== 'unknown' && node.type !== 'error' ? node.type : 'dynamic';
  return callExpression(operatorFunction(text), [left, right], type, node, scope);
}

/** `* has "x"`: whether it holds for any column; `* !has "x"`: for all of them. */
export function anyColumn(operator: string, right: Expression, node: KqlNode, scope: Scope): Expression {
  if (operator.startsWith('!')) return inverted(anyColumn(operator.slice(1), right, node, scope));
  const tests = scope.columns.map((column) => {
    const value: Expression = {
      type: column.type,
      constant: undefined,
      invariant: false,
      column: column.name,
      bind: (table) => {
        const values = table.columns.find((one) => one.name === column.name)?.values() ?? [];
        return (row) => values[row] ?? null;
      },
    };
    const text = column.type === 'string' ? value : toText(value, node, scope);
    return callExpression(operatorFunction(operator), [text, right], 'bool', node, scope);
  });
  return rowExpression('bool', (table) => anyOf(tests.map((test) => test.bind(table))));
}

function toText(value: Expression, node: KqlNode, scope: Scope): Expression {
  return callExpression(operatorFunction('tostring'), [value], 'string', node, scope);
}

function anyOf(getters: readonly Getter[]): Getter {
  return (row) => getters.some((get) => get(row) === true);
}

export function compileUnary(node: KqlNode, scope: Scope): Expression {
  const operand = scope.compilation.expression(required(node, 'Expression'), scope);
  if (operatorText(node) === '+') return operand;
  return callExpression(operatorFunction('negate'), [operand], node.type ?? operand.type, node, scope);
}

/** `and` and `or` with nulls: false wins over null in `and`, true wins over null in `or`. */
export function compileLogical(node: KqlNode, scope: Scope): Expression {
  const left = scope.compilation.expression(required(node, 'Left'), scope);
  const right = scope.compilation.expression(required(node, 'Right'), scope);
  return logical(node.kind === 'AndExpression', left, right);
}

export function logical(isAnd: boolean, left: Expression, right: Expression): Expression {
  const decisive = !isAnd;
  if (left.constant === decisive || right.constant === decisive) return constantExpression('bool', decisive);
  const bind = (table: Table): Getter => {
    const leftOf = left.bind(table);
    const rightOf = right.bind(table);
    return (row) => {
      const first = leftOf(row);
      if (first === decisive) return decisive;
      const second = rightOf(row);
      if (second === decisive) return decisive;
      return first === null || second === null ? null : isAnd;
    };
  };
  return { ...rowExpression('bool', bind), invariant: left.invariant && right.invariant };
}

/** `x between (low .. high)`; with a timespan as second bound, the range is low .. low + span. */
export function compileBetween(node: KqlNode, scope: Scope): Expression {
  const couple = required(node, 'Right');
  const value = scope.compilation.expression(required(node, 'Left'), scope);
  const low = scope.compilation.expression(required(couple, 'First'), scope);
  const second = scope.compilation.expression(required(couple, 'Second'), scope);
  const isSpan = second.type === 'timespan' && value.type === 'datetime';
  const high = isSpan ? callExpression(operatorFunction('+'), [low, second], 'datetime', node, scope) : second;
  const inside = logical(true, compare('>=', value, low, node, scope), compare('<=', value, high, node, scope));
  return operatorText(node).startsWith('!') ? inverted(inside) : inside;
}

function compare(text: string, left: Expression, right: Expression, node: KqlNode, scope: Scope): Expression {
  return callExpression(operatorFunction(text), [left, right], 'bool', node, scope);
}

function inverted(expression: Expression): Expression {
  const flip = (value: Value): Value => (value === null ? null : value !== true);
  return {
    ...expression,
    constant: expression.constant === undefined ? undefined : flip(expression.constant),
    bind: (table) => {
      const get = expression.bind(table);
      return (row) => flip(get(row));
    },
  };
}

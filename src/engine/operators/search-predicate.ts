import type { KqlNode } from '../../kql/ast.ts';
import { argumentsOf } from '../../kql/ast.ts';
import { callExpression } from '../compile/calls/apply.ts';
import { operatorFunction, scalarFunction } from '../compile/calls/library.ts';
import { constantExpression, type Expression } from '../compile/expression.ts';
import { required } from '../compile/nodes.ts';
import { anyColumn, logical } from '../compile/operation.ts';
import type { Scope } from '../compile/scope.ts';

/**
 * The condition of `search` and `find`: bare texts look into every column, `column: "text"` into one, the rest is as in `where`.
 * A text stands for whole terms; `*` at its ends lets the term go on.
 */
export function compilePredicate(node: KqlNode, caseSensitive: boolean, scope: Scope): Expression {
  const inner = (role: string): Expression => compilePredicate(required(node, role), caseSensitive, scope);
  if (node.kind === 'AndExpression' || node.kind === 'OrExpression') {
    return logical(node.kind === 'AndExpression', inner('Left'), inner('Right'));
  }
  if (node.kind === 'ParenthesizedExpression') return inner('Expression');
  if (node.kind === 'StarExpression') return constantExpression('bool', true);
  if (node.kind === 'StringLiteralExpression') return termAnywhere(node, caseSensitive, scope);
  if (node.kind === 'SearchExpression') return termInColumn(node, caseSensitive, scope);
  const [argument] = node.kind === 'FunctionCallExpression' && node.reference?.name === 'not' ? argumentsOf(node) : [];
  if (argument) {
    const operand = compilePredicate(argument, caseSensitive, scope);
    return callExpression(scalarFunction('not'), [operand], 'bool', node, scope);
  }
  return scope.compilation.expression(node, scope);
}

interface Term {
  readonly operator: string;
  readonly text: string;
}

/** `"a b"` is a term, `"a*"` a beginning, `"*a"` an end, `"*a*"` any part, `"*"` everything, `"a*b"` a regex. */
function termOf(text: string, caseSensitive: boolean): Term {
  const [head, tail] = [text.startsWith('*'), text.endsWith('*')];
  const core = text.slice(head ? 1 : 0, tail && text.length > 1 ? -1 : undefined);
  if (core.includes('*')) return { operator: 'matches regex', text: regexOf(core, head, tail, caseSensitive) };
  const operator = head && tail ? 'contains' : tail ? 'hasprefix' : head ? 'hassuffix' : 'has';
  return { operator: caseSensitive ? `${operator}_cs` : operator, text: core };
}

/** `Lab*PC` is `\\bLab.*PC\\b`; a star at an end lets the term go on there. */
function regexOf(core: string, head: boolean, tail: boolean, caseSensitive: boolean): string {
  const parts = core.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return `${caseSensitive ? '' : '(?i)'}${head ? '' : '\\b'}${parts.join('.*')}${tail ? '' : '\\b'}`;
}

function termAnywhere(node: KqlNode, caseSensitive: boolean, scope: Scope): Expression {
  const term = termOf(node.value ?? '', caseSensitive);
  if (term.text === '') return constantExpression('bool', true);
  return anyColumn(term.operator, constantExpression('string', term.text), node, scope);
}

function termInColumn(node: KqlNode, caseSensitive: boolean, scope: Scope): Expression {
  const right = required(node, 'Right');
  const term = termOf(right.value ?? '', caseSensitive);
  const pattern = constantExpression('string', term.text);
  const left = required(node, 'Left');
  if (left.kind === 'StarExpression') return anyColumn(term.operator, pattern, node, scope);
  const value = scope.compilation.expression(left, scope);
  const text =
    value.type === 'string' ? value : callExpression(operatorFunction('tostring'), [value], 'string', node, scope);
  return callExpression(operatorFunction(term.operator), [text, pattern], 'bool', node, scope);
}

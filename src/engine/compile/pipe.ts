import { type KqlNode, walk } from '../../kql/ast.ts';
import { OPERATORS } from '../operators/registry.ts';
import { placeOf, unsupported } from '../problem.ts';
import { describe, required } from './nodes.ts';
import { type Operator, rowScope, type Scope } from './scope.ts';

/** Compiles one operator, or a pipe of operators without a source (the inside of mv-apply and partition). */
export function compilePipeOperator(node: KqlNode, scope: Scope): Operator {
  if (node.kind === 'PipeExpression') return compileSteps(node, scope);
  if (node.kind === 'ParenthesizedExpression') return compilePipeOperator(required(node, 'Expression'), scope);
  const compile = OPERATORS.get(node.kind);
  if (!compile) throw unsupported(`the operator ${keywordOf(node)}`, node);
  return traced(node, compile(node, scope), scope);
}

function compileSteps(node: KqlNode, scope: Scope): Operator {
  const before = required(node, 'Expression');
  const first = scope.compilation.operator(before, scope);
  const step = required(node, 'Operator');
  const second = scope.compilation.operator(step, rowScope(scope, before.columns ?? []));
  return (input) => second(first(input));
}

/** The operator's first token, as the author wrote it. */
export function keywordOf(node: KqlNode): string {
  for (const part of walk(node)) if (part.text) return part.text;
  return describe(node);
}

function traced(node: KqlNode, operator: Operator, scope: Scope): Operator {
  const { tracer, text } = scope.compilation;
  const place = { operator: keywordOf(node), start: node.start, end: node.end, line: placeOf(text, node.start).line };
  return (input) => {
    const output = operator(input);
    tracer.record({ ...place, rowsIn: input.rowCount, rowsOut: output.rowCount });
    return output;
  };
}

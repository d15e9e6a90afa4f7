import type { KqlNode } from '../../kql/ast.ts';
import { TABULAR_OPERATORS } from '../operators/registry.ts';
import { placeOf, unsupported } from '../problem.ts';
import { keywordOf, required } from './nodes.ts';
import { rowScope, type Scope, type TableStep } from './scope.ts';

/** Compiles one operator, or a pipe of operators without a source (the inside of mv-apply and partition). */
export function compilePipeOperator(node: KqlNode, scope: Scope): TableStep {
  if (node.kind === 'PipeExpression') return compileSteps(node, scope);
  if (node.kind === 'ParenthesizedExpression') return compilePipeOperator(required(node, 'Expression'), scope);
  const compile = TABULAR_OPERATORS.get(node.kind);
  if (!compile) throw unsupported(`the operator ${keywordOf(node)}`, node);
  return traced(node, compile(node, scope), scope);
}

function compileSteps(node: KqlNode, scope: Scope): TableStep {
  const before = required(node, 'Expression');
  const first = scope.compilation.operator(before, scope);
  const step = required(node, 'Operator');
  const second = scope.compilation.operator(step, rowScope(scope, before.columns ?? []));
  return (input) => second(first(input));
}

function traced(node: KqlNode, operator: TableStep, scope: Scope): TableStep {
  const { tracer, text } = scope.compilation;
  const place = { operator: keywordOf(node), start: node.start, end: node.end, line: placeOf(text, node.start).line };
  return (input) => {
    const output = operator(input);
    tracer.record({ ...place, rowsIn: input.rowCount, rowsOut: output.rowCount });
    return output;
  };
}

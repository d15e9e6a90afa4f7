import type { KqlNode } from '../../kql/ast.ts';
import { argumentsOf, walk } from '../../kql/ast.ts';
import { functionName } from '../compile/calls/call.ts';
import type { Expression } from '../compile/expression.ts';
import { nameOf, required, unwrap } from '../compile/nodes.ts';
import type { Scope } from '../compile/scope.ts';
import type { Pattern } from './pattern.ts';

/** One condition of a pattern's `where`, and which variables it reads. */
export interface PatternFilter {
  readonly expression: Expression;
  readonly nodes: ReadonlySet<number>;
  readonly edges: ReadonlySet<number>;
}

/** `all(path, test)`: a test that each edge of the path must pass, so that it is told before the path is complete. */
export interface EdgeTest {
  readonly edge: number;
  readonly test: KqlNode;
}

/** The conditions that `and` joins. */
function conjuncts(node: KqlNode): KqlNode[] {
  const inner = unwrap(node);
  if (inner.kind !== 'AndExpression') return [inner];
  return [...conjuncts(required(inner, 'Left')), ...conjuncts(required(inner, 'Right'))];
}

function edgeTestOf(node: KqlNode, pattern: Pattern): EdgeTest | null {
  if (node.kind !== 'FunctionCallExpression' || functionName(node) !== 'all') return null;
  const [path, test] = argumentsOf(node);
  const edge = path?.kind === 'NameReference' ? pattern.edges.findIndex(({ name }) => name === nameOf(path)) : -1;
  return edge >= 0 && test ? { edge, test } : null;
}

/** Variables are the names of tuples; node_id(a) and its like read theirs, too. */
function variablesIn(node: KqlNode): Set<string> {
  return new Set([...walk(node)].filter(({ kind, type }) => kind === 'NameReference' && type === 'tuple').map(nameOf));
}

export function splitFilters(
  node: KqlNode | null,
  pattern: Pattern,
  scope: Scope,
): { readonly conditions: PatternFilter[]; readonly tests: EdgeTest[] } {
  const tests: EdgeTest[] = [];
  const conditions: PatternFilter[] = [];
  for (const part of node ? conjuncts(node) : []) {
    const test = edgeTestOf(part, pattern);
    if (test) {
      tests.push(test);
      continue;
    }
    const names = variablesIn(part);
    conditions.push({
      expression: scope.compilation.expression(part, scope),
      nodes: new Set([...names].flatMap((name) => pattern.nodeNames.get(name) ?? [])),
      edges: new Set([...pattern.edges.keys()].filter((index) => names.has(pattern.edges[index]?.name ?? ''))),
    });
  }
  return { conditions, tests };
}

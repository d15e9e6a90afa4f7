import type { KqlColumn, KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import { expressionColumn } from '../compile/expression.ts';
import { expectParameters, nameOf, parametersOf, parameterValue, required, unwrap } from '../compile/nodes.ts';
import { lookUp, rowScope, type Scope, type TablePlan, type TableStep } from '../compile/scope.ts';
import { unsupported } from '../problem.ts';
import { groupRows, rowsByGroup } from '../runtime/group.ts';
import { concatenate, findColumn, selectRows, type Table } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { groupKey } from '../values/group-key.ts';
import { markComponents } from './components.ts';
import type { Graph, GraphColumns, GraphPlan, GraphStep } from './graph.ts';
import { compileGraphMatch, compileShortestPaths } from './graph-match.ts';
import { compileGraphTables } from './graph-tables.ts';
import { compileMakeGraph } from './make-graph.ts';

/** Whether an expression gives a graph. */
export function isGraph(node: KqlNode): boolean {
  return node.type === 'graph';
}

/** Compiles an expression that gives a graph. */
export function compileGraph(node: KqlNode, scope: Scope): GraphPlan {
  const inner = unwrap(node);
  if (inner.kind === 'NameReference') {
    const declared = lookUp(scope.environment, inner.reference?.name || nameOf(inner));
    if (declared?.kind === 'graph') return declared.plan;
  }
  if (inner.kind !== 'PipeExpression') throw unsupported('this way to name a graph', inner);
  const before = required(inner, 'Expression');
  const step = required(inner, 'Operator');
  if (step.kind === 'GraphMarkComponentsOperator') return marked(scope.compilation.graph(before, scope), step);
  if (step.kind !== 'MakeGraphOperator') throw unsupported('this way to make a graph', step);
  const make = compileMakeGraph(step, rowScope(scope, before.columns ?? [], before));
  const edges = scope.compilation.table(before, scope);
  return remembered(graphColumns(step, before.columns ?? []), () => make(edges()));
}

function remembered(columns: GraphColumns, make: () => Graph): GraphPlan {
  let known: Graph | null = null;
  return {
    columns,
    graph() {
      known ??= make();
      return known;
    },
  };
}

/** The properties that nodes and edges can have. */
function graphColumns(step: KqlNode, edges: readonly KqlColumn[]): GraphColumns {
  const clause = childOf(step, 'WithClause');
  if (!clause) return { nodes: [], edges };
  if (clause.kind === 'MakeGraphWithImplicitIdClause') {
    const type = required(step, 'SourceColumn').type ?? 'string';
    return { nodes: [{ name: nameOf(required(clause, 'Name')), type, id: -1 }], edges };
  }
  return { nodes: itemsOf(clause, 'TablesAndKeys').flatMap((item) => required(item, 'Table').columns ?? []), edges };
}

function marked(plan: GraphPlan, step: KqlNode): GraphPlan {
  const parameters = parametersOf(step);
  expectParameters(step, parameters, ['kind', 'with_component_id']);
  const kind = parameterValue(parameters.get('kind'))?.toLowerCase() ?? 'weak';
  if (kind !== 'weak' && kind !== 'strong') throw unsupported(`graph-mark-components kind=${kind}`, step);
  const name = parameterValue(parameters.get('with_component_id')) ?? 'ComponentId';
  const nodes = [...plan.columns.nodes, { name, type: 'long', id: -1 }];
  return remembered({ ...plan.columns, nodes }, () => markComponents(plan.graph(), kind === 'strong', name));
}

type CompileGraphStep = (node: KqlNode, columns: GraphColumns, scope: Scope) => GraphStep;

/** Operators that take a graph and give rows, by the kind of their node. */
const GRAPH_STEPS: ReadonlyMap<string, CompileGraphStep> = new Map<string, CompileGraphStep>([
  ['GraphMatchOperator', compileGraphMatch],
  ['GraphShortestPathsOperator', compileShortestPaths],
]);

/** Kinds of all operators of graphs, for the list of what is supported. */
export const GRAPH_OPERATORS: readonly string[] = [
  'MakeGraphOperator',
  'GraphMarkComponentsOperator',
  'GraphToTableOperator',
  ...GRAPH_STEPS.keys(),
];

/** `graph | graph-match …`: rows from a graph. */
export function compileGraphQuery(graph: KqlNode, step: KqlNode, scope: Scope): TablePlan {
  const plan = scope.compilation.graph(graph, scope);
  if (step.kind === 'GraphToTableOperator') return compileTables(plan, step, scope);
  const compile = GRAPH_STEPS.get(step.kind);
  if (!compile) throw unsupported('this operator over a graph', step);
  const run = compile(step, plan.columns, scope);
  return () => run(plan.graph());
}

/** `graph | graph-to-table nodes as N, edges as E`: the first table; the names are there for the statements behind. */
function compileTables(plan: GraphPlan, step: KqlNode, scope: Scope): TablePlan {
  const outputs = compileGraphTables(step, scope).map(({ name, step: run }) => ({
    name,
    plan: () => run(plan.graph()),
  }));
  for (const { name, plan: table } of outputs)
    if (name !== null) scope.environment.names.set(name, { kind: 'table', plan: table, view: false });
  const [first] = outputs;
  if (!first) throw unsupported('graph-to-table without a table', step);
  return first.plan;
}

/** `make-graph … partitioned-by column (operator)`: a graph for each value of a column, one after another. */
export function compilePartitionedGraph(node: KqlNode, scope: Scope): TableStep {
  const clause = childOf(node, 'PartitionedByClause');
  if (!clause) throw unsupported('a graph that no operator reads', node);
  const entity = required(clause, 'Entity');
  const query = required(clause, 'Subquery');
  const name = nameOf(entity);
  const key = scope.compilation.expression(entity, scope);
  const make = compileMakeGraph(node, scope);
  const run = compilePart(query, graphColumns(node, scope.columns), scope);
  const { budget } = scope.compilation;
  return (edges) => {
    const column = expressionColumn(name, key, edges, budget);
    const groups = rowsByGroup(groupRows([column], edges.rowCount, budget));
    const parts = (edges.rowCount === 0 ? [] : groups).map((rows) => {
      const value = column.values()[rows[0] ?? 0] ?? null;
      return run(make(selectRows(edges, rows, budget), (table) => withValue(table, name, value, scope)));
    });
    return concatenate(
      parts,
      (query.columns ?? []).map(({ name: output, type }) => ({ name: output, type })),
    );
  };
}

/** What runs over the graph of each value: an operator over graphs, and operators over its rows behind it. */
function compilePart(node: KqlNode, columns: GraphColumns, scope: Scope): GraphStep {
  if (node.kind === 'PipeExpression') {
    const before = required(node, 'Expression');
    const first = compilePart(before, columns, scope);
    const next = scope.compilation.operator(required(node, 'Operator'), rowScope(scope, before.columns ?? [], before));
    return (graph) => next(first(graph));
  }
  const compile = GRAPH_STEPS.get(node.kind);
  if (!compile) throw unsupported('this operator over a graph', node);
  return compile(node, columns, scope);
}

/** Nodes of the same partition; a table without the column belongs to all. */
function withValue(table: Table, name: string, value: Value, scope: Scope): Table {
  const column = findColumn(table, name);
  if (!column) return table;
  const values = column.values();
  const wanted = groupKey(value, column.type);
  const rows = [...values.keys()].filter((row) => groupKey(values[row] ?? null, column.type) === wanted);
  return selectRows(table, Int32Array.from(rows), scope.compilation.budget);
}

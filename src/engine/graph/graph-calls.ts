import type { KqlNode } from '../../kql/ast.ts';
import { argumentsOf } from '../../kql/ast.ts';
import { functionName } from '../compile/calls/call.ts';
import { scalarFunction } from '../compile/calls/library.ts';
import { type Expression, type Getter, rowExpression } from '../compile/expression.ts';
import { nameOf } from '../compile/nodes.ts';
import { rowScope, type Scope } from '../compile/scope.ts';
import { unsupported } from '../problem.ts';
import { emptyValue } from '../runtime/column.ts';
import { findColumn, type Table } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { packed } from '../values/dynamic.ts';
import type { Graph } from './graph.ts';
import type { Match } from './match.ts';
import type { Pattern } from './pattern.ts';

/** What expressions of graph-match see: the graph that is searched and the match so far. Set anew for every run. */
export interface GraphView {
  graph: Graph;
  match: Match;
  readonly degrees: { in: Int32Array; out: Int32Array };
}

export type GetView = () => GraphView;

/** A row of one of the graph's two tables; -1: none. */
type RowOf = () => number;

function readColumn(table: () => Table, name: string, type: string, rowOf: RowOf): Expression {
  return rowExpression(type, () => {
    const values = findColumn(table(), name)?.values() ?? [];
    return () => {
      const row = rowOf();
      return row < 0 ? emptyValue(type) : (values[row] ?? emptyValue(type));
    };
  });
}

/** `node.property`. */
export function nodeProperty(view: GetView, variable: number, name: string, type: string): Expression {
  return readColumn(
    () => view().graph.nodes,
    name,
    type,
    () => view().match.nodes[variable] ?? -1,
  );
}

/** `edge.property`: of a path an array with one value for each edge. */
export function edgeProperty(
  view: GetView,
  edge: number,
  isPath: boolean,
  { name, type }: { readonly name: string; readonly type: string },
): Expression {
  const rows = (): readonly number[] => view().match.paths[edge] ?? [];
  const edges = (): Table => view().graph.edges;
  if (!isPath) return readColumn(edges, name, type, () => rows()[0] ?? -1);
  return rowExpression('dynamic', () => {
    const values = findColumn(edges(), name)?.values() ?? [];
    return () => rows().map((row) => packed(values[row] ?? null, type));
  });
}

/** The variable of a node or of one edge by itself: a bag of its properties; a path's an array with a bag for each edge. */
export function elementBag(
  table: () => Table,
  columns: Scope['columns'],
  rows: () => readonly number[],
  isPath: boolean,
): Expression {
  return rowExpression('dynamic', () => {
    const held = columns.map(({ name, type }) => ({ name, type, values: findColumn(table(), name)?.values() ?? [] }));
    const bagOf = (row: number): Value =>
      new Map(held.map(({ name, type, values }) => [name, packed(values[row] ?? emptyValue(type), type)]));
    return () => {
      const [first = -1] = rows();
      if (isPath) return rows().map(bagOf);
      return first < 0 ? null : bagOf(first);
    };
  });
}

interface PathRows {
  readonly table: (graph: Graph) => Table;
  readonly columns: Scope['columns'];
  readonly rows: () => readonly number[];
  readonly isNodes: boolean;
}

/** What the calls of a pattern need to know of it. */
export interface GraphNames {
  readonly pattern: Pattern;
  readonly view: GetView;
  readonly nodeColumns: Scope['columns'];
  readonly edgeColumns: Scope['columns'];
}

/** The edges of a named path, or with inner_nodes() the nodes between them. */
function pathRows(node: KqlNode | undefined, names: GraphNames): PathRows {
  const isNodes = node?.kind === 'FunctionCallExpression' && functionName(node) === 'inner_nodes';
  const path = isNodes ? argumentsOf(node)[0] : node;
  const edge = names.pattern.edges.findIndex(({ name }) => path !== undefined && name === nameOf(path));
  if (!node || edge < 0) throw unsupported('this argument of a function over paths', node ?? null);
  const { match } = { match: () => names.view().match };
  return isNodes
    ? { table: ({ nodes }) => nodes, columns: names.nodeColumns, rows: () => match().between[edge] ?? [], isNodes }
    : { table: ({ edges }) => edges, columns: names.edgeColumns, rows: () => match().paths[edge] ?? [], isNodes };
}

type Gather = (rows: readonly number[], get: Getter, type: string) => Value;

const GATHERS: ReadonlyMap<string, readonly [string, Gather]> = new Map<string, readonly [string, Gather]>([
  ['map', ['dynamic', (rows, get, type) => rows.map((row) => packed(get(row), type))]],
  ['all', ['bool', (rows, get) => rows.every((row) => get(row) === true)]],
  ['any', ['bool', (rows, get) => rows.some((row) => get(row) === true)]],
]);

/** `map(path, value)`, `all(path, test)`, `any(path, test)`. */
function overPath(
  node: KqlNode,
  [type, gather]: readonly [string, Gather],
  names: GraphNames,
  scope: Scope,
): Expression {
  const [path, value] = argumentsOf(node);
  const found = pathRows(path, names);
  if (!value) throw unsupported('a function over paths without two arguments', node);
  const inner: Scope = { ...rowScope(scope, found.columns), graph: found.isNodes ? nodeCalls(names) : noCalls };
  const expression = scope.compilation.expression(value, inner);
  return rowExpression(type, () => {
    const get = expression.bind(found.table(names.view().graph));
    return () => gather(found.rows(), get, expression.type);
  });
}

/** Facts of a node, by its number. */
const NODE_FACTS: ReadonlyMap<string, readonly [string, (view: GraphView, node: number) => Value]> = new Map<
  string,
  readonly [string, (view: GraphView, node: number) => Value]
>([
  ['node_degree_in', ['long', ({ degrees }, node) => degrees.in[node] ?? 0]],
  ['node_degree_out', ['long', ({ degrees }, node) => degrees.out[node] ?? 0]],
  ['node_id', ['string', ({ graph }, node) => graph.ids[node] ?? null]],
  ['labels', ['dynamic', () => []]],
]);

/** Functions that graph-match and graph-shortest-paths know beside all others. */
export const GRAPH_FUNCTIONS: readonly string[] = [...GATHERS.keys(), ...NODE_FACTS.keys(), 'inner_nodes'];

function nodeFact(node: KqlNode, names: GraphNames, rowOf: (row: number) => number): Expression {
  const [type, fact] = NODE_FACTS.get(functionName(node)) ?? ['dynamic', () => null];
  return rowExpression(type, () => (row) => fact(names.view(), rowOf(row)));
}

const noCalls = { call: (): null => null };

/** Inside inner_nodes(): the rows are nodes, and calls without arguments are about them. */
function nodeCalls(names: GraphNames): { call(node: KqlNode): Expression | null } {
  return {
    call: (node) => (NODE_FACTS.has(functionName(node)) ? nodeFact(node, names, (row) => row) : null),
  };
}

/** Calls that have a meaning of their own in graph-match. */
export function graphCalls(names: GraphNames): { call(node: KqlNode, scope: Scope): Expression | null } {
  return {
    call(node, scope) {
      const name = functionName(node);
      const gather = GATHERS.get(name);
      if (gather) return overPath(node, gather, names, scope);
      if (!NODE_FACTS.has(name) || scalarFunction(name).found) return null;
      const [argument] = argumentsOf(node);
      const variable = argument ? names.pattern.nodeNames.get(nameOf(argument)) : undefined;
      if (name === 'labels' && variable === undefined) return nodeFact(node, names, (row) => row);
      if (variable === undefined) throw unsupported(`${name}() of something else than a node`, node);
      return nodeFact(node, names, () => names.view().match.nodes[variable] ?? -1);
    },
  };
}

import type { KqlColumn, KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import { computeValues, type Expression } from '../compile/expression.ts';
import { expectParameters, nameOf, parametersOf, required } from '../compile/nodes.ts';
import { rowScope, type Scope, type TablePlan } from '../compile/scope.ts';
import { columnOf, type Values } from '../runtime/column.ts';
import { concatenate, selectRows, type Table, tableOf } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { groupKey } from '../values/group-key.ts';
import type { Graph } from './graph.ts';

/** A table of nodes and the column with their ids. */
interface NodeSource {
  readonly plan: TablePlan;
  readonly columns: readonly KqlColumn[];
  readonly id: Expression;
  readonly idColumn: string;
}

/** Makes a graph of rows that are its edges. `keep` leaves rows of the edges and of the node tables out. */
export type MakeGraph = (edges: Table, keep?: (table: Table) => Table) => Graph;

/** `make-graph source --> target with nodes on id`, or `with_node_id=name`. */
export function compileMakeGraph(node: KqlNode, scope: Scope): MakeGraph {
  expectParameters(node, parametersOf(node), []);
  const source = scope.compilation.expression(required(node, 'SourceColumn'), scope);
  const target = scope.compilation.expression(required(node, 'TargetColumn'), scope);
  const clause = childOf(node, 'WithClause');
  const idName = clause?.kind === 'MakeGraphWithImplicitIdClause' ? nameOf(required(clause, 'Name')) : null;
  const sources = clause ? itemsOf(clause, 'TablesAndKeys').map((item) => compileNodeSource(item, scope)) : [];
  const { budget } = scope.compilation;
  return (edges, keep = (table) => table) => {
    const nodeTables = sources.map(({ plan }) => keep(plan()));
    const nodeIds = sources.map(({ id }, index) => computeValues(id, nodeTables[index] ?? tableOf([], 0), budget));
    const ends = [source, target].map((end) => computeValues(end, edges, budget)) as [Values, Values];
    const numbers = numberNodes(nodeIds.flat(), sources[0]?.id.type ?? source.type, ends, source.type);
    budget.spend(numbers.ids.length);
    const columns = sources.flatMap((one) => one.columns).map(({ name, type }) => ({ name, type }));
    const known = selectRows(concatenate(nodeTables, distinct(columns)), numbers.rows, budget);
    const nodes = withIds(known, sources[0]?.idColumn ?? idName, source.type, numbers.ids);
    return { nodes, ids: numbers.ids, idType: source.type, edges, sources: numbers.sources, targets: numbers.targets };
  };
}

function compileNodeSource(item: KqlNode, scope: Scope): NodeSource {
  const table = required(item, 'Table');
  const column = required(item, 'Column');
  const columns = table.columns ?? [];
  return {
    plan: scope.compilation.table(table, scope),
    columns,
    id: scope.compilation.expression(column, rowScope(scope, columns)),
    idColumn: nameOf(column),
  };
}

function distinct(columns: readonly { name: string; type: string }[]): { name: string; type: string }[] {
  return [...new Map(columns.map((column) => [column.name, column])).values()];
}

interface Numbers {
  /** The row of each node among all rows of the node tables; -1 for nodes that only edges name. */
  readonly rows: Int32Array;
  readonly ids: Value[];
  readonly sources: Int32Array;
  readonly targets: Int32Array;
}

/** Nodes in the order of their tables, then of the edges; of several rows with one id the first counts. */
function numberNodes(nodeIds: Values, nodeType: string, ends: readonly [Values, Values], edgeType: string): Numbers {
  const numbers = new Map<unknown, number>();
  const rows: number[] = [];
  const ids: Value[] = [];
  const numberOf = (id: Value, type: string, row: number): number => {
    const key = groupKey(id, type);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, ids.length);
    rows.push(row);
    ids.push(id);
    return ids.length - 1;
  };
  nodeIds.forEach((id, row) => {
    numberOf(id, nodeType, row);
  });
  const pairs = ends[0].map((from, edge) => [
    numberOf(from, edgeType, -1),
    numberOf(ends[1][edge] ?? null, edgeType, -1),
  ]);
  return {
    rows: Int32Array.from(rows),
    ids,
    sources: Int32Array.from(pairs, ([from = 0]) => from),
    targets: Int32Array.from(pairs, ([, to = 0]) => to),
  };
}

/** The column of ids names every node, also those without a row of their own. */
function withIds(nodes: Table, idColumn: string | null, type: string, ids: readonly Value[]): Table {
  if (idColumn === null) return nodes;
  const own = nodes.columns.find(({ name }) => name === idColumn);
  const column = columnOf(idColumn, own?.type ?? type, ids);
  const columns = own ? nodes.columns.map((one) => (one === own ? column : one)) : [column, ...nodes.columns];
  return { ...nodes, columns };
}

import type { KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import { scalarFunction } from '../compile/calls/library.ts';
import { expectParameters, nameOf, parametersOf, parameterValue, required } from '../compile/nodes.ts';
import type { Scope } from '../compile/scope.ts';
import { unsupported } from '../problem.ts';
import { columnOf, type TableColumn } from '../runtime/column.ts';
import type { Table } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import type { Graph, GraphStep } from './graph.ts';

/** One table that graph-to-table gives, and the name that it gets for the statements behind it. */
export interface GraphTable {
  readonly name: string | null;
  readonly step: GraphStep;
}

/** `graph-to-table nodes | edges`: nodes are known by the hash of their id. */
export function compileGraphTables(node: KqlNode, scope: Scope): GraphTable[] {
  return itemsOf(node, 'OutputClause').map((clause) => {
    const entity = required(clause, 'EntityKeyword').text.toLowerCase();
    const parameters = parametersOf(clause);
    const as = childOf(clause, 'AsClause');
    const name = as ? nameOf(required(as, 'Name')) : null;
    const wanted = (parameter: string): string | null => parameterValue(parameters.get(parameter));
    expectParameters(clause, parameters, entity === 'nodes' ? ['with_node_id'] : ['with_source_id', 'with_target_id']);
    if (entity === 'nodes') return { name, step: (graph) => nodesTable(graph, wanted('with_node_id'), clause, scope) };
    const ids = [wanted('with_source_id'), wanted('with_target_id')] as const;
    return { name, step: (graph) => edgesTable(graph, ids, clause, scope) };
  });
}

function nodesTable(graph: Graph, idName: string | null, clause: KqlNode, scope: Scope): Table {
  if (idName === null) return graph.nodes;
  return { ...graph.nodes, columns: [columnOf(idName, 'long', hashes(graph, clause, scope)), ...graph.nodes.columns] };
}

function edgesTable(
  graph: Graph,
  names: readonly [string | null, string | null],
  clause: KqlNode,
  scope: Scope,
): Table {
  const [source, target] = names;
  if (source === null && target === null) return graph.edges;
  const known = hashes(graph, clause, scope);
  const column = (name: string | null, nodes: Int32Array): TableColumn[] =>
    name === null
      ? []
      : [
          columnOf(
            name,
            'long',
            Array.from(nodes, (node) => known[node] ?? null),
          ),
        ];
  return {
    ...graph.edges,
    columns: [...column(source, graph.sources), ...column(target, graph.targets), ...graph.edges.columns],
  };
}

function hashes({ ids, idType }: Graph, clause: KqlNode, scope: Scope): Value[] {
  const hash = scalarFunction('hash').found?.bind([idType], 'long', [], scope.compilation.evaluation);
  if (!hash) throw unsupported(`ids of nodes of type ${idType}`, clause);
  return ids.map((id) => hash(id));
}

import type { KqlColumn } from '../../kql/ast.ts';
import type { Values } from '../runtime/column.ts';
import type { Table } from '../runtime/table.ts';

/** Nodes and directed edges, both with properties. Nodes and edges are numbered as their rows are. */
export interface Graph {
  readonly nodes: Table;
  /** What each node is known by in the edges' columns. */
  readonly ids: Values;
  readonly idType: string;
  readonly edges: Table;
  readonly sources: Int32Array;
  readonly targets: Int32Array;
}

/** Edges by their node: those that leave it, and those that arrive. */
export interface Neighbourhood {
  readonly leaving: readonly (readonly number[])[];
  readonly arriving: readonly (readonly number[])[];
}

export function neighbourhoodOf({ nodes, sources, targets }: Graph): Neighbourhood {
  const leaving = Array.from({ length: nodes.rowCount }, (): number[] => []);
  const arriving = Array.from({ length: nodes.rowCount }, (): number[] => []);
  sources.forEach((node, edge) => {
    leaving[node]?.push(edge);
  });
  targets.forEach((node, edge) => {
    arriving[node]?.push(edge);
  });
  return { leaving, arriving };
}

/** The columns that nodes and edges of a graph have, as far as the query tells. */
export interface GraphColumns {
  readonly nodes: readonly KqlColumn[];
  readonly edges: readonly KqlColumn[];
}

/** A graph, ready to be made; asked twice it answers from memory. */
export interface GraphPlan {
  readonly columns: GraphColumns;
  graph(): Graph;
}

/** Runs over a graph and gives rows. */
export type GraphStep = (graph: Graph) => Table;

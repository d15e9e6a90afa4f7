import { columnOf } from '../runtime/column.ts';
import { type Graph, type Neighbourhood, neighbourhoodOf } from './graph.ts';

/** Numbers of connected components, in the order of their first nodes. */
export function markComponents(graph: Graph, isStrong: boolean, name: string): Graph {
  const roots = isStrong ? strongRoots(graph) : weakRoots(graph);
  const numbers = new Map<number, number>();
  const marks = Array.from(roots, (root) => {
    const number = numbers.get(root) ?? numbers.size;
    numbers.set(root, number);
    return number;
  });
  const others = graph.nodes.columns.filter((column) => column.name !== name);
  return { ...graph, nodes: { ...graph.nodes, columns: [...others, columnOf(name, 'long', marks)] } };
}

/** A node that stands for each component, whatever the direction of edges. */
function weakRoots({ nodes, sources, targets }: Graph): Int32Array {
  const parents = Int32Array.from({ length: nodes.rowCount }, (_, node) => node);
  const rootOf = (node: number): number => {
    let root = node;
    while (parents[root] !== root) root = parents[root] ?? root;
    for (let next = node; next !== root; ) {
      const parent = parents[next] ?? root;
      parents[next] = root;
      next = parent;
    }
    return root;
  };
  sources.forEach((from, edge) => {
    parents[rootOf(from)] = rootOf(targets[edge] ?? from);
  });
  return parents.map((_, node) => rootOf(node));
}

/** Nodes that are left for good, the last ones first: the order for the second pass (Kosaraju). */
function finishingOrder({ nodes, targets }: Graph, { leaving }: Neighbourhood): number[] {
  const seen = new Uint8Array(nodes.rowCount);
  const order: number[] = [];
  for (let start = 0; start < nodes.rowCount; start += 1) {
    const path = seen[start] ? [] : [{ node: start, next: 0 }];
    seen[start] = 1;
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const edge = leaving[top.node]?.[top.next];
      top.next += 1;
      if (edge === undefined) order.push(path.pop()?.node ?? 0);
      else if (!seen[targets[edge] ?? 0]) {
        seen[targets[edge] ?? 0] = 1;
        path.push({ node: targets[edge] ?? 0, next: 0 });
      }
    }
  }
  return order.toReversed();
}

/** A node that stands for each component whose nodes reach each other. */
function strongRoots(graph: Graph): Int32Array {
  const around = neighbourhoodOf(graph);
  const roots = new Int32Array(graph.nodes.rowCount).fill(-1);
  for (const start of finishingOrder(graph, around)) {
    const open = roots[start] === -1 ? [start] : [];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (roots[node] !== -1) continue;
      roots[node] = start;
      for (const edge of around.arriving[node] ?? []) open.push(graph.sources[edge] ?? 0);
    }
  }
  return roots;
}

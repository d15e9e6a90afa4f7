import type { Budget } from '../budget.ts';
import { type Graph, type Neighbourhood, neighbourhoodOf } from './graph.ts';
import type { Pattern, PatternEdge, SearchStep } from './pattern.ts';

/** What a match has bound so far: a node for each node variable, a path of edges for each edge variable. Changed in place. */
export interface Match {
  /** -1: not bound. */
  readonly nodes: Int32Array;
  readonly paths: (readonly number[] | null)[];
  /** The nodes between the edges of each path. */
  readonly between: (readonly number[])[];
}

export type Cycles = 'all' | 'none' | 'unique_edges';

export interface Search {
  readonly graph: Graph;
  readonly pattern: Pattern;
  readonly start: number;
  readonly steps: readonly SearchStep[];
  readonly cycles: Cycles;
  /** How many edges all paths together have; null: as many as the pattern allows. */
  readonly total: number | null;
  readonly budget: Budget;
  acceptsNode(variable: number, node: number): boolean;
  acceptsEdge(variable: number, edge: number): boolean;
  /** Whether the conditions hold that can be told once so many steps are bound. */
  holds(steps: number): boolean;
  /** Takes a match. */
  found(): void;
}

export function newMatch({ nodeCount, edges }: Pattern): Match {
  return { nodes: new Int32Array(nodeCount).fill(-1), paths: edges.map(() => null), between: edges.map(() => []) };
}

/** A path that is being walked, from one side of a pattern's edge to the other. */
interface Walk {
  readonly step: number;
  readonly edge: PatternEdge;
  readonly variable: number;
  readonly fromLeft: boolean;
  readonly path: number[];
  readonly passed: number[];
}

interface State {
  readonly search: Search;
  readonly match: Match;
  readonly around: Neighbourhood;
  /** How often each edge and each node is part of the match. */
  readonly usedEdges: Uint8Array;
  readonly usedNodes: Uint8Array;
  /** Edges of all paths so far. */
  length: number;
  reached: boolean;
}

/** Finds every match, in the order of nodes and edges. Tells whether any path was as long as `total` asks for. */
export function findMatches(search: Search, match: Match): boolean {
  const { graph, budget, start } = search;
  const state: State = {
    search,
    match,
    around: neighbourhoodOf(graph),
    usedEdges: new Uint8Array(graph.edges.rowCount),
    usedNodes: new Uint8Array(graph.nodes.rowCount),
    length: 0,
    reached: false,
  };
  for (let node = 0; node < graph.nodes.rowCount; node += 1) {
    budget.tick(1);
    if (!search.acceptsNode(start, node)) continue;
    bind(state, start, node);
    extend(state, 0);
    release(state, start);
  }
  return state.reached;
}

function use(used: Uint8Array, index: number, count: 1 | -1): void {
  used[index] = (used[index] ?? 0) + count;
}

function bind({ match, usedNodes }: State, variable: number, node: number): void {
  match.nodes[variable] = node;
  use(usedNodes, node, 1);
}

function release({ match, usedNodes }: State, variable: number): void {
  use(usedNodes, match.nodes[variable] ?? 0, -1);
  match.nodes[variable] = -1;
}

/** Goes on with a step of the plan; behind the last one there is a match. */
function extend(state: State, step: number): void {
  const { search, match } = state;
  if (!search.holds(step)) return;
  const next = search.steps[step];
  const edge = next && search.pattern.edges[next.edge];
  if (!next || !edge) {
    if (search.total === null || state.length === search.total) search.found();
    return;
  }
  const from = match.nodes[next.fromLeft ? edge.left : edge.right] ?? 0;
  walk(state, { step, edge, variable: next.edge, fromLeft: next.fromLeft, path: [], passed: [] }, from);
}

/** Ends the path here, if it may be long enough, and goes on from here. */
function walk(state: State, at: Walk, node: number): void {
  const { cycles, total } = state.search;
  if (at.path.length >= at.edge.least) close(state, at, node);
  if (at.path.length >= at.edge.most || (total !== null && state.length >= total)) return;
  const isInner = at.path.length > 0;
  if (isInner && cycles === 'none' && state.usedNodes[node] !== 0) return;
  if (isInner) {
    use(state.usedNodes, node, 1);
    at.passed.push(node);
  }
  for (const [edge, other] of edgesFrom(state, node, at)) follow(state, at, edge, other);
  if (isInner) {
    use(state.usedNodes, node, -1);
    at.passed.pop();
  }
}

function follow(state: State, at: Walk, edge: number, other: number): void {
  const { search, usedEdges } = state;
  search.budget.tick(1);
  if ((search.cycles !== 'all' && usedEdges[edge] !== 0) || !search.acceptsEdge(at.variable, edge)) return;
  use(usedEdges, edge, 1);
  at.path.push(edge);
  state.length += 1;
  if (state.length === search.total) state.reached = true;
  walk(state, at, other);
  state.length -= 1;
  at.path.pop();
  use(usedEdges, edge, -1);
}

/** Takes the path as the pattern's edge, where its other side may be this node. */
function close(state: State, at: Walk, node: number): void {
  const { match } = state;
  const variable = at.fromLeft ? at.edge.right : at.edge.left;
  const bound = match.nodes[variable] ?? -1;
  if (bound >= 0 ? bound !== node : isRefused(state, variable, node, at.path.length)) return;
  match.paths[at.variable] = at.fromLeft ? [...at.path] : at.path.toReversed();
  match.between[at.variable] = at.fromLeft ? [...at.passed] : at.passed.toReversed();
  if (bound < 0) bind(state, variable, node);
  extend(state, at.step + 1);
  if (bound < 0) release(state, variable);
  match.paths[at.variable] = null;
}

function isRefused({ search, usedNodes }: State, variable: number, node: number, length: number): boolean {
  return !search.acceptsNode(variable, node) || (search.cycles === 'none' && length > 0 && usedNodes[node] !== 0);
}

/** Edges that leave a node in the direction of the pattern, with the nodes they lead to. */
function edgesFrom({ search, around }: State, node: number, { edge, fromLeft }: Walk): (readonly [number, number])[] {
  const { graph } = search;
  const out = (around.leaving[node] ?? []).map((one) => [one, graph.targets[one] ?? 0] as const);
  const into = (around.arriving[node] ?? []).map((one) => [one, graph.sources[one] ?? 0] as const);
  if (edge.direction === 'any') return [...out, ...into.filter(([, other]) => other !== node)];
  return (edge.direction === 'right') === fromLeft ? out : into;
}

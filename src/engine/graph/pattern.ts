import type { KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import { evaluateOnce } from '../compile/expression.ts';
import { nameOf } from '../compile/nodes.ts';
import type { Scope } from '../compile/scope.ts';
import { queryFailed, unsupported } from '../problem.ts';

/** An edge between two node variables, or a path of so many edges. */
export interface PatternEdge {
  readonly name: string | null;
  /** Numbers of the node variables on both sides, as they are written. */
  readonly left: number;
  readonly right: number;
  readonly direction: 'right' | 'left' | 'any';
  readonly least: number;
  readonly most: number;
  /** Whether it has a variable length: its properties are then arrays. */
  readonly isPath: boolean;
}

/** What graph-match looks for: nodes by number, some of them named, and the edges between them. */
export interface Pattern {
  readonly nodeCount: number;
  readonly nodeNames: ReadonlyMap<string, number>;
  readonly edges: readonly PatternEdge[];
}

const DIRECTIONS: readonly (readonly [RegExp, PatternEdge['direction']])[] = [
  [/^<.*>$/, 'any'],
  [/>$/, 'right'],
  [/^</, 'left'],
];

function directionOf(edge: KqlNode): PatternEdge['direction'] {
  const text = `${childOf(edge, 'FirstToken')?.text ?? ''}${childOf(edge, 'LastToken')?.text ?? ''}`;
  return DIRECTIONS.find(([form]) => form.test(text))?.[1] ?? 'any';
}

function lengthOf(edge: KqlNode, scope: Scope): Pick<PatternEdge, 'least' | 'most' | 'isPath'> {
  const range = childOf(edge, 'Range');
  if (!range) return { least: 1, most: 1, isPath: false };
  const [least, most] = ['RangeStart', 'RangeEnd'].map((role) => {
    const bound = childOf(range, role);
    if (!bound) throw unsupported('an edge of variable length without both limits', range);
    return Number(evaluateOnce(scope.compilation.expression(bound, scope)));
  });
  if (least === undefined || most === undefined || !(least >= 0 && most >= least))
    throw queryFailed('The limits of an edge of variable length are not valid.', range);
  return { least, most, isPath: true };
}

function declaredName(element: KqlNode): string | null {
  const name = childOf(element, 'Name');
  return name ? nameOf(name) : null;
}

/** Reads the sequences of nodes and edges; a name that comes again is the same node. */
export function compilePattern(node: KqlNode, scope: Scope): Pattern {
  const names = new Map<string, number>();
  const edges: PatternEdge[] = [];
  let nodeCount = 0;
  const numberOf = (element: KqlNode): number => {
    const name = declaredName(element);
    const known = name === null ? undefined : names.get(name);
    if (known !== undefined) return known;
    if (name !== null) names.set(name, nodeCount);
    nodeCount += 1;
    return nodeCount - 1;
  };
  for (const sequence of itemsOf(node, 'Patterns')) {
    const elements = itemsOf(sequence, 'PatternElements');
    let [left, open]: [number, KqlNode | null] = [-1, null];
    for (const element of elements) {
      if (element.kind === 'GraphMatchPatternEdge') {
        open = element;
        continue;
      }
      const right = numberOf(element);
      if (open)
        edges.push({ name: declaredName(open), left, right, direction: directionOf(open), ...lengthOf(open, scope) });
      [left, open] = [right, null];
    }
  }
  refuseRepeated(edges, node);
  return { nodeCount, nodeNames: names, edges };
}

function refuseRepeated(edges: readonly PatternEdge[], node: KqlNode): void {
  const names = edges.flatMap(({ name }) => name ?? []);
  if (new Set(names).size < names.length) throw unsupported('an edge that is named twice in a pattern', node);
}

/** The steps of a search from one node: edges one after another, each from a side that is known by then. */
export interface SearchStep {
  readonly edge: number;
  readonly fromLeft: boolean;
}

export function planSearch({ edges, nodeCount }: Pattern, start: number, node: KqlNode): SearchStep[] {
  const known = new Set([start]);
  const open = new Set(edges.keys());
  const steps: SearchStep[] = [];
  while (open.size > 0) {
    const next = [...open].find((index) => known.has(edges[index]?.left ?? -1) || known.has(edges[index]?.right ?? -1));
    const edge = next === undefined ? undefined : edges[next];
    if (next === undefined || !edge) break;
    open.delete(next);
    steps.push({ edge: next, fromLeft: known.has(edge.left) });
    known.add(edge.left).add(edge.right);
  }
  if (known.size < nodeCount)
    throw queryFailed('The sequences of the pattern are not connected with each other.', node);
  return steps;
}

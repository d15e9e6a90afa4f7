import { argumentsOf, childOf, type KqlNode } from '../ast.ts';
import { constantOf } from './constant.ts';
import { declare, type Environment, enterCall } from './environment.ts';
import { calledName } from './nodes.ts';

interface Distances {
  farthest: number;
  constant: boolean;
  /** Spans of the query's text that do not count. */
  readonly unmeasured: ReadonlySet<string>;
}

/** Largest constant distance from now in ms; null where a distance is not constant; 0 where there is none. */
export function reachOf(root: KqlNode, environment: Environment, unmeasured: ReadonlySet<string>): number | null {
  const distances: Distances = { farthest: 0, constant: true, unmeasured };
  measure(root, environment, distances);
  return distances.constant ? distances.farthest : null;
}

/** Follows what runs: bodies of called functions with their arguments, and not the declarations; constants where they are used. */
function measure(node: KqlNode, environment: Environment, distances: Distances): void {
  if (node.kind === 'FunctionDeclaration') return;
  if (distances.unmeasured.has(`${node.start + environment.shift}:${node.end + environment.shift}`)) return;
  if (node.kind === 'LetStatement') {
    declare(node, environment);
    const value = childOf(node, 'Expression');
    if (value && constantOf(value, environment)) return;
  }
  const constant = node.type === 'datetime' ? constantOf(node, environment) : null;
  if (constant?.kind === 'instant') {
    distances.farthest = Math.max(distances.farthest, -constant.offsetMs);
    return;
  }
  if (isOpenDistance(node)) distances.constant = false;
  const body = enterCall(node, environment, null);
  if (body) measure(body.node, body.environment, distances);
  for (const child of node.children) measure(child, environment, distances);
}

/** A distance from now that `constantOf` could not tell. */
function isOpenDistance(node: KqlNode): boolean {
  if (isTimeCall(node)) return argumentsOf(node).length > 0;
  const name = node.kind === 'FunctionCallExpression' && node.reference?.builtIn ? calledName(node) : '';
  if (name === 'datetime_add') return hasNow(argumentsOf(node)[2] ?? null);
  if (node.kind !== 'SubtractExpression' || node.type !== 'datetime') return false;
  return hasNow(childOf(node, 'Left'));
}

function hasNow(node: KqlNode | null): boolean {
  return node !== null && isTimeCall(node);
}

/** `now` and `ago` of the language itself; a function of the query with such a name is none. */
export function isTimeCall(node: KqlNode): boolean {
  if (node.kind !== 'FunctionCallExpression' || !node.reference?.builtIn) return false;
  return node.reference.name === 'now' || node.reference.name === 'ago';
}

import { childOf, type KqlNode } from '../ast.ts';
import type { FindingList } from '../findings.ts';
import { warn } from '../findings.ts';
import { constantOf } from './constant.ts';
import { declare, type Environment, enterCall } from './environment.ts';
import { argumentsOf, calledName } from './nodes.ts';

interface Distances {
  farthest: number;
  constant: boolean;
  readonly findings: FindingList;
}

/** Largest constant distance from now in ms; null, with a warning, where a distance is not constant; 0 where there is none. */
export function reachOf(root: KqlNode, environment: Environment, findings: FindingList): number | null {
  const distances: Distances = { farthest: 0, constant: true, findings };
  measure(root, environment, distances);
  return distances.constant ? distances.farthest : null;
}

/** Follows what runs: bodies of called functions with their arguments, and not the declarations. */
function measure(node: KqlNode, environment: Environment, distances: Distances): void {
  if (node.kind === 'FunctionDeclaration') return;
  if (node.kind === 'LetStatement') declare(node, environment);
  const constant = node.type === 'datetime' ? constantOf(node, environment) : null;
  if (constant?.kind === 'instant') {
    distances.farthest = Math.max(distances.farthest, -constant.offsetMs);
    return;
  }
  if (isOpenDistance(node)) report(node, environment, distances);
  const body = enterCall(node, environment, null);
  if (body) measure(body.node, body.environment, distances);
  for (const child of node.children) measure(child, environment, distances);
}

function report(node: KqlNode, environment: Environment, distances: Distances): void {
  const at = { start: node.start + environment.shift, end: node.end + environment.shift };
  distances.constant = false;
  warn(
    distances.findings,
    'reach-not-constant',
    at,
    'How far back this looks is not constant, so it cannot be compared with the lookback of the rule.',
    'Write a constant distance, for example ago(7d).',
  );
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

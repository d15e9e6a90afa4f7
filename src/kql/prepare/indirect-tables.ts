import { argumentsOf, itemsOf, type KqlNode, type KqlTree } from '../ast.ts';
import type { PrepareOptions } from '../prepared.ts';
import { constantOf } from './constant.ts';
import { createEnvironment, declare, type Environment, enterCall } from './environment.ts';
import { calledName } from './nodes.ts';

/** By the place of a `table(x)` the names that x has in all calls of the function that holds it; null: one of them cannot be told. */
export type IndirectTables = ReadonlyMap<string, ReadonlySet<string> | null>;

/** Which tables `table()` of a name, a parameter mostly, stands for, followed through every call. */
export function indirectTables(tree: KqlTree, options: PrepareOptions): IndirectTables {
  const found = new Map<string, Set<string> | null>();
  const environment = createEnvironment(options.params);
  for (const statement of itemsOf(tree.root, 'Statements')) visit(statement, environment, found);
  return found;
}

function visit(node: KqlNode, environment: Environment, found: Map<string, Set<string> | null>): void {
  if (node.kind === 'LetStatement') declare(node, environment);
  if (node.kind === 'FunctionDeclaration') return;
  if (isTableCall(node)) note(node, environment, found);
  const body = enterCall(node, environment, null);
  if (body) visit(body.node, body.environment, found);
  for (const child of node.children) visit(child, environment, found);
}

export function isTableCall(node: KqlNode): boolean {
  if (node.kind !== 'FunctionCallExpression') return false;
  return node.reference?.builtIn === true && calledName(node) === 'table';
}

/** The name that the argument of `table()` has in a scope; null where it is no constant text. */
export function tableNamed(call: KqlNode, environment: Environment): string | null {
  const argument = argumentsOf(call)[0];
  const value = argument ? constantOf(argument, environment) : null;
  return value?.kind === 'text' && value.value !== '' ? value.value : null;
}

function note(call: KqlNode, environment: Environment, found: Map<string, Set<string> | null>): void {
  const place = placeKey(call, environment.shift);
  const names = found.get(place);
  const name = tableNamed(call, environment);
  if (name === null || names === null) found.set(place, null);
  else found.set(place, (names ?? new Set()).add(name));
}

export function placeKey({ start, end }: Pick<KqlNode, 'start' | 'end'>, shift = 0): string {
  return `${start + shift}:${end + shift}`;
}

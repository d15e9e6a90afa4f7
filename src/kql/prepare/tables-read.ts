import type { KqlNode } from '../ast.ts';
import { declare, type Environment, enterCall, remember, resolve } from './environment.ts';
import { placeKey, tableNamed } from './indirect-tables.ts';
import type { TableUse } from './table-uses.ts';

/** Finds the tables that stand at a place of the query. */
export interface UseIndex {
  at(node: KqlNode, environment: Environment): readonly TableUse[];
}

export function indexUses(uses: readonly TableUse[]): UseIndex {
  const byPlace = new Map<string, TableUse[]>();
  for (const use of uses) {
    const place = placeKey(use);
    byPlace.set(place, [...(byPlace.get(place) ?? []), use]);
  }
  return {
    at: (node, environment) => {
      const found = byPlace.get(placeKey(node, environment.shift)) ?? [];
      if (!found[0]?.indirect) return found;
      const name = tableNamed(node, environment);
      return name === null ? found : found.filter(({ table }) => table === name);
    },
  };
}

/** Every table that an expression reads, also through variables and called functions. */
export function tablesRead(node: KqlNode, environment: Environment, index: UseIndex): ReadonlySet<TableUse> {
  return remember(environment, 'tables', node, () => {
    const found = new Set<TableUse>();
    readInto(found, node, environment, index);
    return found;
  });
}

function readInto(found: Set<TableUse>, node: KqlNode, environment: Environment, index: UseIndex): void {
  if (node.kind === 'FunctionDeclaration') return;
  for (const use of index.at(node, environment)) found.add(use);
  const bound = resolve(node, environment);
  if (bound) for (const use of tablesRead(bound.node, bound.environment, index)) found.add(use);
  const body = enterCall(node, environment, null);
  if (body) for (const use of tablesRead(body.node, body.environment, index)) found.add(use);
  if (node.kind === 'LetStatement') declare(node, environment);
  for (const child of node.children) if (child.text === '') readInto(found, child, environment, index);
}

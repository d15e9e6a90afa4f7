import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import type { AliasTargets } from './alias-targets.ts';

/** One document of a file with what is needed to find values in it without a walk for each. */
export interface IndexedDocument {
  readonly document: Document;
  readonly aliases: AliasTargets;
  /** The entries of the maps that were looked into, by their keys' texts. */
  readonly entries: Map<YAMLMap, ReadonlyMap<string, Pair>>;
}

export interface FoundNode {
  /** Offset of the deepest key found on the way. */
  readonly key: number | null;
  /** The node at the path, or null where the path leads nowhere. */
  readonly value: unknown;
}

export function findNode(indexed: IndexedDocument, path: readonly (string | number)[]): FoundNode {
  const { contents } = indexed.document;
  let found: FoundNode = { key: startOf(contents), value: contents };
  for (const step of path) {
    const next = childOf(indexed, found.value, step);
    if (next === null) return { key: found.key, value: null };
    found = next;
  }
  return { ...found, value: resolved(indexed, found.value) };
}

/** Where a node begins in the file. */
export function startOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}

function resolved({ aliases }: IndexedDocument, node: unknown): unknown {
  return isAlias(node) ? aliases.get(node) : node;
}

function childOf(indexed: IndexedDocument, parent: unknown, step: string | number): FoundNode | null {
  const node = resolved(indexed, parent);
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return item === undefined ? null : { key: startOf(item), value: item };
  }
  const pair = isMap(node) ? entriesOf(indexed, node).get(String(step)) : undefined;
  return pair === undefined ? null : { key: startOf(pair.key), value: pair.value };
}

/** Of a key that stands there twice the first entry. */
function entriesOf({ entries }: IndexedDocument, map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = entries.get(map);
  if (known) return known;
  const made = new Map<string, Pair>();
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : null;
    if (key !== null && !made.has(key)) made.set(key, pair);
  }
  entries.set(map, made);
  return made;
}

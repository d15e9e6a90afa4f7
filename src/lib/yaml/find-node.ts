import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import type { AliasTargets } from './alias-targets.ts';
import { isMergeKey } from './plain-value.ts';

/** One document of a file with what is needed to find values in it without a walk for each. */
export interface IndexedDocument {
  readonly document: Pick<Document, 'contents' | 'range'> & { readonly errors: readonly unknown[] };
  readonly aliases: AliasTargets;
  /** The entries of the maps that were looked into, by their keys' texts. */
  readonly entries: Map<YAMLMap, ReadonlyMap<string, Pair>>;
}

export interface FoundNode {
  /** Offset of the deepest key found on the way, of a quoted one that of its word. */
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

/** Where the word of a key begins, behind its quote. */
function wordOf(key: unknown): number | null {
  const start = startOf(key);
  const isQuoted = isScalar(key) && (key.type === 'QUOTE_DOUBLE' || key.type === 'QUOTE_SINGLE');
  return start !== null && isQuoted ? start + 1 : start;
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
  return pair === undefined ? null : { key: wordOf(pair.key), value: pair.value };
}

/** Of a key that stands there twice the first entry; what a merge key brings comes last. */
function entriesOf(indexed: IndexedDocument, map: YAMLMap, depth = 0): ReadonlyMap<string, Pair> {
  const known = indexed.entries.get(map);
  if (known) return known;
  const own = map.items.filter((pair) => !isMergeKey(pair));
  const merged =
    depth < DEEPEST_MERGE ? map.items.filter(isMergeKey).flatMap((pair) => mapsOf(indexed, pair.value)) : [];
  const made = new Map<string, Pair>();
  for (const pair of own) addEntry(made, isScalar(pair.key) ? String(pair.key.value) : null, pair);
  for (const one of merged) for (const [key, pair] of entriesOf(indexed, one, depth + 1)) addEntry(made, key, pair);
  indexed.entries.set(map, made);
  return made;
}

/** Beyond that the value has been refused. */
const DEEPEST_MERGE = 64;

function addEntry(made: Map<string, Pair>, key: string | null, pair: Pair): void {
  if (key !== null && !made.has(key)) made.set(key, pair);
}

/** The maps that stand behind a merge key. */
function mapsOf(indexed: IndexedDocument, value: unknown): readonly YAMLMap[] {
  const node = resolved(indexed, value);
  const all: readonly unknown[] = isSeq(node) ? node.items.map((item) => resolved(indexed, item)) : [node];
  return all.filter((one): one is YAMLMap => isMap(one));
}

import { type Alias, isAlias, isMap, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { AliasTargets } from './alias-targets.ts';

export interface ValueLimits {
  readonly maxDepth: number;
  /** Nodes after aliases are expanded. */
  readonly maxNodes: number;
}

interface Conversion {
  readonly aliases: AliasTargets;
  readonly limits: ValueLimits;
  readonly report: (node: unknown, message: string) => void;
  nodes: number;
  tooDeep: boolean;
}

/**
 * The contents of a document as frozen plain data: strings, booleans, null, lists, objects, numbers, and bigint where an integer lies beyond 2^53.
 * What has no such form is reported and becomes null.
 */
export function plainValue(
  contents: unknown,
  aliases: AliasTargets,
  limits: ValueLimits,
  report: (node: unknown, message: string) => void,
): unknown {
  return convert({ aliases, limits, report, nodes: 0, tooDeep: false }, contents, 0);
}

function convert(conversion: Conversion, node: unknown, depth: number): unknown {
  if (isBeyondLimits(conversion, node, depth)) return null;
  if (isAlias(node)) return convertAlias(conversion, node, depth);
  if (isMap(node)) return convertMap(conversion, node, depth);
  if (isSeq(node)) return convertList(conversion, node, depth);
  return isScalar(node) ? convertScalar(conversion, node) : null;
}

function isBeyondLimits(conversion: Conversion, node: unknown, depth: number): boolean {
  conversion.nodes += 1;
  const { maxDepth, maxNodes } = conversion.limits;
  if (conversion.nodes === maxNodes + 1) {
    conversion.report(node, `The document has more than ${maxNodes} values, aliases counted in full.`);
  }
  if (conversion.nodes > maxNodes) return true;
  if (depth <= maxDepth) return false;
  if (!conversion.tooDeep) conversion.report(node, `Values are nested more than ${maxDepth} levels deep.`);
  conversion.tooDeep = true;
  return true;
}

function convertAlias(conversion: Conversion, node: Alias, depth: number): unknown {
  const target = conversion.aliases.get(node);
  if (target !== undefined) return convert(conversion, target, depth + 1);
  conversion.report(node, 'The alias names no anchor that stands before it.');
  return null;
}

/** What a merge key (`<<`) brings stands behind the map's own entries, and gives way to them. */
function convertMap(conversion: Conversion, map: YAMLMap, depth: number): unknown {
  const entries = new Map<string, unknown>();
  let merged: Readonly<Record<string, unknown>> = {};
  for (const pair of map.items) {
    const key = keyText(conversion, pair);
    if (key === null) continue;
    if (entries.has(key)) conversion.report(pair.key, 'The key stands here a second time.');
    const value = convert(conversion, pair.value, depth + 1);
    if (isMergeKey(pair)) merged = mergedOf(conversion, pair, value);
    else entries.set(key, value);
  }
  return Object.freeze({ ...Object.fromEntries(entries), ...withoutKeys(merged, entries) });
}

/** `<<` in quotes is a key like any other. */
export function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

/** Of a list, earlier maps win. */
function mergedOf(conversion: Conversion, pair: Pair, value: unknown): Readonly<Record<string, unknown>> {
  const maps = Array.isArray(value) ? [...value].reverse() : [value];
  if (maps.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one)))
    return Object.assign({}, ...maps) as Readonly<Record<string, unknown>>;
  conversion.report(pair.key, 'The merge key "<<" takes a map or a list of maps.');
  return {};
}

function withoutKeys(
  merged: Readonly<Record<string, unknown>>,
  own: ReadonlyMap<string, unknown>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(merged).filter(([key]) => !own.has(key)));
}

/** `__proto__` is refused: no schema knows it, and it is only ever meant to harm. */
function keyText(conversion: Conversion, pair: Pair): string | null {
  const key = isAlias(pair.key) ? conversion.aliases.get(pair.key) : pair.key;
  const text = isScalar(key) ? (typeof key.value === 'string' ? key.value : key.source) : undefined;
  if (text !== undefined && text !== '__proto__') return text;
  conversion.report(pair.key, 'A key must be plain text.');
  return null;
}

function convertList(conversion: Conversion, list: YAMLSeq, depth: number): unknown {
  return Object.freeze(list.items.map((item) => convert(conversion, item, depth + 1)));
}

function convertScalar(conversion: Conversion, node: { readonly value: unknown }): unknown {
  const { value } = node;
  if (typeof value === 'bigint') {
    const near = Number(value);
    return Number.isSafeInteger(near) ? near : value;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    conversion.report(node, 'The number must be finite.');
    return null;
  }
  return value ?? null;
}

import type { Bag, ScalarCall, ScalarFunction, Value } from '../value.ts';
import { isArray, isBag, jsonText, packed, textOfDynamic } from '../values/dynamic.ts';
import { textOf } from '../values/text.ts';
import { alias, define, defineBound, type FunctionBinding } from './define.ts';
import { type PathStep, parseJsonPath } from './json-path.ts';

/** Names and values in turn. */
function bindPack({ types }: FunctionBinding): ScalarCall | null {
  if (types.length % 2 === 1) return null;
  return (...values) => {
    const bag = new Map<string, Value>();
    for (let index = 0; index < types.length; index += 2) {
      const name = textOf(values[index] ?? null, types[index] ?? 'string');
      bag.set(name, packed(values[index + 1] ?? null, types[index + 1] ?? 'dynamic'));
    }
    return bag;
  };
}

/** All entries; where bags share a name, the one further left wins. */
function merge(...values: readonly Value[]): Value {
  const bags = values.filter(isBag);
  const merged = new Map<string, Value>();
  for (const bag of bags) {
    for (const [key, value] of bag) if (!merged.has(key)) merged.set(key, value);
  }
  return bags.length === 0 ? null : merged;
}

/** A copy without what the path leads to. */
function removed(value: Value, [step, ...rest]: readonly PathStep[]): Value {
  if (typeof step !== 'string' || !isBag(value)) return value;
  const copy = new Map(value);
  if (rest.length === 0) copy.delete(step);
  else if (copy.has(step)) copy.set(step, removed(copy.get(step) ?? null, rest));
  return copy;
}

function removeKeys(bag: Value, keys: Value): Value {
  if (!isBag(bag)) return null;
  const paths = (isArray(keys) ? keys : []).map((key) => parseJsonPath(textOfDynamic(key)) ?? []);
  return paths.reduce<Value>(removed, bag);
}

/** A copy with the entry set, at its end; a missing bag on the way is made. Null where something else is on the way. */
function withEntry(value: Value, [step, ...rest]: readonly PathStep[], entry: Value): Value {
  if (typeof step !== 'string' || !isBag(value)) return null;
  const copy = new Map(value);
  const inner = rest.length === 0 ? entry : withEntry(copy.get(step) ?? new Map(), rest, entry);
  if (rest.length > 0 && inner === null) return null;
  if (rest.length > 0 || !copy.has(step)) return copy.set(step, inner);
  copy.delete(step);
  return copy.set(step, inner);
}

function bindSetKey({ types }: FunctionBinding): ScalarCall {
  return (bag = null, key = null, value = null) => {
    const path = typeof key === 'string' ? parseJsonPath(key) : null;
    return path && withEntry(bag, path, packed(value, types[2] ?? 'dynamic'));
  };
}

function hasKey(bag: Value, key: string): Value {
  if (!isBag(bag)) return null;
  let at: Value = bag;
  for (const step of parseJsonPath(key) ?? [0]) {
    if (typeof step === 'number' ? !(isArray(at) && step in at) : !(isBag(at) && at.has(step))) return false;
    at = typeof step === 'number' ? ((at as readonly Value[])[step] ?? null) : ((at as Bag).get(step) ?? null);
  }
  return true;
}

/** Keys that are no text are left out with their values; values that are missing are null. */
function zipBag(keys: Value, values: Value): Value {
  if (!isArray(keys)) return null;
  const items = isArray(values) ? values : [];
  return new Map(
    keys.flatMap((key, index): [string, Value][] => (typeof key === 'string' ? [[key, items[index] ?? null]] : [])),
  );
}

/** Every path in a bag, elements of arrays by number. */
function paths(value: Value, before: string): string[] {
  if (isBag(value)) {
    return [...value].flatMap(([key, item]) => [`${before}['${key}']`, ...paths(item, `${before}['${key}']`)]);
  }
  if (!isArray(value)) return [];
  const inner = value.flatMap((item) => paths(item, `${before}[0]`));
  return value.length === 0 ? [] : [`${before}[0]`, ...inner];
}

function sortKeys(value: Value): Value {
  if (isArray(value)) return value.map(sortKeys);
  if (!isBag(value)) return value;
  const keys = [...value.keys()].sort((a, b) => (a < b ? -1 : 1));
  return new Map(keys.map((key) => [key, sortKeys(value.get(key) ?? null)]));
}

const PACK = defineBound('bag_pack', bindPack);

/** Making, reading and changing bags. */
export const BAG: readonly ScalarFunction[] = [
  PACK,
  alias('pack', PACK),
  alias('pack_dictionary', PACK),
  define('bag_keys', ['dynamic'], (bag) => (isBag(bag) ? [...bag.keys()] : null)),
  defineBound('bag_merge', () => merge),
  define('bag_remove_keys', ['dynamic', 'dynamic'], removeKeys),
  defineBound('bag_set_key', bindSetKey),
  define('bag_has_key', ['dynamic', 'string'], hasKey),
  define('bag_zip', ['dynamic', 'dynamic'], zipBag),
  define('treepath', ['dynamic'], (value) => (isBag(value) || isArray(value) ? [...new Set(paths(value, ''))] : null)),
  define('dynamic_to_json', ['dynamic'], (value) =>
    isBag(value) || isArray(value) ? jsonText(sortKeys(value)) : textOfDynamic(value),
  ),
];

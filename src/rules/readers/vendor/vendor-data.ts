import { type Translation, warnAt } from './translation.ts';
import { isVendorObject, type VendorMap } from './vendor-map.ts';

/** An alert has 256 KB; more than this of a rule in each of them helps nobody. */
const MOST_CHARACTERS = 16_384;

/** The given keys with what they hold, to travel with alerts; null where there is none of them. */
export function originData(
  translation: Translation,
  source: VendorMap,
  keys: readonly string[],
): Readonly<Record<string, unknown>> | null {
  const data: Record<string, unknown> = {};
  for (const key of keys) {
    const value = jsonValue(source.value(key));
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    if (JSON.stringify(value).length > MOST_CHARACTERS)
      warnAt(translation, source.at(key), `"${key}" is too large to be passed on.`);
    else data[key] = value;
  }
  return Object.keys(data).length > 0 ? data : null;
}

/** Plain JSON: integers beyond 2^53 are text. */
function jsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(jsonValue);
  if (!isVendorObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonValue(item)]));
}

import { editDistance, nearest } from '../../../lib/nearest.ts';
import type { Path } from '../../../lib/yaml/parse-yaml.ts';

/** One map of a vendor's file, whose keys are known in any letter case. It remembers which were asked for. */
export interface VendorMap {
  readonly path: Path;
  has(key: string): boolean;
  /** The value of a key; undefined where it is absent, empty (`null`) or blank. */
  value(key: string): unknown;
  /** Where a key stands, as the file writes it. */
  at(key: string): Path;
  /** The keys that nobody asked for, as the file writes them. */
  unread(): readonly string[];
  /** The key that one may be a slip for: of those that were asked for and are not there; null where none is that near. */
  meant(key: string): string | null;
}

export function isVendorObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as such a map; one that is no map is an empty one. */
export function vendorMap(value: unknown, path: Path): VendorMap {
  const entries = isVendorObject(value) ? Object.entries(value) : [];
  const byName = new Map(entries.map(([key, item]) => [key.toLowerCase(), { key, item }]));
  const asked = new Map<string, string>();
  const entryOf = (key: string): { readonly key: string; readonly item: unknown } | undefined => {
    asked.set(key.toLowerCase(), key);
    return byName.get(key.toLowerCase());
  };
  return {
    path,
    has: (key) => byName.has(key.toLowerCase()),
    value: (key) => present(entryOf(key)?.item),
    at: (key) => [...path, entryOf(key)?.key ?? key],
    unread: () => entries.map(([key]) => key).filter((key) => !asked.has(key.toLowerCase())),
    meant: (key) =>
      nearKey(
        key,
        [...asked].flatMap(([name, one]) => (byName.has(name) ? [] : [one])),
      ),
  };
}

/** Vendors have keys that we do not know: only a slip of a letter or two is one. */
const FARTHEST_SLIP = 2;

function nearKey(key: string, candidates: readonly string[]): string | null {
  const found = nearest(key, candidates);
  return found !== null && editDistance(key.toLowerCase(), found.toLowerCase()) <= FARTHEST_SLIP ? found : null;
}

/** The entries of a list as such maps; what is no list counts as a list of one. */
export function vendorMaps(value: unknown, path: Path): readonly VendorMap[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [vendorMap(value, path)];
  return value.flatMap((item, index) => (isVendorObject(item) ? [vendorMap(item, [...path, index])] : []));
}

/** A text, or a list of texts as files write it: one text alone stands for a list of one. Numbers are texts, all else is left out. */
export function textList(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.flatMap((item) => {
    const text = vendorScalar(item);
    return text === null || text.trim() === '' ? [] : [text.trim()];
  });
}

export function vendorScalar(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null;
}

/** A query with the line ends that YAML gives it; JSON keeps those of another system. */
export function queryText(value: unknown): string | null {
  return typeof value === 'string' ? value.replaceAll('\r\n', '\n') : null;
}

/** true, false and the texts and numbers that stand for them; null for all else. */
export function booleanOf(value: unknown): boolean | null {
  const text = String(value).trim().toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : null;
}

function present(value: unknown): unknown {
  if (value === null || (typeof value === 'string' && value.trim() === '')) return undefined;
  return value;
}

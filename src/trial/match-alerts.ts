/** How a test's expectation and what came differ. */
export interface Difference {
  /** For example `alerts[0].entities[1].name`. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

type Document = Readonly<Record<string, unknown>>;

/**
 * Compares expected alerts with the ones that came: as many, and each expected one is a subset of a distinct one, in any order.
 * Empty when they match; otherwise the count, for each expectation that found no partner the smallest set of differences, and the alerts
 * that nobody expected.
 */
export function matchAlerts(expected: readonly Document[], actual: readonly Document[]): readonly Difference[] {
  const count =
    expected.length === actual.length
      ? []
      : [{ path: 'alerts.length', expected: expected.length, actual: actual.length }];
  const partners = pair(expected, actual);
  const free = freeOf(actual, partners);
  const differences = expected.flatMap((item, index) =>
    partners.has(index) ? [] : nearest(item, free, `alerts[${index}]`),
  );
  return [...count, ...differences, ...free.slice(0, MOST_EXTRA).map(extra)];
}

/** More than that say no more. */
const MOST_EXTRA = 10;

function extra({ title, severity }: Document): Difference {
  return { path: 'alerts', expected: 'no further alert', actual: { title: title ?? null, severity: severity ?? null } };
}

function freeOf<T>(actual: readonly T[], partners: ReadonlyMap<number, number>): T[] {
  const taken = new Set(partners.values());
  return actual.filter((_, index) => !taken.has(index));
}

/** A largest set of pairs, by augmenting paths: an expectation may give up its partner for another that fits as well. */
function pair(expected: readonly unknown[], actual: readonly unknown[]): ReadonlyMap<number, number> {
  const takenBy = new Map<number, number>();
  const fits = expected.map((document) =>
    actual.flatMap((alert, index) => (differencesOf(document, alert, '').length === 0 ? [index] : [])),
  );
  const place = (wanted: number, seen: Set<number>): boolean => {
    for (const candidate of fits[wanted] ?? []) {
      if (seen.has(candidate)) continue;
      seen.add(candidate);
      const holder = takenBy.get(candidate);
      if (holder !== undefined && !place(holder, seen)) continue;
      takenBy.set(candidate, wanted);
      return true;
    }
    return false;
  };
  for (const index of expected.keys()) place(index, new Set());
  return new Map([...takenBy].map(([candidate, wanted]) => [wanted, candidate]));
}

/** How the one that is most like it differs, which then is no longer free. */
function nearest(expected: unknown, free: unknown[], path: string): readonly Difference[] {
  const candidates = free.map((actual, at) => ({ at, differences: differencesOf(expected, actual, path) }));
  const [best] = candidates.sort((a, b) => a.differences.length - b.differences.length);
  if (!best) return [{ path, expected, actual: null }];
  free.splice(best.at, 1);
  return best.differences;
}

/** What of `expected` is not so in `actual`. Objects match by subset; so do arrays, each item a distinct one, in any order. */
export function differencesOf(expected: unknown, actual: unknown, path: string): readonly Difference[] {
  if (Array.isArray(expected))
    return Array.isArray(actual)
      ? itemDifferences(expected, actual, path)
      : [{ path, expected, actual: actual ?? null }];
  if (typeof expected === 'object' && expected !== null) return memberDifferences(expected as Document, actual, path);
  return Object.is(expected, actual) ? [] : [{ path, expected, actual: actual ?? null }];
}

function itemDifferences(
  expected: readonly unknown[],
  actual: readonly unknown[],
  path: string,
): readonly Difference[] {
  const partners = pair(expected, actual);
  const free = freeOf(actual, partners);
  return expected.flatMap((item, index) => (partners.has(index) ? [] : nearest(item, free, `${path}[${index}]`)));
}

function memberDifferences(expected: Document, actual: unknown, path: string): readonly Difference[] {
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual))
    return [{ path, expected, actual: actual ?? null }];
  const members = actual as Document;
  const memberOf = (key: string): unknown => (Object.hasOwn(members, key) ? members[key] : undefined);
  return Object.entries(expected).flatMap(([key, value]) => differencesOf(value, memberOf(key), `${path}.${key}`));
}

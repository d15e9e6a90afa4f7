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
 * Empty when they match; otherwise the count, and for each expectation that found no partner the smallest set of differences.
 */
export function matchAlerts(expected: readonly Document[], actual: readonly Document[]): readonly Difference[] {
  const count =
    expected.length === actual.length
      ? []
      : [{ path: 'alerts.length', expected: expected.length, actual: actual.length }];
  const partners = pair(expected, actual);
  const free = actual.filter((_, index) => ![...partners.values()].includes(index));
  const unmatched = expected.flatMap((document, index) =>
    partners.has(index) ? [] : nearest(document, free, `alerts[${index}]`),
  );
  return [...count, ...unmatched];
}

/** A largest set of pairs, by augmenting paths: an expectation may give up its partner for another that fits as well. */
function pair(expected: readonly Document[], actual: readonly Document[]): ReadonlyMap<number, number> {
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

function nearest(expected: Document, free: readonly Document[], path: string): readonly Difference[] {
  const candidates = free.map((alert) => differencesOf(expected, alert, path));
  const [best] = candidates.sort((a, b) => a.length - b.length);
  return best ?? [{ path, expected, actual: null }];
}

/** What of `expected` is not so in `actual`. Objects match by subset; arrays by subset of their elements, in order. */
export function differencesOf(expected: unknown, actual: unknown, path: string): readonly Difference[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return [{ path, expected, actual }];
    return expected.flatMap((item, index) => differencesOf(item, actual[index], `${path}[${index}]`));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return [{ path, expected, actual }];
    const members = actual as Document;
    return Object.entries(expected).flatMap(([key, value]) =>
      differencesOf(value, Object.hasOwn(members, key) ? members[key] : undefined, `${path}.${key}`),
    );
  }
  return Object.is(expected, actual) ? [] : [{ path, expected, actual: actual ?? null }];
}

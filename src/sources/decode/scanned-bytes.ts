type Bag = Readonly<Record<string, unknown>>;

/** Clusters that are named in statistics at most. */
const MOST_CLUSTERS = 100;

/**
 * How many bytes a query read, as the statistics of Kusto or Log Analytics tell it (`resource_usage` or `resourceUsage` …): from caches, past them,
 * from rows that are not in columns yet, and from elsewhere. Null where they tell nothing of it.
 */
export function scannedBytes(statistics: unknown): number | null {
  const told = folded(statistics);
  const usage = folded(told?.resourceusage);
  const input = folded(told?.inputdatasetstatistics);
  if (!usage && !input) return null;
  const others = Object.values(folded(told?.crossclusterresourceusage) ?? {}).slice(0, MOST_CLUSTERS);
  const read = [usage, ...others.map(folded)].reduce((sum, one) => sum + fromShards(one), 0);
  const rows = amount(folded(input?.rowstores)?.scannedvaluessize);
  const elsewhere = amount(folded(input?.externaldata)?.downloadedbytes);
  return read + rows + elsewhere;
}

function fromShards(usage: Bag | null): number {
  const shards = folded(folded(usage?.cache)?.shards);
  const hot = folded(shards?.hot);
  const cold = folded(shards?.cold);
  const parts = [hot?.hitbytes, hot?.missbytes, cold?.hitbytes, cold?.missbytes, shards?.bypassbytes];
  return parts.reduce<number>((sum, part) => sum + amount(part), 0);
}

/** Members by their names in lower case without strokes: the two services write them differently. */
function folded(value: unknown): Bag | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const entries = Object.entries(value).map(([name, member]) => [name.toLowerCase().replaceAll('_', ''), member]);
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as Bag;
}

function amount(value: unknown): number {
  const number = Number(typeof value === 'string' || typeof value === 'number' ? value : 0);
  return Number.isFinite(number) && number > 0 ? number : 0;
}

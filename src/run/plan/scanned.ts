import type { Cache } from '../../lib/cache.ts';

/** How much the runs of a rule read, as its source told it. */
interface Scanned {
  /** Of the rule that was measured: another query reads something else. */
  readonly hash: string;
  readonly runs: number;
  /** Of a run, the mean. */
  readonly bytes: number;
}

export interface ScannedRule {
  readonly tenant: string;
  readonly ruleId: string;
  readonly hash: string;
}

/** The mean is one of so many runs, the latest weighing most. */
const RUNS = 16;
/** What changes it less is not written down: the mean is right to a twelfth. */
const LEAST_CHANGE = 0.005;

/** Takes the bytes of a run into the mean. */
export async function noteScanned(cache: Cache, rule: ScannedRule, bytes: number): Promise<void> {
  const before = await keptOf(cache, rule);
  const runs = Math.min(RUNS, (before?.runs ?? 0) + 1);
  const old = before?.bytes ?? bytes;
  const mean = old + (bytes - old) / runs;
  if (before?.runs === RUNS && Math.abs(mean - old) <= old * LEAST_CHANGE) return;
  const next: Scanned = { hash: rule.hash, runs, bytes: Math.round(mean) };
  await cache.set(keyOf(rule), JSON.stringify(next));
}

/** The mean of each rule that was measured, by its id. */
export async function scannedByRule(
  { cache }: { readonly cache: Pick<Cache, 'get'> },
  tenant: string,
  rules: readonly { readonly id: string; readonly hash: string }[],
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const { id, hash } of rules) {
    const bytes = (await keptOf(cache, { tenant, ruleId: id, hash }))?.bytes;
    if (bytes !== undefined) found.set(id, bytes);
  }
  return found;
}

async function keptOf(cache: Pick<Cache, 'get'>, rule: ScannedRule): Promise<Scanned | null> {
  const text = await cache.get(keyOf(rule));
  const kept = text === null ? null : (JSON.parse(text) as Scanned);
  return kept?.hash === rule.hash ? kept : null;
}

function keyOf({ tenant, ruleId }: ScannedRule): string {
  return `scanned ${JSON.stringify([tenant, ruleId])}`;
}

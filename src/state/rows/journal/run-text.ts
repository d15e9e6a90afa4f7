import type { RunRecord } from '../../run-record.ts';

/** What most runs have, which is left out of their text: half of it. */
const USUAL = {
  lane: 'due',
  error: null,
  hits: 0,
  alerts: 0,
  reasons: {},
  rowReasons: {},
  truncated: false,
} as const satisfies Partial<RunRecord>;

const NOTHING_HELD: RunRecord['suppressed'] = {
  duplicate: 0,
  quiet: 0,
  silenced: 0,
  excepted: 0,
  maintenance: 0,
  overflow: 0,
};

/** A run as JSON, less its ids, its query, and what is as usual. */
export function textOfRun({ runId: _, tenant: _tenant, ruleId: _rule, query: _query, ...run }: RunRecord): string {
  const suppressed = Object.fromEntries(Object.entries(run.suppressed).filter(([, count]) => count > 0));
  const kept = Object.entries({ ...run, suppressed }).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(USUAL[name as keyof typeof USUAL]),
  );
  return JSON.stringify(Object.fromEntries(kept));
}

type RunIds = Pick<RunRecord, 'runId' | 'tenant' | 'ruleId'>;
type StoredRun = Omit<RunRecord, 'toldHits'> & Partial<Pick<RunRecord, 'toldHits'>>;

/** Runs that an earlier version recorded lack what it did not count. */
export function runOfText(record: string, ids: RunIds): RunRecord {
  const stored = { ...USUAL, ...ids, ...(JSON.parse(record) as StoredRun) };
  const held = Object.values(stored.suppressed).reduce((sum, count) => sum + count, 0);
  const suppressed = { ...NOTHING_HELD, ...stored.suppressed };
  return { ...stored, suppressed, toldHits: stored.toldHits ?? stored.hits - held };
}

import type { AlertUpdates } from '../../rules/rule.ts';
import { isBefore } from '../event-time.ts';
import type { FiringAlert } from '../firing.ts';
import type { Hit } from '../hit.ts';
import type { KeyState } from '../memory.ts';
import { severityRank } from '../severity.ts';
import type { Outcome } from './decision.ts';
import { type HitsOfKey, mergeByDedupKey } from './limit.ts';

/** A firing alert of which there is more to say than was told. */
export interface DueUpdate {
  readonly record: FiringAlert;
  readonly hits: HitsOfKey;
  readonly kind: 'grown' | 'severity';
}

export interface UpdateInput {
  /** By dedup key, the latest of each. */
  readonly open: ReadonlyMap<string, FiringAlert>;
  readonly outcomes: readonly Outcome[];
  readonly updates: AlertUpdates;
  /** L of the run in epoch ms. */
  readonly logicalTime: number;
  /** So many are told at most; the others wait for the next run. */
  readonly most: number;
}

/** Held back, and by nobody's wish to hear nothing of it. */
const UNTOLD: ReadonlySet<KeyState> = new Set(['duplicate', 'quiet']);

/**
 * Which alerts are updated by what a run found and did not tell. A severity that rises is told at once, which can happen four times at most; that
 * the condition has grown, once in `every`, and not where somebody has taken the alert on. A run that makes up for an earlier one updates nothing.
 */
export function dueUpdates({ open, outcomes, updates, logicalTime, most }: UpdateInput): readonly DueUpdate[] {
  const elsewhere = new Set(outcomes.flatMap(({ hit, state }) => (UNTOLD.has(state) ? [] : hit.dedupKey)));
  const untold = outcomes.flatMap(({ hit }) => (elsewhere.has(hit.dedupKey) ? [] : hit));
  const due: DueUpdate[] = [];
  for (const hits of mergeByDedupKey(untold)) {
    const record = open.get(hits[0].dedupKey);
    if (!record || logicalTime <= record.toldAt || due.length >= most) continue;
    if (hasRisen(record, hits)) due.push({ record, hits, kind: 'severity' });
    else if (record.acknowledged) continue;
    else if (updates.when === 'grown' && logicalTime - record.toldAt >= updates.everyMs && hasGrown(record, hits))
      due.push({ record, hits, kind: 'grown' });
  }
  return due;
}

/** The latest of each dedup key; they come in the order in which they began. */
export function latestOfKeys(open: readonly FiringAlert[]): ReadonlyMap<string, FiringAlert> {
  return new Map(open.map((record) => [record.dedupKey, record]));
}

function hasRisen({ severity }: FiringAlert, hits: readonly Hit[]): boolean {
  return hits.some((hit) => severityRank(hit.severity) > severityRank(severity));
}

/** More rows than were told, or a newer event. */
function hasGrown({ rowCount, lastSeen }: FiringAlert, hits: readonly Hit[]): boolean {
  const rows = hits.reduce((sum, hit) => sum + hit.rowCount, 0);
  return rows > rowCount || hits.some((hit) => hit.lastSeen !== null && isBefore(lastSeen, hit.lastSeen));
}

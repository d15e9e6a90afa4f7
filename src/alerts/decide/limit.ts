import type { Hit } from '../hit.ts';
import { severityRank } from '../severity.ts';
import type { Overflow, ToldHit } from '../told-hit.ts';

const MAX_KEYS = 50;

/** Hits of one dedup key, to become one alert. */
export type HitsOfKey = ToldHit['hits'];

/** Brings together the hits that share a dedup key; within one, the least first, so that ids depend on content only. */
export function mergeByDedupKey(hits: readonly Hit[]): readonly HitsOfKey[] {
  const byKey = new Map<string, [Hit, ...Hit[]]>();
  for (const hit of hits) {
    const merged = byKey.get(hit.dedupKey);
    if (merged) merged.push(hit);
    else byKey.set(hit.dedupKey, [hit]);
  }
  for (const merged of byKey.values()) if (merged.length > 1) merged.sort(compareHits);
  return [...byKey.values()];
}

/** Severest first, then newest event, then key. */
export function rankHits(merged: readonly HitsOfKey[]): readonly HitsOfKey[] {
  return merged
    .map((hits) => ({ hits, rank: highestRank(hits), newest: newestEvent(hits) }))
    .sort((a, b) => b.rank - a.rank || compareText(b.newest, a.newest) || compareText(a.hits[0].key, b.hits[0].key))
    .map(({ hits }) => hits);
}

/** Splits at the limit: with more alerts than it allows, one fewer is told, for the overflow alert takes the last place. */
export function applyLimit(
  ordered: readonly HitsOfKey[],
  limit: number,
): { readonly told: readonly HitsOfKey[]; readonly rest: readonly HitsOfKey[] } {
  if (ordered.length <= limit) return { told: ordered, rest: [] };
  const room = Math.max(0, limit - 1);
  return { told: ordered.slice(0, room), rest: ordered.slice(room) };
}

export function overflowOf(rest: readonly HitsOfKey[], toldAlerts: number, atLeast: boolean): Overflow | null {
  if (rest.length === 0) return null;
  const byKey = rest
    .map((hits) => ({ key: hits[0].dedupKey, hits: hits.length }))
    .sort((a, b) => b.hits - a.hits || compareText(a.key, b.key))
    .slice(0, MAX_KEYS);
  return { hits: rest.flat(), atLeast, byKey, toldAlerts };
}

/**
 * Row hits go by the event, the oldest first, then by the key: what one run finds is then headed by what the first of several shorter
 * windows would have told. Other hits go by the key.
 */
function compareHits(a: Hit, b: Hit): number {
  return (a.per === 'row' ? compareTimes(a.firstSeen, b.firstSeen) : 0) || compareText(a.key, b.key);
}

/** An event without a time comes last. */
function compareTimes(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareText(a.slice(0, -1), b.slice(0, -1));
}

function highestRank(hits: HitsOfKey): number {
  return hits.reduce((highest, hit) => Math.max(highest, severityRank(hit.severity)), 0);
}

/** Without its `Z`, so that instants of different precision compare as text. */
function newestEvent(hits: HitsOfKey): string {
  return hits.reduce((newest, hit) => {
    const time = hit.lastSeen?.slice(0, -1) ?? '';
    return time > newest ? time : newest;
  }, '');
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

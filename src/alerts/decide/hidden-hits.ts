import { severityRank } from '../severity.ts';
import type { HiddenHits } from '../silences.ts';
import type { Outcome } from './decision.ts';

/** What a run's silences and maintenance hid, by span and severity; adds up to the hits with these outcomes. */
export function hiddenHits(outcomes: readonly Outcome[], logicalTime: number): readonly HiddenHits[] {
  const found = new Map<string, HiddenHits>();
  for (const { hit, hider } of outcomes) {
    if (!hider) continue;
    const { severity } = hit;
    const key = JSON.stringify([hider.counts, hider.id, hider.since, severity]);
    const before = found.get(key);
    const at = timeOfHit(hit, logicalTime);
    found.set(key, {
      ...hider,
      severity,
      hits: (before?.hits ?? 0) + 1,
      firstAt: Math.min(at, before?.firstAt ?? at),
      lastAt: Math.max(at, before?.lastAt ?? at),
    });
  }
  return [...found.values()].sort((a, b) => severityRank(b.severity) - severityRank(a.severity));
}

/** When a hit happened, epoch ms, as silences see it: its newest event, else L. */
export function timeOfHit({ lastSeen }: Outcome['hit'], logicalTime: number): number {
  return lastSeen === null ? logicalTime : Date.parse(lastSeen);
}

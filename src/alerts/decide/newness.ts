import type { Hit } from '../hit.ts';
import type { KeyMemory } from '../memory.ts';
import type { DecideInput, Outcome } from './decision.ts';

/**
 * Why a hit is a duplicate, or null where it is new. A hit is known when all its rows are: for streams and
 * snapshots when they are recorded, for sets when a window that told them overlaps this one.
 */
export function duplicateReason(input: DecideInput, hit: Hit): Outcome['because'] | null {
  if (hit.rowKeys.length > 0 && hit.rowKeys.every((key) => isKnown(input, input.known.get(key)))) {
    return input.rule.effectiveShape === 'set' ? 'overlap' : 'known';
  }
  return isOfChangedRule(input, hit) ? 'changed' : null;
}

function isKnown(input: DecideInput, memory: KeyMemory | undefined): boolean {
  if (memory === undefined) return false;
  if (input.rule.effectiveShape !== 'set') return true;
  return input.window === null || overlaps(memory.toldTo, input.window, input.rule.lookbackMs);
}

/** The told window ended at `toldTo` and was as long as every window of a set rule: its lookback. */
function overlaps(toldTo: number | null, window: { readonly from: number; readonly to: number }, length: number) {
  return toldTo !== null && toldTo > window.from && toldTo - length < window.to;
}

function isOfChangedRule(input: DecideInput, hit: Hit): boolean {
  if (input.changedAt === null || input.rule.effectiveShape !== 'set' || hit.lastSeen === null) return false;
  return Date.parse(hit.lastSeen) < input.changedAt;
}

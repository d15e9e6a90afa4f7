import { HOUR_MS } from '../../lib/duration.ts';
import type { LedgerEntry } from '../../state/store.ts';
import { isOfAge, joinGaps } from './give-up.ts';
import { isPending } from './ledger.ts';

/** A ledger around a run. */
export interface LedgerChange {
  readonly before: readonly LedgerEntry[];
  readonly after: readonly LedgerEntry[];
}

/** Whether a window waits where a gap ends that age has made: it grows too old piece by piece, and the gap with it. */
export function isGrowing(ledger: readonly LedgerEntry[]): boolean {
  return gapsOfAge(ledger).some((gap) => goesOn(gap, ledger));
}

/**
 * New gaps as they are told. One that makes an earlier one longer is told as the whole of both, and, while more of its window waits, once
 * for each hour that it has grown: what is left out here is told later.
 */
export function gapsToTell(gaps: readonly LedgerEntry[], { before, after }: LedgerChange): readonly LedgerEntry[] {
  const known = gapsOfAge(before);
  return gaps.flatMap((gap): readonly LedgerEntry[] => {
    const earlier = isOfAge(gap) ? known.find(({ from, to }) => from <= gap.from && gap.from <= to) : undefined;
    if (!earlier) return [gap];
    return hourOf(earlier) === hourOf(gap) && goesOn(gap, after) ? [] : [{ ...gap, from: earlier.from }];
  });
}

/** What a ledger lacks because it has grown too old, in as few ranges as there are. */
export function gapsOfAge(ledger: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return joinGaps(ledger.filter(isOfAge));
}

function goesOn({ to }: LedgerEntry, ledger: readonly LedgerEntry[]): boolean {
  return ledger.some((entry) => isPending(entry) && entry.from <= to && to < entry.to);
}

function hourOf({ to }: LedgerEntry): number {
  return Math.floor(to / HOUR_MS);
}

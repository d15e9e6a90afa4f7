import type { TimeRange } from '../../kql/window.ts';
import type { LedgerEntry, LedgerOutcome } from '../../state/store.ts';

export function isPending(entry: LedgerEntry): boolean {
  return entry.outcome === 'pending';
}

export function entryId(core: TimeRange): string {
  return `${core.from}-${core.to}`;
}

/** Whether a window ends at its own L; a slice that is left of one does not. */
export function endsAtItsTime({ to, logicalTime }: LedgerEntry): boolean {
  return to === logicalTime;
}

/** A pending window that ends at its own L. */
export function pendingEntry(core: TimeRange, attempts: number): LedgerEntry {
  return { ...closedEntry(core, 'pending', null), attempts };
}

/** A range that nobody asks any more. */
export function closedEntry({ from, to }: TimeRange, outcome: LedgerOutcome, reason: string | null): LedgerEntry {
  return { id: entryId({ from, to }), from, to, logicalTime: to, attempts: 0, outcome, reason };
}

/** The same entry over another range. */
export function resize(entry: LedgerEntry, { from, to }: TimeRange): LedgerEntry {
  return { ...entry, id: entryId({ from, to }), from, to, logicalTime: to };
}

export function byStart(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return [...entries].sort((a, b) => a.to - b.to || a.from - b.from);
}

/** Makes one of neighbours that `joins` lets together and that touch or overlap; the result is in order. */
export function joinTouching(
  entries: readonly LedgerEntry[],
  joins: (earlier: LedgerEntry, later: LedgerEntry) => boolean,
): readonly LedgerEntry[] {
  const joined: LedgerEntry[] = [];
  for (const entry of byStart(entries)) {
    const last = joined.at(-1);
    if (last && entry.from <= last.to && joins(last, entry)) joined[joined.length - 1] = joinTwo(last, entry);
    else joined.push(entry);
  }
  return joined;
}

function joinTwo(earlier: LedgerEntry, later: LedgerEntry): LedgerEntry {
  const { from, to } = { from: Math.min(earlier.from, later.from), to: later.to };
  const reason = later.reason ?? earlier.reason;
  return { ...resize(later, { from, to }), attempts: Math.max(earlier.attempts, later.attempts), reason };
}

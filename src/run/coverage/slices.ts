import type { Shape } from '../../kql/prepared.ts';
import type { TimeRange } from '../../kql/window.ts';
import type { LedgerEntry } from '../../state/store.ts';
import type { MissingSlice, WindowSettings } from '../windows.ts';
import { closedEntry, isPending, pendingEntry } from './ledger.ts';

/** The window that a run asked for, as far as what is left of it needs. */
interface AskedCore {
  readonly core: TimeRange;
  readonly logicalTime: number;
  /** Failed attempts before this one. */
  readonly attempts: number;
}

/**
 * What becomes of a slice that could not be asked, also where the run only read it again: it stays pending at the run's L. One that
 * cannot be divided counts its own failures, for the service answered other slices of the run, and is given up after the last.
 */
export function restOfSlice(
  { core, logicalTime, attempts }: AskedCore,
  slice: MissingSlice,
  { at, reason }: { readonly at: number; readonly reason: string },
  settings: WindowSettings,
): LedgerEntry {
  const before = slice.from === core.from && slice.to === core.to ? attempts : 0;
  const entry = { ...pendingEntry(slice, before + 1), logicalTime, reason };
  return slice.smallest ? restOrGap(entry, at, settings) : entry;
}

/** An entry whose failures have been counted: it rests, or is given up. */
export function restOrGap(entry: LedgerEntry, at: number, { attemptLimit }: WindowSettings): LedgerEntry {
  const { attempts, reason } = entry;
  if (attempts < attemptLimit) return { ...entry, failedAt: at };
  return {
    ...closedEntry(entry, 'gap', `failed ${attempts} times: ${reason}`),
    logicalTime: entry.logicalTime,
    attempts,
  };
}

/**
 * Whether a window is a part of a stream's that has failed by itself. What lies around it was answered: merged with others it would be
 * divided anew, and how it fares says nothing of its rule. A set's window is asked whole, however often it failed.
 */
export function isFailedPart(shape: Shape, { attempts }: { readonly attempts: number }): boolean {
  return shape === 'stream' && attempts > 0;
}

/** Whether the ledger has it already: as pending, or as what nobody asks any more. */
export function isRecorded({ from, to, outcome }: LedgerEntry, others: readonly LedgerEntry[]): boolean {
  if (outcome === 'truncated') return false;
  return others.some((other) => (isPending(other) || other.outcome === 'gap') && other.from <= from && to <= other.to);
}

import { hitKind } from '../../alerts/collect/hits.ts';
import type { TimeRange, Window } from '../../kql/window.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { LedgerEntry } from '../../state/store.ts';
import type { Timetable } from '../schedule.ts';

/**
 * Whether row hits of a stream become one alert where they share a dedup key. Its id is that of the oldest one, so what a run finds
 * together has to be the sum of what runs at the L's of the grid would have found: then it has an id that one of those has, too.
 */
export function mergesHits(rule: RunnableRule): boolean {
  return rule.effectiveShape === 'stream' && rule.alert.dedupColumns !== null && hitKind(rule) === 'row';
}

/** Whether each row is a hit, whatever else came: a slice can be asked by itself. */
export function tellsEachRow(rule: RunnableRule): boolean {
  const { measure, operator, value } = rule.threshold;
  const any = (operator === '>' && value === 0) || (operator === '>=' && value === 1);
  return hitKind(rule) === 'row' && measure === 'rows' && any;
}

/** Cuts a range at L's of the grid into pieces of at most `lengthMs`, oldest first; a piece holds one interval of the grid at least. */
export function cutAtGrid(range: TimeRange, lengthMs: number, grid: Timetable): readonly TimeRange[] {
  const pieces: TimeRange[] = [];
  for (let to = range.to; to > range.from; ) {
    const from = Math.max(range.from, to - lengthMs > range.from ? startOfPiece(to, lengthMs, grid) : range.from);
    pieces.push({ from, to });
    to = from;
  }
  return pieces.reverse();
}

function startOfPiece(to: number, lengthMs: number, grid: Timetable): number {
  const first = grid.latest(to - lengthMs) === to - lengthMs ? to - lengthMs : grid.next(to - lengthMs);
  if (first !== null && first < to) return first;
  return grid.latest(to - 1) ?? Number.NEGATIVE_INFINITY;
}

/** What is asked, without what waits to be asked by itself: else this run would find a part of what that one finds. */
export function withoutWaiting(asked: Window | null, core: TimeRange, waiting: readonly LedgerEntry[]): Window | null {
  const ends = waiting.filter((entry) => entry.to <= core.from).map((entry) => entry.to);
  return asked && { ...asked, from: Math.max(asked.from, ...ends) };
}

import type { TimeRange } from '../../kql/window.ts';
import { formatDuration } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { LedgerEntry } from '../../state/store.ts';
import { scheduledBackwards, type Timetable } from '../schedule.ts';
import type { WindowSettings } from '../windows.ts';
import { closedEntry, endsAtItsTime, isPending, joinTouching, resize } from './ledger.ts';

/** Windows of a stream whose query does not ask for the time may be asked as one. */
export function mayMerge(rule: RunnableRule): boolean {
  return rule.effectiveShape === 'stream' && !rule.prepared.usesTime;
}

/** Whether a rule's windows follow each other without a hole, each asked at its own L: a stream whose query asks for the time. */
export function asksEachTime(rule: RunnableRule): boolean {
  return rule.effectiveShape === 'stream' && rule.prepared.usesTime;
}

/**
 * The windows of a stream that asks for the time. However many L's lie between the frontier and this one, they are one entry: it is
 * divided at the L's of the grid when it is asked (`divideOldest`).
 */
export function missedOfStream(from: number, logicalTime: number, grid: Timetable): readonly TimeRange[] {
  const last = grid.latest(logicalTime - 1);
  if (last === null || last <= from) return [{ from, to: logicalTime }];
  return [
    { from, to: last },
    { from: last, to: logicalTime },
  ];
}

/** Pending entries of such a stream, as few as hold the same L's: an outage of a week is no entry a minute. */
export function joinPending(entries: readonly LedgerEntry[], grid: Timetable): readonly LedgerEntry[] {
  return joinTouching(
    entries,
    (earlier, later) =>
      earlier.to === later.from &&
      [earlier, later].every((entry) => endsAtItsTime(entry) && entry.attempts === 0) &&
      grid.latest(earlier.to) === earlier.to,
  );
}

/** Takes the window of the oldest L out of the oldest pending entry, where that holds more than one. */
export function divideOldest(
  rule: RunnableRule,
  ledger: readonly LedgerEntry[],
  grid: Timetable,
): readonly LedgerEntry[] {
  const index = ledger.findIndex(isPending);
  const oldest = ledger[index];
  const edge = oldest && asksEachTime(rule) && endsAtItsTime(oldest) ? grid.next(oldest.from) : null;
  if (!oldest || edge === null || edge >= oldest.to) return ledger;
  const parts = [resize(oldest, { from: oldest.from, to: edge }), resize(oldest, { from: edge, to: oldest.to })];
  return ledger.toSpliced(index, 1, ...parts);
}

export function tooManyReason({ pendingLimit }: WindowSettings): string {
  return `more than ${pendingLimit} windows of this rule were waiting`;
}

/** What a set rule missed. */
export interface MissedSet {
  /** The windows of the newest missed L's and of this one, oldest first. */
  readonly cores: readonly TimeRange[];
  /** What none of them holds, for ever. */
  readonly lost: readonly LedgerEntry[];
}

export interface MissedInput {
  readonly rule: RunnableRule;
  /** The rule's own L's. */
  readonly grid: Timetable;
  readonly logicalTime: number;
  readonly settings: WindowSettings;
}

/** However many runs of a set were missed, all that lies between the frontier and L is in a window or lost. */
export function missedOfSet(frontier: number, input: MissedInput): MissedSet {
  const { rule, grid, logicalTime, settings } = input;
  const times = [logicalTime];
  let leftOut: number | null = null;
  for (const time of scheduledBackwards(grid, frontier, logicalTime - 1)) {
    if (times.length > settings.pendingLimit) {
      leftOut = time;
      break;
    }
    times.push(time);
  }
  const cores = times.reverse().map((to) => ({ from: to - rule.lookbackMs, to }));
  if (leftOut === null) return { cores, lost: unscheduled(rule, frontier, cores) };
  const older = closedEntry({ from: frontier, to: leftOut }, 'gap', tooManyReason(settings));
  return { cores, lost: [older, ...unscheduled(rule, leftOut, cores)] };
}

/** What lies between windows that do not meet: the schedule leaves it out. */
function unscheduled(rule: RunnableRule, start: number, cores: readonly TimeRange[]): readonly LedgerEntry[] {
  const reason = `no run looks at it: the lookback is ${formatDuration(rule.lookbackMs)}`;
  return cores.flatMap(({ from }, index) => {
    const covered = cores[index - 1]?.to ?? start;
    return from > covered ? [closedEntry({ from: covered, to: from }, 'unscheduled', reason)] : [];
  });
}

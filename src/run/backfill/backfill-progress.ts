import { HuntwireError } from '../../lib/errors.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { BackfillProgress, BackfillWish } from '../../state/store.ts';
import { mergesHits, tellsEachRow } from '../coverage/merging-hits.ts';
import { mayMerge } from '../coverage/missed.ts';
import { NO_COVERAGE, type PlannedWindow, sliceOf } from '../coverage.ts';
import { logicalGrid, timetableOf } from '../schedule.ts';
import { askedWindow, delayOf, type WindowSettings } from '../windows.ts';

export interface BackfillPlace {
  /** Epoch ms of the service's clock. */
  readonly now: number;
  readonly retentionMs: number;
  readonly settings: WindowSettings;
  /** Up to where the rule has searched by itself; what follows is for its own runs. null: it never ran. */
  readonly frontier: number | null;
}

const MOST_WINDOWS = 100_000;
/** After so many failures of its own a window is left as it is, and the next one is asked. */
const MOST_ATTEMPTS = 5;

/** A backfill that begins, or the one of the state where it is the same and has an end to go to. Throws USAGE where there is nothing that it could ask. */
export function startBackfill(
  rule: RunnableRule,
  wish: BackfillWish,
  before: BackfillProgress | undefined,
  place: BackfillPlace,
): BackfillProgress {
  if (rule.effectiveShape === 'snapshot')
    throw new HuntwireError(
      'USAGE',
      `Rule ${rule.id} has no window: it asks for the present, and there is no past to search.`,
    );
  if (before && isSame(before, wish) && nextBackfill(rule, before, place)) return before;
  const progress = { ...wish, doneTo: wish.from, attempts: 0, leftOut: 0 };
  if (nextBackfill(rule, progress, place)) return progress;
  throw new HuntwireError('USAGE', nothingText(rule, wish, place));
}

function isSame(progress: BackfillProgress, wish: BackfillWish): boolean {
  return (
    progress.from === wish.from &&
    progress.to === wish.to &&
    progress.noLimit === wish.noLimit &&
    progress.retell === wish.retell
  );
}

function nothingText(
  rule: RunnableRule,
  { from, to }: BackfillWish,
  { now, retentionMs, frontier }: BackfillPlace,
): string {
  const range = `${iso(from)} to ${iso(to)}`;
  if (to <= now - retentionMs) return `The source keeps nothing of ${range}: it ends before ${iso(now - retentionMs)}.`;
  if (frontier !== null && from >= frontier)
    return `Rule ${rule.id} has not searched ${range} yet: its own runs will, from ${iso(frontier)} on.`;
  return `No run of rule ${rule.id} falls between ${range}, or all of them need data that the source no longer keeps.`;
}

type Range = Pick<BackfillProgress, 'from' | 'doneTo' | 'to'>;

/** The next window of a backfill, at an L of the rule's own grid, so that ids meet; null: it is done. */
export function nextBackfill(
  rule: RunnableRule,
  { from: begun, doneTo, to }: Range,
  place: BackfillPlace,
): PlannedWindow | null {
  const { settings, now, retentionMs, frontier } = place;
  const delay = delayOf(rule, settings);
  const grid = logicalGrid(timetableOf(rule), delay);
  const kept = now - retentionMs;
  const end = Math.min(frontier ?? Number.POSITIVE_INFINITY, now - delay);
  const reach = Math.max(rule.lookbackMs, rule.prepared.reachMs ?? 0);
  if (rule.effectiveShape === 'set') {
    const time = grid.next(Math.max(doneTo, kept + reach - 1));
    return time === null || time > Math.min(to, end)
      ? null
      : planned(rule, { from: time - rule.lookbackMs, to: time }, settings);
  }
  const from = Math.max(doneTo, rule.prepared.usesTime ? kept + reach : kept);
  if (from >= Math.min(to, end)) return null;
  const next = grid.next(from) ?? end;
  // What is behind the last L is in the rule's first run; its end moves on with the time, and would be run after.
  if (frontier === null && doneTo > begun && next > end && end - from <= rule.lookbackMs) return null;
  const merged = mergesRuns(rule) ? (grid.latest(Math.min(to, from + sliceOf(rule, NO_COVERAGE))) ?? next) : next;
  return planned(rule, { from, to: Math.min(Math.max(next, merged), end) }, settings);
}

/** Whether several L's may share a window without another alert than each would have made. */
function mergesRuns(rule: RunnableRule): boolean {
  return mayMerge(rule) && tellsEachRow(rule) && !mergesHits(rule) && !rule.alert.suppressMs;
}

function planned(rule: RunnableRule, core: PlannedWindow['core'], settings: WindowSettings): PlannedWindow {
  return { core, asked: askedWindow(rule, core, settings), logicalTime: core.to, lane: 'backfill', attempts: 0 };
}

/** How many windows are left of a backfill. */
export function windowsLeft(rule: RunnableRule, progress: Range, place: BackfillPlace): number {
  let count = 0;
  let { doneTo } = progress;
  for (
    let next = nextBackfill(rule, progress, place);
    next;
    next = nextBackfill(rule, { ...progress, doneTo }, place)
  ) {
    count += 1;
    doneTo = next.logicalTime;
    if (count > MOST_WINDOWS)
      throw new HuntwireError(
        'USAGE',
        `That is more than ${MOST_WINDOWS} windows of rule ${rule.id}; choose a shorter time.`,
      );
  }
  return count;
}

/** How far it is after one of its windows. A failure that speaks of the service, the network or the credentials counts nothing. */
export function progressAfter(
  progress: BackfillProgress,
  logicalTime: number,
  outcome: { readonly kind: 'answered' } | { readonly kind: 'failed'; readonly counts: boolean },
): BackfillProgress {
  if (outcome.kind === 'answered') return { ...progress, doneTo: logicalTime, attempts: 0 };
  const attempts = progress.attempts + (outcome.counts ? 1 : 0);
  if (attempts < MOST_ATTEMPTS) return { ...progress, attempts };
  return { ...progress, doneTo: logicalTime, attempts: 0, leftOut: progress.leftOut + 1 };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

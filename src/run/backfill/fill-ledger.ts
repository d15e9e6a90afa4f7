import type { TimeRange } from '../../kql/window.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { LedgerEntry } from '../../state/store.ts';
import { byStart, resize } from '../coverage/ledger.ts';
import type { Timetable } from '../schedule.ts';

/** The ledger once `core` has been searched, of a stream or as one window of a set; `grid`: the rule's own L's. */
export function fillLedger(
  rule: Pick<RunnableRule, 'effectiveShape' | 'lookbackMs'>,
  ledger: readonly LedgerEntry[],
  core: TimeRange,
  grid: Pick<Timetable, 'latest'>,
): readonly LedgerEntry[] {
  const left = ledger.flatMap((entry) => cutOut(entry, filledOf(rule, entry, core, grid)));
  return byStart(left);
}

/** What of an entry a window fills; null: nothing. */
function filledOf(
  { effectiveShape, lookbackMs }: Pick<RunnableRule, 'effectiveShape' | 'lookbackMs'>,
  entry: LedgerEntry,
  core: TimeRange,
  grid: Pick<Timetable, 'latest'>,
): TimeRange | null {
  const { outcome, from, to } = entry;
  if (effectiveShape !== 'set') return core;
  // A window that waits or was told in part is asked as a whole; so is one that was given up after its failures. A gap without any may be
  // just as long and stand for several L's.
  const isGivenUp = entry.attempts > 0 && to - from === lookbackMs;
  const isWindow = outcome === 'pending' || outcome === 'truncated' || isGivenUp;
  if (isWindow) return entry.logicalTime === core.to ? entry : null;
  // What no window of the schedule reaches is searched by any that does.
  if (outcome === 'unscheduled') return core;
  // Of a gap or a pause of several L's each stands for what lies between it and the one before.
  return { from: grid.latest(core.to - 1) ?? core.from, to: core.to };
}

function cutOut(entry: LedgerEntry, hole: TimeRange | null): readonly LedgerEntry[] {
  if (hole === null || hole.to <= entry.from || hole.from >= entry.to) return [entry];
  const before = { from: entry.from, to: Math.min(entry.to, hole.from) };
  const behind = { from: Math.max(entry.from, hole.to), to: entry.to };
  return [
    ...(before.to > before.from ? [resize(entry, before)] : []),
    ...(behind.to > behind.from ? [{ ...resize(entry, behind), logicalTime: entry.logicalTime }] : []),
  ];
}

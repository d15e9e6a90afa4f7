import type { TimeRange, Window, WindowBasis } from '../kql/window.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/duration.ts';
import type { RunnableRule } from '../rules/rule.ts';

/** The numbers that windows are made with, each a setting. All in milliseconds. */
export interface WindowSettings {
  /** How long a row may take to become visible: stream windows read this much again. */
  readonly settleMs: number;
  /** As settle, for windows by event time. */
  readonly overlapMs: number;
  readonly overlapByTable: Readonly<Record<string, number>>;
  /** How much older than its arrival an event may be and still be found by the normal run. */
  readonly latenessMs: number;
  readonly delayMs: Readonly<Record<'ingestion' | 'event', number>>;
  readonly smallestSliceMs: number;
  /** How many pending windows a set rule may have; older ones become gaps. */
  readonly pendingLimit: number;
  /** After so many failures of its own a set window becomes a gap. */
  readonly attemptLimit: number;
  /** Extra calls that slicing may spend in one run. */
  readonly extraCalls: number;
}

export const DEFAULT_WINDOW_SETTINGS: WindowSettings = {
  settleMs: 10 * MINUTE_MS,
  overlapMs: HOUR_MS,
  overlapByTable: { OfficeActivity: 4 * HOUR_MS, AzureActivity: HOUR_MS },
  latenessMs: 3 * DAY_MS,
  delayMs: { ingestion: 2 * MINUTE_MS, event: 5 * MINUTE_MS },
  smallestSliceMs: MINUTE_MS,
  pendingLimit: 24,
  attemptLimit: 5,
  extraCalls: 8,
};

/** How far behind the service's clock a rule asks, so that its rows have arrived. Snapshots ask for the present. */
export function delayOf(rule: WindowedRule, settings: WindowSettings): number {
  const basis = basisOf(rule);
  return basis === null ? 0 : Math.max(settings.delayMs[basis], rule.window.unstamped?.delayMs ?? 0);
}

type WindowedRule = Pick<RunnableRule, 'window' | 'effectiveShape'>;

/** By what a rule's windows go; null: a snapshot. A query that places its window itself, with `_from` and `_to`, is taken to go by event time. */
function basisOf({ window, effectiveShape }: WindowedRule): WindowBasis | null {
  if (effectiveShape === 'snapshot') return null;
  return window.basis === 'none' ? 'event' : window.basis;
}

/**
 * What is asked for a ledger range: stream windows reach back by settle or overlap, and by the time after which the query lets an event
 * pass; set windows are asked as they are.
 */
export function askedWindow(rule: RunnableRule, core: TimeRange, settings: WindowSettings): Window | null {
  const basis = basisOf(rule);
  if (basis === null) return null;
  if (rule.effectiveShape === 'set') return { from: core.from, to: core.to, basis };
  const from = Math.min(core.from - rule.prepared.upperMs, core.to - rule.lookbackMs) - readAgainMs(rule, settings);
  return { from, to: core.to, basis };
}

/** How much a stream reads again of what came before: settle, or by event time the longest overlap of its driving tables. */
export function readAgainMs({ window, effectiveShape, prepared }: RunnableRule, settings: WindowSettings): number {
  if (basisOf({ window, effectiveShape }) === 'ingestion') return settings.settleMs;
  const least = window.unstamped?.overlapMs ?? 0;
  const driving = prepared.tables.filter(({ role }) => role === 'driving');
  if (driving.length === 0) return Math.max(least, settings.overlapMs);
  return Math.max(least, ...driving.map(({ table }) => settings.overlapByTable[table] ?? settings.overlapMs));
}

/** A slice of a window that could not be asked. */
export interface MissingSlice extends TimeRange {
  /** It cannot be divided any more. */
  readonly smallest: boolean;
}

/** Cuts a range into pieces of at most `lengthMs`, oldest first; the first piece is the short one. */
export function cut(range: TimeRange, lengthMs: number): readonly TimeRange[] {
  const pieces: TimeRange[] = [];
  for (let to = range.to; to > range.from; to -= lengthMs)
    pieces.push({ from: Math.max(range.from, to - lengthMs), to });
  return pieces.reverse();
}

/** Unites ranges that touch or overlap; the result is in order. */
export function unite(ranges: readonly TimeRange[]): readonly TimeRange[] {
  const united: TimeRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = united.at(-1);
    if (last && range.from <= last.to) united[united.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else united.push(range);
  }
  return united;
}

/**
 * The two parts of a window, older first, divided at the whole minute (`smallestSliceMs`) that is nearest to its middle; null where it
 * lies in one. So windows that overlap come down to the same slices, and one that nobody can answer is known again.
 */
export function halve<Range extends TimeRange>(
  window: Range,
  { smallestSliceMs }: WindowSettings,
): readonly [Range, Range] | null {
  const { from, to } = window;
  const nearest = Math.round((from + to) / 2 / smallestSliceMs) * smallestSliceMs;
  const inside = nearest <= from ? nearest + smallestSliceMs : nearest;
  const middle = inside >= to ? inside - smallestSliceMs : inside;
  if (middle <= from || middle >= to) return null;
  return [
    { ...window, to: middle },
    { ...window, from: middle },
  ];
}

import { DAY_MS } from '../lib/duration.ts';
import { quotedName } from './literal.ts';
import type { TableReference } from './prepared.ts';
import { datetimeLiteral, timespanLiteral, type Window } from './window.ts';

export interface FilterTimes {
  readonly window: Window;
  readonly logicalTime: number;
  readonly latenessMs: number;
  readonly late?: LateArrivals;
  /** Since when (epoch ms) every row of the table has an ingestion time; null: some have none, or nobody knows. */
  readonly stampedSince: number | null;
  /** How far before the window rows are asked for by event time, of a table that has no ingestion time; null or left out: it has. */
  readonly unstampedReachMs?: number | null;
}

export interface Unstamped {
  /** Tables that have no ingestion time, and how far before the window their rows are asked for. */
  readonly unstamped?: { readonly tables: ReadonlySet<string>; readonly reachMs: number };
}

/** Rows that came too late for the windows of a rule: of these a run asks for no others. */
export interface LateArrivals {
  /** By how much an arrival is later than the event, ms. */
  readonly laterThanMs: number;
  /** Epoch ms; what happened before is not asked for: the source keeps it no longer. */
  readonly notBefore: number;
}

/** How old rows without an ingestion time may be, before the window. */
const UNSTAMPED_MS = DAY_MS;

/** The condition that keeps the rows of a window, for one table with that time column. */
export function windowFilter(column: string, reference: TableReference, times: FilterTimes): string {
  const time = quotedName(column);
  const { window, logicalTime, latenessMs } = times;
  if (reference.lookbackMs !== null) return between(time, logicalTime - reference.lookbackMs, logicalTime);
  if (window.basis === 'event') return between(time, window.from, window.to);
  const { unstampedReachMs = null } = times;
  if (unstampedReachMs !== null) return between(time, window.from - unstampedReachMs, window.to);
  const arrived = between('ingestion_time()', window.from, window.to);
  if (times.late && reference.role === 'driving') return `${arrived} and ${lateCondition(time, times.late)}`;
  const late = `${time} >= ${datetimeLiteral(window.from - latenessMs)}`;
  const oldest = window.from - UNSTAMPED_MS;
  if (times.stampedSince !== null && oldest >= times.stampedSince) return `${late} and ${arrived}`;
  const unstamped = between(time, oldest, window.to);
  return `${late} and ${arrived} or (isnull(ingestion_time()) and ${unstamped})`;
}

/** Before it happened nothing that the condition of a window keeps. */
export function earliestTime(
  reference: TableReference,
  { logicalTime, latenessMs, unstamped }: Pick<FilterTimes, 'logicalTime' | 'latenessMs'> & Unstamped,
  window: Window,
): number {
  if (reference.lookbackMs !== null) return logicalTime - reference.lookbackMs;
  if (window.basis === 'event') return window.from;
  const reachMs = unstamped?.tables.has(reference.table) ? unstamped.reachMs : Math.max(latenessMs, UNSTAMPED_MS);
  return window.from - reachMs;
}

/** Row by row, and not before a window: what arrived at its end would else be found by no run, when it is late by a little more. */
function lateCondition(time: string, { laterThanMs, notBefore }: LateArrivals): string {
  return `${time} >= ${datetimeLiteral(notBefore)} and ${time} < ingestion_time() - ${timespanLiteral(laterThanMs)}`;
}

function between(value: string, from: number, to: number): string {
  return `${value} >= ${datetimeLiteral(from)} and ${value} < ${datetimeLiteral(to)}`;
}

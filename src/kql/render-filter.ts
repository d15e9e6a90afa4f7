import { DAY_MS } from '../lib/duration.ts';
import type { TableReference } from './prepared.ts';
import { datetimeLiteral, type Window } from './window.ts';

export interface FilterTimes {
  readonly window: Window;
  readonly logicalTime: number;
  readonly latenessMs: number;
}

/** How old rows without an ingestion time may be, before the window. */
const UNSTAMPED_MS = DAY_MS;

/** The condition that keeps the rows of a window, for one table with time column `time`. */
export function windowFilter(time: string, reference: TableReference, times: FilterTimes): string {
  const { window, logicalTime, latenessMs } = times;
  if (reference.lookbackMs !== null) return between(time, logicalTime - reference.lookbackMs, logicalTime);
  if (window.basis === 'event') return between(time, window.from, window.to);
  const arrived = between('ingestion_time()', window.from, window.to);
  const unstamped = between(time, window.from - UNSTAMPED_MS, window.to);
  const late = `${time} >= ${datetimeLiteral(window.from - latenessMs)}`;
  return `${late} and ${arrived} or (isnull(ingestion_time()) and ${unstamped})`;
}

function between(value: string, from: number, to: number): string {
  return `${value} >= ${datetimeLiteral(from)} and ${value} < ${datetimeLiteral(to)}`;
}

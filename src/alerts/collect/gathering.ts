import type { Severity } from '../../rules/rule.ts';
import type { Row } from '../../sources/source.ts';
import { cellOf } from '../cell.ts';
import { type EventTimes, isBefore, isoTime, laterOf } from '../event-time.ts';
import { roughSize } from '../rough-size.ts';
import { highestSeverity } from '../severity.ts';
import type { Measurement } from './measurement.ts';

/** Rows beyond this size (characters, roughly) are counted but not kept in one hit. */
const MAX_HIT_SIZE = 64 * 1024;

/** Memory that all hits of a run share for the rows they keep. */
export interface RowBudget {
  left: number;
}

/** What a hit keeps of its rows. */
export interface GatheringLimits {
  readonly evidence: number;
  readonly budget: RowBudget;
  readonly times: EventTimes;
  /** Whether a row is the one to show, rather than the first so far; null: rows stay as they came. */
  readonly isNewer: ((row: Row, first: Row) => boolean) | null;
}

/** By the times in the columns, the first that differs. */
export function newerRow(columns: readonly string[]): GatheringLimits['isNewer'] {
  if (columns.length === 0) return null;
  const timesOf = (row: Row) => columns.map((column) => isoTime(String(cellOf(row, column) ?? '')) ?? '');
  return (row, first) => {
    const [times, others] = [timesOf(row), timesOf(first)];
    const at = times.findIndex((time, index) => time !== others[index]);
    return at >= 0 && isBefore(others[at] ?? '', times[at] ?? '');
  };
}

/** A hit in the making. */
export interface Gathering {
  readonly key: string;
  readonly dedupKey: string;
  /** Shared by all hits where the threshold counts the run as a whole. */
  readonly measurement: Measurement;
  /** Row keys seen, each with its newest event, for groups and runs; a row hit has the one. */
  readonly rowKeys: Map<string, string | null> | null;
  rows: Row[];
  size: number;
  rowsCut: boolean;
  rowCount: number;
  severity: Severity | null;
  firstSeen: string | null;
  lastSeen: string | null;
  /** As lastSeen, the other sides of a join included. */
  newest: string | null;
}

export function startGathering(key: string, dedupKey: string, measurement: Measurement, manyKeys: boolean): Gathering {
  return {
    key,
    dedupKey,
    measurement,
    rowKeys: manyKeys ? new Map() : null,
    rows: [],
    size: 0,
    rowsCut: false,
    rowCount: 0,
    severity: null,
    firstSeen: null,
    lastSeen: null,
    newest: null,
  };
}

interface GatheredRow {
  readonly row: Row;
  readonly key: string;
  readonly severity: Severity;
}

/** Adds a row: counts it always, keeps it while there is room for it. */
export function gatherRow(gathering: Gathering, { row, key, severity }: GatheredRow, limits: GatheringLimits): void {
  const time = limits.times.of(row);
  gathering.rowCount += 1;
  gathering.severity = gathering.severity === null ? severity : highestSeverity(gathering.severity, severity);
  const newest = limits.times.newestOf(row, time);
  gathering.newest = laterOf(gathering.newest, newest);
  gathering.rowKeys?.set(key, laterOf(gathering.rowKeys.get(key) ?? null, newest));
  noteTime(gathering, time);
  const [first] = gathering.rows;
  const inFront = first !== undefined && limits.isNewer?.(row, first) === true;
  if (inFront && gathering.rows.length >= limits.evidence) dropLast(gathering, limits.budget);
  if (gathering.rows.length >= limits.evidence) return;
  keepRow(gathering, row, limits.budget, inFront);
}

function dropLast(gathering: Gathering, budget: RowBudget): void {
  const last = gathering.rows.pop();
  if (!last) return;
  gathering.size -= roughSize(last);
  budget.left += roughSize(last);
}

function noteTime(gathering: Gathering, time: string | null): void {
  if (time === null) return;
  if (gathering.firstSeen === null || isBefore(time, gathering.firstSeen)) gathering.firstSeen = time;
  gathering.lastSeen = laterOf(gathering.lastSeen, time);
}

/** The first row is kept whatever its size, as the alert is made of it, unless the whole run's budget is spent. */
function keepRow(gathering: Gathering, row: Row, budget: RowBudget, inFront: boolean): void {
  const size = roughSize(row);
  const fits = gathering.rows.length === 0 || gathering.size + size <= MAX_HIT_SIZE;
  if (!fits || size > budget.left) {
    gathering.rowsCut = true;
    return;
  }
  // Most hits have one row: a list that grows takes room for seventeen.
  if (gathering.rows.length === 0) gathering.rows = [row];
  else if (inFront) gathering.rows.unshift(row);
  else gathering.rows.push(row);
  gathering.size += size;
  budget.left -= size;
}

import { DAY_MS } from '../../lib/duration.ts';
import type { PreparedQuery } from '../prepared.ts';
import { type RenderOptions, timeColumnFor } from '../render.ts';
import { earliestTime } from '../render-filter.ts';
import type { TimeRange } from '../window.ts';
import { WORKSPACE_TABLES } from './workspace-tables.ts';

const TIME = 'TimeGenerated';
/** Of a workspace's own making. */
const CUSTOM = /_CL$/;
/** A workspace takes rows that are up to a day ahead of their arrival; twice that is beyond doubt. */
const AHEAD_MS = 2 * DAY_MS;

/**
 * The range of `TimeGenerated` outside of which no row of any table can matter to the query as it is rendered. Null where that cannot be
 * said: a table has another time or no window, or it may be a function that reads others, or something unknown is called.
 */
export function timeRangeOf(prepared: PreparedQuery, options: RenderOptions): TimeRange | null {
  const { window, logicalTime, late } = options;
  const { tables, basis, opaque = false } = prepared;
  if (window === null || basis === 'none' || late || opaque || tables.length === 0) return null;
  if (!tables.every((one) => isPlain(one.table) && timeColumnFor(one, options) === TIME)) return null;
  const from = Math.min(...tables.map((one) => earliestTime(one, options, window)));
  return { from, to: Math.max(window.to, logicalTime) + AHEAD_MS };
}

function isPlain(table: string): boolean {
  return WORKSPACE_TABLES.has(table) || CUSTOM.test(table);
}

import type { Column } from '../kql/types.ts';
import type { TimeRange, Window } from '../kql/window.ts';
import { type HuntwireError, toHuntwireError } from '../lib/errors.ts';
import type { QueryEnd, Row } from '../sources/source.ts';
import { type Sending, sendQuery } from './calls/send-query.ts';
import { cut, halve, type MissingSlice, type WindowSettings } from './windows.ts';

/** Takes the rows of one run. `begin` is called when rows handed over so far count for nothing. */
export interface RowTaker {
  begin(): void;
  schema(columns: readonly Column[]): void;
  row(row: Row): void;
}

export interface Asking extends Sending {
  readonly ruleId: string;
  /** Null for snapshots. */
  readonly window: Window | null;
  /** The part of the window that failed before while the rest was answered: it is a slice from the start. Null: none. */
  readonly failed: TimeRange | null;
  /** The query text for one slice of the window. */
  render(slice: Window | null): string;
  readonly taker: RowTaker;
  /** Whether the window may be asked in slices. */
  readonly divisible: boolean;
  readonly sliceMs: number | null;
  readonly settings: WindowSettings;
  readonly signal: AbortSignal;
  /** L of the run, epoch ms. */
  readonly asOf?: number;
  /** Outside of which no row can matter to that slice; null: nobody knows. */
  rangeOf?(slice: Window | null): TimeRange | null;
}

export interface Asked {
  readonly rows: number;
  /** An answer came back with exactly the API's limit of rows and could not be divided any more. */
  readonly cutShort: boolean;
  /** Slices that could not be asked, and why. */
  readonly missing: readonly MissingSlice[];
  readonly reason: string | null;
  /** The parts that the window was asked in and that were answered; left out: it was asked at once. */
  readonly slices?: readonly TimeRange[];
  /** The longest slice that was answered, less what windows reach back by, where one had to be divided in this run; else null. */
  readonly sliceMs: number | null;
}

/** Whether rows are missing from what came: an answer was cut short, or a slice could not be asked. */
export function isTruncated({ cutShort, missing }: Pick<Asked, 'cutShort' | 'missing'>): boolean {
  return cutShort || missing.length > 0;
}

const DIVISIBLE_FAILURES: ReadonlySet<string> = new Set([
  'SOURCE_TIMEOUT',
  'SOURCE_LIMITS_EXCEEDED',
  'SOURCE_RESULT_TOO_LARGE',
]);

interface Progress {
  readonly waiting: Window[];
  readonly missing: MissingSlice[];
  failure: HuntwireError | null;
  rows: number;
  answered: number;
  cutShort: boolean;
  calls: number;
  /** The window is asked in slices, from the start or since one proved too heavy. */
  sliced: boolean;
  divided: boolean;
  longest: number;
  readonly slices: TimeRange[];
}

/**
 * Asks for one planned window: at once, and in halves where a divisible one proves too heavy.
 * Rejects with the source's error where nothing could be answered or the failure does not speak of the window's size.
 */
export async function ask(asking: Asking): Promise<Asked> {
  if (!asking.window) return whole(await send(asking, null, asking.taker));
  const waiting = startSlices(asking, asking.window);
  const progress: Progress = {
    waiting,
    missing: [],
    failure: null,
    rows: 0,
    answered: 0,
    cutShort: false,
    calls: 0,
    sliced: waiting.length > 1,
    divided: false,
    longest: 0,
    slices: [],
  };
  for (let slice = waiting.shift(); slice; slice = waiting.shift()) await askSlice(asking, slice, progress);
  const { rows, cutShort, missing, failure, longest, divided } = progress;
  if (failure && progress.answered === 0) throw failure;
  const { smallestSliceMs, settleMs } = asking.settings;
  return {
    rows,
    cutShort,
    missing,
    reason: failure?.message ?? null,
    ...(progress.sliced && { slices: progress.slices }),
    sliceMs: divided && longest > 0 ? Math.max(smallestSliceMs, longest - settleMs) : null,
  };
}

function whole(end: QueryEnd): Asked {
  return { rows: end.rows, cutShort: end.truncated, missing: [], reason: null, sliceMs: null };
}

function startSlices(asking: Asking, window: Window): Window[] {
  if (!asking.divisible) return [window];
  if (asking.failed) return slicesAround(window, asking.failed);
  if (asking.sliceMs === null) return [window];
  const shortest = Math.ceil((window.to - window.from) / (asking.settings.extraCalls + 1));
  const length = Math.max(asking.sliceMs + asking.settings.settleMs, shortest);
  return cut(window, length).map((range) => ({ ...range, basis: window.basis }));
}

function slicesAround(window: Window, { from, to }: TimeRange): Window[] {
  const edges = [window.from, Math.max(from, window.from), Math.min(to, window.to), window.to];
  return edges
    .slice(1)
    .map((edge, index) => ({ ...window, from: edges[index] ?? edge, to: edge }))
    .filter((slice) => slice.from < slice.to);
}

async function askSlice(asking: Asking, slice: Window, progress: Progress): Promise<void> {
  progress.calls += 1;
  const staged = progress.sliced ? stage(asking.taker) : null;
  const halves = asking.divisible ? halve(slice, asking.settings) : null;
  let end: QueryEnd;
  try {
    end = await send(asking, slice, staged?.taker ?? asking.taker);
  } catch (thrown) {
    return afterFailure(asking, slice, halves, toHuntwireError(thrown), progress);
  }
  if (end.truncated && halves && mayDivide(asking, progress)) return divide(asking, halves, progress);
  staged?.release();
  progress.rows += end.rows;
  progress.answered += 1;
  progress.cutShort ||= end.truncated;
  progress.slices.push({ from: slice.from, to: slice.to });
  progress.longest = Math.max(progress.longest, slice.to - slice.from);
}

function afterFailure(
  asking: Asking,
  slice: Window,
  halves: readonly [Window, Window] | null,
  error: HuntwireError,
  progress: Progress,
): void {
  if (!asking.divisible || !DIVISIBLE_FAILURES.has(error.code)) throw error;
  if (halves && mayDivide(asking, progress)) {
    divide(asking, halves, progress);
    return;
  }
  progress.missing.push({ from: slice.from, to: slice.to, smallest: halves === null });
  progress.failure = error;
}

function divide(asking: Asking, halves: readonly [Window, Window], progress: Progress): void {
  if (!progress.sliced) asking.taker.begin();
  progress.sliced = true;
  progress.divided = true;
  progress.waiting.unshift(...halves);
}

/** One call is the run's own; dividing spends at most `extraCalls` more. */
function mayDivide(asking: Asking, progress: Progress): boolean {
  return progress.calls + progress.waiting.length + 1 <= asking.settings.extraCalls;
}

async function send(asking: Asking, slice: Window | null, taker: RowTaker): Promise<QueryEnd> {
  const { ruleId, signal, asOf } = asking;
  const query = asking.render(slice);
  const range = asking.rangeOf?.(slice) ?? null;
  const more = { ...(asOf !== undefined && { asOf }), ...(range && { range }) };
  return sendQuery(asking, { ruleId, query, signal, ...more }, taker);
}

/** Holds the rows of one slice back until its answer is complete, so that a broken one leaves nothing behind. */
function stage(taker: RowTaker): { readonly taker: RowTaker; release(): void } {
  let columns: readonly Column[] | null = null;
  let rows: Row[] = [];
  return {
    taker: {
      begin: () => {
        rows = [];
      },
      schema: (own) => {
        columns = own;
      },
      row: (row) => {
        rows.push(row);
      },
    },
    release: () => {
      if (columns) taker.schema(columns);
      for (const row of rows) taker.row(row);
    },
  };
}

import { DAY_MS } from '../../lib/duration.ts';
import { laterOf } from '../event-time.ts';
import type { RowKey } from '../hit.ts';
import type { HeldSpan, KeyMemory, KeyState } from '../memory.ts';
import type { DecideInput, Outcome } from './decision.ts';
import { endsOf } from './newness.ts';

/** Told singly or within the overflow alert: an overlapping window must not tell it again. */
const TELLING: ReadonlySet<KeyState> = new Set(['told', 'overflow']);
/** Not told, and not to be told later by itself. */
const HOLDING: ReadonlySet<KeyState> = new Set(['excepted', 'quiet', 'silenced', 'maintenance']);

/**
 * The key records that a run leaves: one for each row of a hit and each excepted row, and a touch for every known key that came
 * back. Rows below a threshold leave none. A key that was told stays told.
 */
export function recordKeys(input: DecideInput, outcomes: readonly Outcome[]): readonly KeyMemory[] {
  const records = new Map<string, KeyMemory>();
  for (const key of input.collected.otherKeys) touchKnown(records, input, key);
  for (const row of input.collected.excepted.keys) records.set(row.key, recordOf(input, row, 'excepted'));
  for (const { hit, state } of outcomes) {
    for (const row of hit.rowKeys) records.set(row.key, recordOf(input, row, state));
  }
  return [...records.values()];
}

function touchKnown(records: Map<string, KeyMemory>, input: DecideInput, key: string): void {
  const memory = input.known.get(key);
  if (memory) records.set(key, touched(input, memory));
}

/** A duplicate moves neither the windows nor the newest event that are recorded. */
function recordOf(input: DecideInput, row: RowKey, state: KeyState): KeyMemory {
  const memory = input.known.get(row.key);
  const blank: KeyMemory = {
    key: row.key,
    state,
    toldTo: null,
    toldBefore: [],
    heldTo: null,
    heldNewest: null,
    heldBefore: [],
    lastReturned: 0,
  };
  const before = touched(input, memory ?? blank);
  if (TELLING.has(state)) return { ...before, state, ...toldWindows(input, before) };
  const next = memory && keepsState(memory.state, state) ? before : { ...before, state };
  if (!HOLDING.has(state) || input.rule.effectiveShape !== 'set') return next;
  return { ...next, ...heldWindows(input, before, row) };
}

/** A duplicate or an excepted row keeps what it was; so does whatever was told. */
function keepsState(before: KeyState, now: KeyState): boolean {
  return before === 'told' || now === 'duplicate' || now === 'excepted';
}

/**
 * A window that is made up for does not hide a later one that told the key, nor the other way round: those stay known that a window to
 * come may overlap. So do some before them, which only a backfill meets.
 */
function toldWindows(input: DecideInput, before: KeyMemory): Pick<KeyMemory, 'toldTo' | 'toldBefore'> {
  const end = endOf(input);
  if (input.rule.effectiveShape !== 'set') return { toldTo: end, toldBefore: [] };
  const ends = [...new Set([...endsOf(before), end])].sort((a, b) => a - b);
  const toldTo = ends.at(-1) ?? end;
  const needed = ends.filter((to) => to < toldTo && to > (input.reachesBackTo ?? to)).length;
  const recent = ends.filter((to) => to < toldTo && to > toldTo - KEPT_FOR_BACKFILLS_MS).length;
  const kept = Math.max(needed, Math.min(recent, MOST_FOR_BACKFILLS));
  return { toldTo, toldBefore: ends.slice(ends.length - 1 - kept, -1) };
}

/** As with windows that told a key, one that is made up for does not hide another. */
function heldWindows(
  input: DecideInput,
  before: KeyMemory,
  { newest }: RowKey,
): Pick<KeyMemory, 'heldTo' | 'heldNewest' | 'heldBefore'> {
  const end = endOf(input);
  const { heldTo, heldBefore } = before;
  const heldNewest = laterOf(before.heldNewest, newest);
  if (heldTo === null || heldTo === end) return { heldTo: end, heldNewest, heldBefore };
  const to = Math.min(heldTo, end);
  const earlier = { from: to - input.rule.lookbackMs, to, newest: to === end ? newest : before.heldNewest };
  const latest = Math.max(heldTo, end);
  const spans = joinSpans([...heldBefore, earlier]).filter((span) => span.to > latest - KEPT_FOR_BACKFILLS_MS);
  return { heldTo: latest, heldNewest, heldBefore: spans.slice(-MOST_HELD) };
}

/** What is held back is so at every run: windows that overlap are one entry. */
function joinSpans(spans: readonly HeldSpan[]): readonly HeldSpan[] {
  const joined: HeldSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last === undefined || span.from >= last.to) joined.push(span);
    else joined[joined.length - 1] = join(last, span);
  }
  return joined;
}

function join(a: HeldSpan, b: HeldSpan): HeldSpan {
  return { from: a.from, to: Math.max(a.to, b.to), newest: laterOf(a.newest, b.newest) };
}

/** Less than three kilobytes of each key. */
const MOST_HELD = 50;
/** As long as the services keep rows, a day's windows at both ends with it: nothing older can be asked again. */
const KEPT_FOR_BACKFILLS_MS = 32 * DAY_MS;
/** A month of windows of four hours, and less than three kilobytes of each key that was told in all of them. */
const MOST_FOR_BACKFILLS = 200;

function endOf({ window, logicalTime }: DecideInput): number {
  return window?.to ?? logicalTime;
}

/** An old window that is made up for does not make its rows look older than they are. */
function touched(input: DecideInput, memory: KeyMemory): KeyMemory {
  return { ...memory, lastReturned: Math.max(input.logicalTime, memory.lastReturned) };
}

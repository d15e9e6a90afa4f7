import type { TimeRange } from '../../kql/window.ts';
import { DAY_MS } from '../../lib/duration.ts';
import { isBefore, laterOf } from '../event-time.ts';
import type { Hit, RowKey } from '../hit.ts';
import type { HeldSpan, KeyMemory } from '../memory.ts';
import type { DecideInput, Outcome } from './decision.ts';

/** How long what was held back stays so where nothing tells whether it goes on. */
const HELD_WITHOUT_TIME_MS = DAY_MS;

/**
 * Why a hit is a duplicate, or null where it is new. A hit is known when all its rows are: for streams and
 * snapshots when they are recorded, for sets when a window that told them, or held them back, overlaps this one.
 */
export function duplicateReason(input: DecideInput, hit: Hit): Outcome['because'] | null {
  return knownReason(input, hit) ?? (isOfChangedRule(input, hit) ? 'changed' : null);
}

function knownReason(input: DecideInput, hit: Hit): 'known' | 'overlap' | 'held' | null {
  const { rowKeys } = hit;
  if (rowKeys.length === 0) return null;
  if (isBackAfterEnd(input, hit)) return null;
  if (input.rule.effectiveShape !== 'set') return rowKeys.every(({ key }) => input.known.has(key)) ? 'known' : null;
  const isTold = ({ key }: RowKey): boolean => wasTold(input, input.known.get(key));
  if (rowKeys.every(isTold)) return 'overlap';
  return rowKeys.every((row) => isTold(row) || isHeld(input, row)) ? 'held' : null;
}

/** Whether a row by itself was told or held back before. */
export function isKnownRow(input: DecideInput, row: RowKey): boolean {
  const memory = input.known.get(row.key);
  return input.rule.effectiveShape === 'set' ? wasTold(input, memory) || isHeld(input, row) : memory !== undefined;
}

/** Its ticket was closed: what a snapshot finds again is another condition, however well its rows are known. */
function isBackAfterEnd({ rule, quiet }: DecideInput, { dedupKey }: Hit): boolean {
  return rule.effectiveShape === 'snapshot' && quiet.get(dedupKey)?.endedAt !== undefined;
}

function wasTold({ rule, window }: DecideInput, memory: KeyMemory | undefined): boolean {
  if (memory === undefined) return false;
  if (window === null) return true;
  return endsOf(memory).some((to) => overlaps(to, window, rule.lookbackMs));
}

/** Held back in a window that overlaps, and nothing has happened since; where no time is told, for a day at most. */
function isHeld({ rule, window, known, logicalTime }: DecideInput, { key, newest }: RowKey): boolean {
  const memory = known.get(key);
  if (memory === undefined || window === null) return false;
  return heldSpans(memory, rule.lookbackMs).some((held) => {
    if (held.to <= window.from || held.from >= window.to) return false;
    if (held.newest !== null && newest !== null) return !isBefore(held.newest, newest);
    return logicalTime - held.to < HELD_WITHOUT_TIME_MS;
  });
}

function heldSpans({ heldTo, heldNewest, heldBefore }: KeyMemory, lookbackMs: number): readonly HeldSpan[] {
  if (heldTo === null) return heldBefore;
  return [...heldBefore, { from: heldTo - lookbackMs, to: heldTo, newest: heldNewest }];
}

/** A window that ended at `to` was as long as every window of a set rule: its lookback. */
function overlaps(to: number, window: TimeRange, length: number): boolean {
  return to > window.from && to - length < window.to;
}

/** Ends of the windows that told a key. */
export function endsOf({ toldTo, toldBefore }: KeyMemory): readonly number[] {
  return toldTo === null ? toldBefore : [...toldBefore, toldTo];
}

/** By the newest event; where no row tells one, by whether every row was told or held back before the change. */
function isOfChangedRule({ rule, changedAt, known }: DecideInput, { rowKeys }: Hit): boolean {
  if (changedAt === null || rule.effectiveShape !== 'set') return false;
  const newest = rowKeys.reduce<string | null>((latest, row) => laterOf(latest, row.newest), null);
  if (newest !== null) return Date.parse(newest) < changedAt;
  return rowKeys.length > 0 && rowKeys.every(({ key }) => isRecordedBefore(changedAt, known.get(key)));
}

function isRecordedBefore(changedAt: number, memory: KeyMemory | undefined): boolean {
  if (memory === undefined) return false;
  const held = heldSpans(memory, 0).map(({ to }) => to);
  return [...endsOf(memory), ...held].some((to) => to <= changedAt);
}

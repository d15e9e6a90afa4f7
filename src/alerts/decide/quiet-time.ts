import type { RunnableRule } from '../../rules/rule.ts';
import type { HeldCounts } from '../alert.ts';
import { moreHeld } from '../held-counts.ts';
import type { ExceptedRows, Hit } from '../hit.ts';
import type { QuietMemory } from '../memory.ts';
import type { DecideInput } from './decision.ts';
import { isKnownRow } from './newness.ts';

/** The rule's quiet time in ms: its own, else the lookback for group and run hits of set rules, else none. */
export function quietMs(rule: Pick<RunnableRule, 'alert' | 'effectiveShape' | 'lookbackMs'>, per: Hit['per']): number {
  if (rule.alert.suppressMs !== null) return rule.alert.suppressMs;
  return rule.effectiveShape === 'set' && per !== 'row' ? rule.lookbackMs : 0;
}

/** Whether the run's L falls into a quiet time that an alert of the same dedup key opened, which does not slide, or somebody has taken that alert on. */
export function isQuiet(input: DecideInput, hit: Hit): boolean {
  if (input.takenKeys?.has(hit.dedupKey)) return true;
  const memory = input.quiet.get(hit.dedupKey);
  if (memory === undefined) return false;
  const length = quietMs(input.rule, hit.per);
  return openingsOf(memory).some((openedAt) => openedAt <= input.logicalTime && input.logicalTime < openedAt + length);
}

function openingsOf({ openedAt, openedBefore }: QuietMemory): readonly number[] {
  return [...openedBefore, openedAt];
}

/** Collects the records to write: what was told opens its key anew, what was held back is counted. */
export interface QuietBook {
  readonly input: DecideInput;
  readonly changes: Map<string, QuietMemory>;
  /** Rows that exceptions took out of this run, by dedup keys without a record. */
  readonly excepted: Map<string, number>;
}

export function openBook(input: DecideInput): QuietBook {
  const book: QuietBook = { input, changes: new Map(), excepted: new Map() };
  for (const row of input.collected.excepted.keys) countExcepted(book, row);
  return book;
}

/** Each row once, however often it comes again. */
function countExcepted(book: QuietBook, row: ExceptedRows): void {
  const { dedupKey, rows } = row;
  if (dedupKey === null || isKnownRow(book.input, row)) return;
  const memory = book.changes.get(dedupKey) ?? book.input.quiet.get(dedupKey);
  if (memory) book.changes.set(dedupKey, { ...memory, held: moreHeld(memory.held, 'excepted', rows) });
  else book.excepted.set(dedupKey, (book.excepted.get(dedupKey) ?? 0) + rows);
}

/** Counts a hit that was held back; only keys that an alert has opened have a record to count in. */
export function countHeldBack(book: QuietBook, dedupKey: string, reason: keyof HeldCounts): void {
  const memory = book.changes.get(dedupKey) ?? book.input.quiet.get(dedupKey);
  if (memory) book.changes.set(dedupKey, { ...memory, held: moreHeld(memory.held, reason) });
}

/** What is held back for another reason than its quiet time is known from now on. */
export function forgetEnd(book: QuietBook, dedupKey: string): void {
  const memory = book.changes.get(dedupKey) ?? book.input.quiet.get(dedupKey);
  if (memory?.endedAt === undefined) return;
  const { endedAt: _, ...rest } = memory;
  book.changes.set(dedupKey, rest);
}

/** Hits held back under a key since its last alert, this run's included; of a key without a record, what exceptions took out of this run. */
export function heldBack(book: QuietBook, dedupKey: string): HeldCounts {
  const memory = book.changes.get(dedupKey) ?? book.input.quiet.get(dedupKey);
  if (memory) return memory.held;
  const excepted = book.excepted.get(dedupKey);
  return excepted === undefined ? {} : { excepted };
}

/** Opens the quiet time of a told alert. Sets keep a record also without quiet time, to count duplicates in the next alert. */
export function openQuiet(book: QuietBook, hit: Hit): void {
  const { rule, quiet, logicalTime } = book.input;
  const { dedupKey } = hit;
  const length = quietMs(rule, hit.per);
  const before = quiet.get(dedupKey);
  if (length === 0 && rule.effectiveShape !== 'set' && before === undefined) return;
  const openings = [...new Set([...(before ? openingsOf(before) : []), logicalTime])].sort((a, b) => a - b);
  const openedAt = openings.at(-1) ?? logicalTime;
  const openedBefore = openings.filter((time) => time < openedAt && time + length > earliestToCome(book.input));
  book.changes.set(dedupKey, { dedupKey, openedAt, openedBefore, held: {} });
}

/** No run to come asks as of an earlier instant. */
function earliestToCome({ reachesBackTo, logicalTime }: DecideInput): number {
  return reachesBackTo ?? logicalTime;
}

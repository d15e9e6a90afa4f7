import { SUPPRESSION_REASONS, type SuppressedCounts, type SuppressionReason } from '../alert.ts';
import type { Collected, Hit } from '../hit.ts';
import type { ToldHit } from '../told-hit.ts';
import type { DecideInput, Decision, Outcome } from './decision.ts';
import { hiddenHits } from './hidden-hits.ts';
import { recordKeys } from './key-records.ts';
import { applyLimit, type HitsOfKey, mergeByDedupKey, overflowOf, rankHits } from './limit.ts';
import { duplicateReason } from './newness.ts';
import { countHeldBack, forgetEnd, heldBack, isQuiet, openBook, openQuiet, type QuietBook } from './quiet-time.ts';
import type { DecisionReason, ReasonCounts, RowReasonCounts } from './reasons.ts';

/** The row keys that `decide` wants to know about, each once. */
export function keysToFind(collected: Collected): readonly string[] {
  const keys = new Set(collected.otherKeys);
  for (const hit of collected.hits) for (const { key } of hit.rowKeys) keys.add(key);
  for (const { key } of collected.excepted.keys) keys.add(key);
  for (const olds of collected.oldKeys.values()) for (const key of olds) keys.add(key);
  return [...keys];
}

/** The dedup keys that `decide` wants to know about, each once. */
export function dedupKeysToFind(collected: Collected): readonly string[] {
  const keys = [...collected.hits, ...collected.excepted.keys].flatMap(({ dedupKey }) => dedupKey ?? []);
  return [...new Set(keys)];
}

/**
 * The rest of the way from hits to alerts, in its fixed order: new?, silence and maintenance, suppress, limit. Pure: the same input gives the same decision. Nothing is left
 * out: every hit has an outcome, and `hits` is the sum of what was told, tested and suppressed.
 */
export function decide(input: DecideInput): Decision {
  const book = openBook(input);
  const outcomes: Outcome[] = [];
  const candidates = input.collected.hits.filter((hit) => isCandidate(hit, book, outcomes));
  const ordered = rankHits(mergeByDedupKey(candidates));
  const { told, rest } = applyLimit(ordered, input.rule.alert.limit);
  for (const hits of told) addOutcomes(outcomes, hits, 'told');
  for (const hits of rest) addOutcomes(outcomes, hits, 'overflow');
  for (const { dedupKey } of rest.flat()) {
    countHeldBack(book, dedupKey, 'overflow');
    forgetEnd(book, dedupKey);
  }
  const toldHits = told.map((hits) => tell(hits, book));
  const suppressed = countSuppressed(outcomes, input.collected.excepted.rows);
  return {
    told: toldHits,
    overflow: overflowOf(rest, told.length, input.truncated),
    hits: outcomes.length + suppressed.excepted,
    toldHits: countState(outcomes, 'told'),
    suppressed,
    reasons: countReasons(outcomes, suppressed.excepted),
    rowReasons: countRows(outcomes, input.collected),
    outcomes,
    hidden: hiddenHits(outcomes, input.logicalTime),
    keys: recordKeys(input, outcomes),
    quiet: [...book.changes.values()],
  };
}

/** Whether a hit goes on to the limit; where it does not, its outcome is noted. */
function isCandidate(hit: Hit, book: QuietBook, outcomes: Outcome[]): boolean {
  const outcome = outcomeBeforeLimit(hit, book);
  if (outcome === null) return true;
  outcomes.push(outcome);
  return false;
}

function outcomeBeforeLimit(hit: Hit, book: QuietBook): Outcome | null {
  const { input } = book;
  const duplicate = duplicateReason(input, hit);
  if (duplicate !== null) {
    if (duplicate === 'overlap' || duplicate === 'held') countHeldBack(book, hit.dedupKey, 'duplicate');
    return { hit, state: 'duplicate', because: duplicate };
  }
  if (input.rule.status === 'testing') {
    forgetEnd(book, hit.dedupKey);
    return { hit, state: 'testing', because: 'testing' };
  }
  const hider = input.hiderOf?.(hit) ?? null;
  if (hider) {
    forgetEnd(book, hit.dedupKey);
    countHeldBack(book, hit.dedupKey, hider.counts);
    return { hit, state: hider.counts, because: hider.counts, hider };
  }
  if (!isQuiet(input, hit)) return null;
  countHeldBack(book, hit.dedupKey, 'quiet');
  return { hit, state: 'quiet', because: 'quiet' };
}

function addOutcomes(outcomes: Outcome[], hits: HitsOfKey, state: 'told' | 'overflow'): void {
  for (const hit of hits) outcomes.push({ hit, state, because: state === 'told' ? 'new' : 'limit' });
}

function tell(hits: HitsOfKey, book: QuietBook): ToldHit {
  const { dedupKey } = hits[0];
  const held = heldBack(book, dedupKey);
  openQuiet(book, hits[0]);
  return { dedupKey, hits, held };
}

function countState(outcomes: readonly Outcome[], state: Outcome['state']): number {
  return outcomes.reduce((count, outcome) => count + (outcome.state === state ? 1 : 0), 0);
}

function countSuppressed(outcomes: readonly Outcome[], exceptedRows: number): SuppressedCounts {
  const count = (reason: SuppressionReason) =>
    reason === 'excepted' ? exceptedRows : outcomes.filter((outcome) => outcome.state === reason).length;
  return Object.fromEntries(SUPPRESSION_REASONS.map((reason) => [reason, count(reason)])) as SuppressedCounts;
}

function countReasons(outcomes: readonly Outcome[], exceptedRows: number): ReasonCounts {
  return countBy<DecisionReason>(outcomes, () => 1, [['excepted', exceptedRows]]);
}

function countRows(outcomes: readonly Outcome[], { excepted, otherRows }: Collected): RowReasonCounts {
  return countBy<DecisionReason | 'threshold'>(outcomes, ({ hit }) => hit.rowCount, [
    ['excepted', excepted.rows],
    ['threshold', otherRows],
  ]);
}

function countBy<Reason extends string>(
  outcomes: readonly Outcome[],
  countOf: (outcome: Outcome) => number,
  others: readonly (readonly [Reason, number])[],
): Readonly<Partial<Record<Reason, number>>> {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) counts.set(outcome.because, (counts.get(outcome.because) ?? 0) + countOf(outcome));
  for (const [reason, count] of others) if (count > 0) counts.set(reason, count);
  return Object.fromEntries(counts) as Partial<Record<Reason, number>>;
}

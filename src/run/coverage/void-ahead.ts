import { DAY_MS, MINUTE_MS } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { LateCoverage, Leap, LedgerEntry, RuleState } from '../../state/store.ts';
import { intervalOf } from '../schedule.ts';
import { isPending, resize } from './ledger.ts';

/** Coverage further ahead than this was made by a clock that was wrong: less is what a `Date` in whole seconds may be off. */
const TOLERANCE_MS = MINUTE_MS;
/** How much further than two intervals one goes back where no leap was noted. */
const STEP_GRACE_MS = 15 * MINUTE_MS;
/** A clock that went wrong before that is not looked for. */
const DOUBT_MS = 2 * DAY_MS;
/** So many leaps are remembered, the largest. */
const KEPT_LEAPS = 32;

/** Coverage that a wrong clock made: void, and searched again from `from` on. Epoch ms of the service's clock. */
export interface VoidCoverage {
  readonly from: number;
  /** To where the rule seemed to be covered. */
  readonly to: number;
  /** When it was found. */
  readonly at: number;
}

export interface VoidInput {
  readonly rule: RunnableRule;
  readonly now: number;
  /** How far behind the service's clock the rule asks. */
  readonly delayMs: number;
  /** Since when the rule may have asked by a clock that was ahead of `now`, though the time has come since; null: not at all. */
  readonly aheadSince: number | null;
  /** Since when it is known what the clock went by; null: not at all. */
  readonly knownSince: number | null;
}

/**
 * The state without coverage that was made ahead of the service's clock, and what of it was void; as it is where nothing was. What a
 * window was asked for before its time is not all that came in it, also when that time is over.
 */
export function voidAhead<State extends RuleState>(
  state: State,
  input: VoidInput,
): { readonly state: State; readonly found: VoidCoverage | null } {
  const { frontier } = state;
  const { rule, now, delayMs, aheadSince } = input;
  const early = aheadSince === null ? Number.POSITIVE_INFINITY : aheadSince - delayMs;
  if (frontier === null || frontier <= Math.min(early, now + TOLERANCE_MS)) return { state, found: null };
  const from = frontier > now + TOLERANCE_MS ? Math.min(early, soundUntil(state, input)) : early;
  const found = { from, to: frontier, at: now };
  return {
    state: {
      ...state,
      frontier: from,
      ledger: state.ledger.flatMap((entry) => upTo(rule, entry, from) ?? []),
      changedAt: state.changedAt === null ? null : Math.min(state.changedAt, from),
      leaps: (state.leaps ?? []).filter((leap) => leap.to <= from),
      ...(state.late && { late: lateUpTo(rule, state.late, from) }),
    },
    found,
  };
}

/** A sweep may have gone by the same clock. */
function lateUpTo(rule: RunnableRule, late: LateCoverage, end: number): LateCoverage {
  const frontier = late.frontier === null ? null : Math.min(late.frontier, end);
  return { ...late, frontier, ledger: late.ledger.flatMap((entry) => upTo(rule, entry, end) ?? []) };
}

/**
 * Up to where coverage can be trusted: before the first leap that may be the step by which the clock went wrong, from before anybody knew
 * what it went by. Such a step is as large as the clock was ahead at least (runs keep to a grid, so that an interval may be missing in
 * it), also where its time has come since. Two intervals and a grace back where none was noted.
 */
function soundUntil({ frontier, leaps = [] }: RuleState, { rule, now, delayMs, knownSince }: VoidInput): number {
  const asked = now - delayMs;
  const leadMs = (frontier ?? asked) - asked - intervalOf(rule);
  const isUnknown = ({ from, to }: Leap): boolean => now - to < DOUBT_MS && from < (knownSince ?? now);
  const mayBeWrong = (leap: Leap): boolean => leap.to > now || (isUnknown(leap) && sizeOf(leap) > leadMs);
  const wrong = leaps.filter(mayBeWrong).map(({ from }) => from);
  const before = wrong.length > 0 ? wrong : [asked - 2 * intervalOf(rule) - STEP_GRACE_MS];
  return Math.min(asked, ...before);
}

/** A set's window is asked as a whole or not at all; other ranges end where coverage does. */
function upTo(rule: RunnableRule, entry: LedgerEntry, end: number): LedgerEntry | null {
  if (entry.to <= end) return entry;
  const isWindow = rule.effectiveShape === 'set' && (isPending(entry) || entry.outcome === 'truncated');
  return isWindow || entry.from >= end ? null : resize(entry, { from: entry.from, to: end });
}

/** The leaps after a run that moved the frontier: one that went further than from one run to the next shows where to go back to. */
export function leapsAfter(
  rule: RunnableRule,
  { frontier: before, leaps = [] }: Pick<RuleState, 'frontier' | 'leaps'>,
  frontier: number | null,
): readonly Leap[] {
  if (before === null || frontier === null || frontier - before <= intervalOf(rule) + TOLERANCE_MS) return leaps;
  const all = [...leaps, { from: before, to: frontier }];
  if (all.length <= KEPT_LEAPS) return all;
  const smallest = Math.min(...all.map(sizeOf));
  const index = all.findIndex((leap) => sizeOf(leap) === smallest);
  return all.filter((_, other) => other !== index);
}

function sizeOf({ from, to }: Leap): number {
  return to - from;
}

import type { TimeRange, Window } from '../kql/window.ts';
import { DAY_MS, HOUR_MS } from '../lib/duration.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { RunLane } from '../state/run-record.ts';
import type { LedgerEntry, RuleState } from '../state/store.ts';
import { type GiveUpInput, giveUp, joinGaps, withoutOld } from './coverage/give-up.ts';
import { byStart, closedEntry, entryId, isPending, pendingEntry } from './coverage/ledger.ts';
import { cutAtGrid, mergesHits, tellsEachRow, withoutWaiting } from './coverage/merging-hits.ts';
import { asksEachTime, divideOldest, joinPending, mayMerge, missedOfSet, missedOfStream } from './coverage/missed.ts';
import { restLeft } from './coverage/rest.ts';
import { isFailedPart, isRecorded, restOfSlice, restOrGap } from './coverage/slices.ts';
import { askedWindow, cut, halve, type MissingSlice, unite, type WindowSettings } from './windows.ts';

/** One window that is to be asked now. */
export interface PlannedWindow {
  /** The range in the ledger. */
  readonly core: TimeRange;
  /** What the query is asked for; null for snapshots. */
  readonly asked: Window | null;
  readonly logicalTime: number;
  readonly lane: RunLane;
  /** Failed attempts before this one. */
  readonly attempts: number;
}

/** The part of a rule's state that runs decide. */
export type Coverage = Pick<RuleState, 'frontier' | 'ledger' | 'sliceMs'>;

export interface CoveragePlan {
  readonly coverage: Coverage;
  /** Null where nothing is to be asked: L is not after what is covered, or nothing is pending. */
  readonly planned: PlannedWindow | null;
  /** Windows given up by this plan, to be told. */
  readonly gaps: readonly LedgerEntry[];
}

export interface PlanInput extends GiveUpInput {
  readonly coverage: Coverage;
}

export interface DueInput extends PlanInput {
  /** L of the run that is due. */
  readonly logicalTime: number;
}

/** Entries that nobody will ask again stand in the ledger so long: three times as long as the services keep their rows. */
const CLOSED_LIFE_MS = 90 * DAY_MS;

export const NO_COVERAGE: Coverage = { frontier: null, ledger: [], sliceMs: null };

/** Plans the due run: what lies between the frontier and L becomes pending, the newest piece is due now. */
export function planDue(input: DueInput): CoveragePlan {
  const { coverage, logicalTime, rule } = input;
  if (coverage.frontier !== null && logicalTime <= coverage.frontier) return { coverage, planned: null, gaps: [] };
  const pending = coverage.ledger.filter(isPending);
  const { waiting, ...divided } = divide(input, pending);
  const { due, lost } = withoutOld(input, divided.due);
  const left = closeOld(input, waiting, [...divided.lost, ...lost]);
  const planned = plannedOf(rule, due, input.settings);
  const asked = mergesHits(rule) ? withoutWaiting(planned.asked, due, waiting) : planned.asked;
  return { coverage: { ...left.coverage, frontier: logicalTime }, planned: { ...planned, asked }, gaps: left.gaps };
}

/** Plans the oldest pending window that does not rest, for the lowest lane; those that have grown too old since they were planned become gaps. */
export function planBacklog(input: PlanInput): CoveragePlan {
  const { coverage, rule, grid, settings } = input;
  const left = closeOld(input, coverage.ledger.filter(isPending), []);
  const ledger = divideOldest(rule, left.coverage.ledger, grid);
  const oldest = ledger.find((entry) => isPending(entry) && restLeft(rule, entry, input.now) === 0);
  return {
    coverage: { ...left.coverage, ledger },
    planned: oldest ? plannedAgain(rule, oldest, settings) : null,
    gaps: left.gaps,
  };
}

interface Division {
  readonly due: TimeRange;
  readonly waiting: readonly LedgerEntry[];
  /** What nobody will ask. */
  readonly lost: readonly LedgerEntry[];
}

/** Divides what lies between the frontier and L, and what is pending already, into the window of this run and what waits. */
function divide(input: DueInput, pending: readonly LedgerEntry[]): Division {
  const { rule, coverage, logicalTime, grid } = input;
  const { frontier } = coverage;
  const first = { from: logicalTime - rule.lookbackMs, to: logicalTime };
  if (rule.effectiveShape === 'snapshot') return { due: { from: logicalTime, to: logicalTime }, waiting: [], lost: [] };
  if (mayMerge(rule)) return divideMerging(input, pending, frontier ?? first.from);
  if (frontier === null) return { due: first, waiting: pending, lost: [] };
  const { cores, lost } =
    rule.effectiveShape === 'set'
      ? missedOfSet(frontier, input)
      : { cores: missedOfStream(frontier, logicalTime, grid), lost: [] };
  const waiting = [...pending, ...cores.slice(0, -1).map((core) => pendingEntry(core, 0))];
  return { due: cores.at(-1) ?? first, waiting: asksEachTime(rule) ? joinPending(waiting, grid) : waiting, lost };
}

function divideMerging(
  { rule, coverage, logicalTime, grid }: DueInput,
  pending: readonly LedgerEntry[],
  from: number,
): Division {
  const length = sliceOf(rule, coverage);
  const failed = pending.filter((entry) => isFailedPart(rule.effectiveShape, entry));
  const rest = pending.filter((entry) => !isFailedPart(rule.effectiveShape, entry));
  const ranges = unite([...rest, { from, to: logicalTime }]).flatMap((range) =>
    mergesHits(rule) ? cutAtGrid(range, length, grid) : cut(range, length),
  );
  const waiting = ranges.slice(0, -1).map((core) => known(rest, core) ?? pendingEntry(core, 0));
  return { due: ranges.at(-1) ?? { from, to: logicalTime }, waiting: [...failed, ...waiting], lost: [] };
}

/** The ledger with what is pending and what is not asked any more, and what of that is new. */
function closeOld(
  input: PlanInput,
  pending: readonly LedgerEntry[],
  lost: readonly LedgerEntry[],
): { readonly coverage: Coverage; readonly gaps: readonly LedgerEntry[] } {
  const { coverage, now } = input;
  const { open, gaps } = giveUp(input, pending);
  const added = joinGaps([...lost, ...gaps]);
  const closed = coverage.ledger.filter((entry) => !isPending(entry) && entry.to > now - CLOSED_LIFE_MS);
  return { coverage: { ...coverage, ledger: byStart([...joinGaps([...closed, ...added]), ...open]) }, gaps: added };
}

/** What came of asking one planned window. */
export type WindowOutcome =
  | { readonly kind: 'covered'; readonly sliceMs: number | null }
  /** Told in part, at `at` (epoch ms): an answer was cut short, or slices of a stream could not be asked. */
  | {
      readonly kind: 'truncated';
      readonly cutShort: boolean;
      readonly missing: readonly MissingSlice[];
      readonly at: number;
      readonly reason: string;
      readonly sliceMs: number | null;
    }
  /** At `at` (epoch ms). `counts`: the failure speaks of this window and not of the service, the network or the credentials. */
  | { readonly kind: 'failed'; readonly counts: boolean; readonly at: number; readonly reason: string };

/** The coverage after a run, and the gaps and truncations it left. */
export function closeWindow(
  rule: RunnableRule,
  coverage: Coverage,
  planned: PlannedWindow,
  outcome: WindowOutcome,
  settings: WindowSettings,
): { readonly coverage: Coverage; readonly gaps: readonly LedgerEntry[] } {
  const others = coverage.ledger.filter((entry) => !isPending(entry) || entry.id !== entryId(planned.core));
  // A set's window is an L of its own, also where a longer one holds it.
  const isElsewhere = (entry: LedgerEntry): boolean => rule.effectiveShape === 'stream' && isRecorded(entry, others);
  const left = leftBehind(rule, planned, outcome, settings).filter((entry) => !isElsewhere(entry));
  const frontier = Math.max(coverage.frontier ?? planned.logicalTime, planned.logicalTime);
  return {
    coverage: { frontier, sliceMs: sliceAfter(rule, coverage, outcome), ledger: byStart([...others, ...left]) },
    gaps: left.filter((entry) => entry.outcome !== 'pending'),
  };
}

/** A run that had to divide teaches a length. One that had not may try twice the learnt one next time, up to the start value (null). */
function sliceAfter(rule: RunnableRule, { sliceMs }: Coverage, outcome: WindowOutcome): number | null {
  if (outcome.kind !== 'failed' && outcome.sliceMs !== null) return outcome.sliceMs;
  if (outcome.kind !== 'covered' || sliceMs === null) return sliceMs;
  return 2 * sliceMs < sliceOf(rule, NO_COVERAGE) ? 2 * sliceMs : null;
}

/** The lowest instant not yet covered; null before the first run. */
export function coveredTo(coverage: Coverage): number | null {
  const pending = coverage.ledger.filter(isPending).map((entry) => entry.from);
  return coverage.frontier === null ? null : Math.min(coverage.frontier, ...pending);
}

/**
 * The longest stretch covered by one run: what has worked, else max(every, 1 h). Never below the lookback, which every run asks for
 * anyway; a run whose window is too heavy is sliced by itself.
 */
export function sliceOf(rule: RunnableRule, coverage: Pick<Coverage, 'sliceMs'>): number {
  const every = rule.schedule.kind === 'every' ? rule.schedule.everyMs : 0;
  return Math.max(coverage.sliceMs ?? Math.max(every, HOUR_MS), rule.lookbackMs);
}

function known(pending: readonly LedgerEntry[], core: TimeRange): LedgerEntry | undefined {
  return pending.find((entry) => entry.from === core.from && entry.to === core.to);
}

function leftBehind(
  rule: RunnableRule,
  planned: PlannedWindow,
  outcome: WindowOutcome,
  settings: WindowSettings,
): readonly LedgerEntry[] {
  if (outcome.kind === 'covered') return [];
  if (outcome.kind === 'truncated') {
    const cut = outcome.cutShort ? [closedEntry(planned.core, 'truncated', outcome.reason)] : [];
    return [...cut, ...outcome.missing.map((slice) => restOfSlice(planned, slice, outcome, settings))];
  }
  const { reason, at } = outcome;
  const { core, logicalTime, attempts } = planned;
  const counts = outcome.counts && isOwnWindow(rule, planned);
  const parts = counts && rule.effectiveShape === 'stream' ? halve(core, settings) : null;
  if (parts) return parts.map((part) => ({ ...pendingEntry(part, 1), logicalTime, reason }));
  const entry = { ...pendingEntry(core, attempts + (counts ? 1 : 0)), logicalTime, reason };
  return [counts ? restOrGap(entry, at, settings) : entry];
}

/** Whether a failure to ask it can speak against it: a set's window, and a slice of a stream; whole windows of streams are divided. */
export function isOwnWindow({ effectiveShape }: RunnableRule, { attempts }: Pick<PlannedWindow, 'attempts'>): boolean {
  return effectiveShape === 'set' || isFailedPart(effectiveShape, { attempts });
}

function plannedOf(rule: RunnableRule, core: TimeRange, settings: WindowSettings): PlannedWindow {
  const range = { from: core.from, to: core.to };
  return { core: range, asked: askedWindow(rule, range, settings), logicalTime: core.to, lane: 'due', attempts: 0 };
}

/**
 * What waits is asked at its own L, also where it is only a part of what that L asked for. A slice that failed by itself is asked by
 * itself, for what lies around it has been answered; not where rows are counted, which takes what lies around it, too.
 */
function plannedAgain(rule: RunnableRule, entry: LedgerEntry, settings: WindowSettings): PlannedWindow {
  const { logicalTime, attempts } = entry;
  const planned = plannedOf(rule, entry, settings);
  const alone = isFailedPart(rule.effectiveShape, entry) && tellsEachRow(rule);
  const asked = planned.asked && alone ? { ...planned.asked, ...planned.core } : planned.asked;
  return { ...planned, asked, logicalTime, lane: 'backlog', attempts };
}

import type { TimeRange, Window } from '../kql/window.ts';
import { DAY_MS, formatDuration, HOUR_MS } from '../lib/duration.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { LedgerEntry, RuleState } from '../state/store.ts';
import { askedWindow, cut, unite, type WindowSettings } from './windows.ts';

/** One window that is to be asked now. */
export interface PlannedWindow {
  /** The range in the ledger. */
  readonly core: TimeRange;
  /** What the query is asked for; null for snapshots. */
  readonly asked: Window | null;
  readonly logicalTime: number;
  readonly lane: 'due' | 'backlog';
  /** Failed attempts before this one. */
  readonly attempts: number;
}

/** The part of a rule's state that runs decide. */
export type Coverage = Pick<RuleState, 'frontier' | 'ledger' | 'sliceMs'>;

export interface CoveragePlan {
  readonly coverage: Coverage;
  /** Null where nothing is to be covered: L is not after what is covered. */
  readonly due: PlannedWindow | null;
  /** Windows given up by this plan, to be told. */
  readonly gaps: readonly LedgerEntry[];
}

export interface PlanInput {
  readonly rule: RunnableRule;
  readonly coverage: Coverage;
  /** L of the run that is due. */
  readonly logicalTime: number;
  /** Scheduled L's between the frontier and the due one, oldest first, that nobody ran. */
  readonly missed: readonly number[];
  readonly now: number;
  readonly retentionMs: number;
  readonly settings: WindowSettings;
}

/** Entries that nobody will ask again stand in the ledger so long: three times as long as the services keep their rows. */
const CLOSED_LIFE_MS = 90 * DAY_MS;

export const NO_COVERAGE: Coverage = { frontier: null, ledger: [], sliceMs: null };

/** Plans the due run: what lies between the frontier and L becomes pending, the newest piece is due now. */
export function planDue(input: PlanInput): CoveragePlan {
  const { coverage, logicalTime, rule } = input;
  if (coverage.frontier !== null && logicalTime <= coverage.frontier) return { coverage, due: null, gaps: [] };
  const pending = coverage.ledger.filter(isPending);
  const cores = coresOf(input, pending);
  const due = cores.at(-1);
  const attempts = (core: TimeRange): number => (mayMerge(rule) ? carried(pending, core) : 0);
  const rest = cores.slice(0, -1).map((core) => known(pending, core) ?? entryOf(core, attempts(core)));
  const kept = rule.effectiveShape === 'stream' && mayMerge(rule) ? [] : pending;
  const closed = coverage.ledger.filter((entry) => !isPending(entry) && entry.to > input.now - CLOSED_LIFE_MS);
  const { open, gaps } = giveUp(input, [...kept, ...rest]);
  const next = { ...coverage, frontier: logicalTime, ledger: inOrder([...closed, ...gaps, ...open]) };
  if (!due) return { coverage: next, due: null, gaps };
  return {
    coverage: next,
    due: plannedOf(rule, due, 'due', known(pending, due)?.attempts ?? attempts(due), input.settings),
    gaps,
  };
}

/** The oldest pending window, for the lowest lane; null where there is none. */
export function planBacklog(rule: RunnableRule, coverage: Coverage, settings: WindowSettings): PlannedWindow | null {
  const oldest = coverage.ledger.find(isPending);
  return oldest ? plannedOf(rule, oldest, 'backlog', oldest.attempts, settings) : null;
}

/** Pending windows that have grown too old since they were planned, as gaps. */
export function expire(input: Omit<PlanInput, 'logicalTime' | 'missed'>): {
  readonly coverage: Coverage;
  readonly gaps: readonly LedgerEntry[];
} {
  const { open, gaps } = giveUp(input, input.coverage.ledger.filter(isPending));
  if (gaps.length === 0) return { coverage: input.coverage, gaps };
  const closed = input.coverage.ledger.filter((entry) => !isPending(entry));
  return { coverage: { ...input.coverage, ledger: inOrder([...closed, ...gaps, ...open]) }, gaps };
}

/** What came of asking one planned window. */
export type WindowOutcome =
  | { readonly kind: 'covered'; readonly sliceMs: number | null }
  /** Told in part: for a stream `missing` is what could not be asked, for a set it is empty and the answer was cut short. */
  | {
      readonly kind: 'truncated';
      readonly missing: readonly TimeRange[];
      readonly reason: string;
      readonly sliceMs: number | null;
    }
  /** `counts`: the failure speaks of this window and not of the service, the network or the credentials. */
  | { readonly kind: 'failed'; readonly counts: boolean; readonly reason: string };

/** The coverage after a run, and the gaps and truncations it left. */
export function closeWindow(
  rule: RunnableRule,
  coverage: Coverage,
  planned: PlannedWindow,
  outcome: WindowOutcome,
  settings: WindowSettings,
): { readonly coverage: Coverage; readonly gaps: readonly LedgerEntry[] } {
  const others = coverage.ledger.filter((entry) => !isPending(entry) || entry.id !== entryId(planned.core));
  const left = leftBehind(rule, planned, outcome, settings);
  const frontier = Math.max(coverage.frontier ?? planned.logicalTime, planned.logicalTime);
  return {
    coverage: { frontier, sliceMs: sliceAfter(rule, coverage, outcome), ledger: inOrder([...others, ...left]) },
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

export function isPending(entry: LedgerEntry): boolean {
  return entry.outcome === 'pending';
}

/** Windows of a stream whose query does not ask for the time may be asked as one. */
function mayMerge(rule: RunnableRule): boolean {
  return rule.effectiveShape === 'stream' && !rule.prepared.usesTime;
}

function coresOf(input: PlanInput, pending: readonly LedgerEntry[]): readonly TimeRange[] {
  const { rule, coverage, logicalTime, missed } = input;
  if (rule.effectiveShape === 'snapshot') return [{ from: logicalTime, to: logicalTime }];
  if (rule.effectiveShape === 'set') return [...missed, logicalTime].map((to) => ({ from: to - rule.lookbackMs, to }));
  const from = coverage.frontier ?? logicalTime - rule.lookbackMs;
  if (mayMerge(rule))
    return unite([...pending, { from, to: logicalTime }]).flatMap((range) => cut(range, sliceOf(rule, coverage)));
  const edges = [from, ...missed.filter((time) => time > from), logicalTime];
  return edges.slice(1).map((to, index) => ({ from: edges[index] ?? from, to }));
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

/** Attempts that pending windows inside a merged one have behind them. */
function carried(pending: readonly LedgerEntry[], core: TimeRange): number {
  return Math.max(
    0,
    ...pending
      .filter((entry) => entry.from < core.to && entry.to > core.from && entry.to <= core.to)
      .map((entry) => entry.attempts),
  );
}

function giveUp(
  input: Omit<PlanInput, 'logicalTime' | 'missed'>,
  pending: readonly LedgerEntry[],
): { readonly open: readonly LedgerEntry[]; readonly gaps: readonly LedgerEntry[] } {
  const { rule, now, retentionMs, settings } = input;
  const reach = Math.max(rule.lookbackMs, rule.prepared.reachMs ?? 0);
  const sorted = inOrder(pending);
  const tooMany = rule.effectiveShape === 'set' ? sorted.length - settings.pendingLimit : 0;
  const gaps: LedgerEntry[] = [];
  const open: LedgerEntry[] = [];
  sorted.forEach((entry, index) => {
    const old = entry.logicalTime - reach < now - retentionMs;
    if (old) gaps.push(asGap(entry, `older than the ${formatDuration(retentionMs)} of data that the source keeps`));
    else if (index < tooMany)
      gaps.push(asGap(entry, `more than ${settings.pendingLimit} windows of this rule were waiting`));
    else open.push(entry);
  });
  return { open, gaps };
}

function asGap(entry: LedgerEntry, reason: string): LedgerEntry {
  return { ...entry, outcome: 'gap', reason: entry.reason ? `${reason}; last failure: ${entry.reason}` : reason };
}

function leftBehind(
  rule: RunnableRule,
  planned: PlannedWindow,
  outcome: WindowOutcome,
  settings: WindowSettings,
): readonly LedgerEntry[] {
  if (outcome.kind === 'covered') return [];
  if (outcome.kind === 'truncated') {
    if (outcome.missing.length === 0)
      return [{ ...entryOf(planned.core, planned.attempts), outcome: 'truncated', reason: outcome.reason }];
    return outcome.missing.map((range) => ({
      ...entryOf(range, planned.attempts),
      outcome: 'gap' as const,
      reason: outcome.reason,
    }));
  }
  const attempts = planned.attempts + (outcome.counts ? 1 : 0);
  const entry = { ...entryOf(planned.core, attempts), logicalTime: planned.logicalTime, reason: outcome.reason };
  if (rule.effectiveShape === 'snapshot') return [];
  const spent = rule.effectiveShape === 'set' && attempts >= settings.attemptLimit;
  return [spent ? { ...entry, outcome: 'gap', reason: `failed ${attempts} times: ${outcome.reason}` } : entry];
}

function entryOf(core: TimeRange, attempts: number): LedgerEntry {
  return {
    id: entryId(core),
    from: core.from,
    to: core.to,
    logicalTime: core.to,
    attempts,
    outcome: 'pending',
    reason: null,
  };
}

export function entryId(core: TimeRange): string {
  return `${core.from}-${core.to}`;
}

function plannedOf(
  rule: RunnableRule,
  core: TimeRange,
  lane: 'due' | 'backlog',
  attempts: number,
  settings: WindowSettings,
): PlannedWindow {
  const range = { from: core.from, to: core.to };
  return { core: range, asked: askedWindow(rule, range, settings), logicalTime: core.to, lane, attempts };
}

function inOrder(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return [...entries].sort((a, b) => a.to - b.to || a.from - b.from);
}

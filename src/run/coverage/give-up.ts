import type { TimeRange } from '../../kql/window.ts';
import { formatDuration } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { LedgerEntry } from '../../state/store.ts';
import type { Timetable } from '../schedule.ts';
import type { WindowSettings } from '../windows.ts';
import { byStart, closedEntry, endsAtItsTime, joinTouching, resize } from './ledger.ts';
import { asksEachTime, tooManyReason } from './missed.ts';

export interface GiveUpInput {
  readonly rule: RunnableRule;
  /** The rule's own L's. */
  readonly grid: Timetable;
  /** Epoch ms of the service's clock. */
  readonly now: number;
  readonly retentionMs: number;
  readonly settings: WindowSettings;
}

const TOO_OLD = 'older than the';

/** Pending windows whose rows are gone, or that are too many, become gaps; gaps that touch and have one reason are one. */
export function giveUp(
  input: GiveUpInput,
  pending: readonly LedgerEntry[],
): { readonly open: readonly LedgerEntry[]; readonly gaps: readonly LedgerEntry[] } {
  const { rule, settings } = input;
  const parts = byStart(pending).flatMap((entry) => splitByAge(input, entry));
  const tooMany = rule.effectiveShape === 'set' ? parts.length - settings.pendingLimit : 0;
  const gaps: LedgerEntry[] = [];
  const open: LedgerEntry[] = [];
  parts.forEach(({ entry, old }, index) => {
    if (old) gaps.push(asGap(entry, tooOldReason(input)));
    else if (index < tooMany) gaps.push(asGap(entry, tooManyReason(settings)));
    else open.push(entry);
  });
  return { open, gaps: joinGaps(gaps) };
}

/** Gaps of one reason that touch or overlap are one entry, so that a ledger does not grow with every run of a long outage. */
export function joinGaps(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return joinTouching(entries, (a, b) => a.outcome === 'gap' && b.outcome === 'gap' && isOneReason(a, b));
}

/** What had failed before it grew too old is another text each time, and no other reason. */
function isOneReason(a: LedgerEntry, b: LedgerEntry): boolean {
  return a.reason === b.reason || (isOfAge(a) && isOfAge(b));
}

/** A gap of what the source no longer keeps. */
export function isOfAge({ outcome, reason }: LedgerEntry): boolean {
  return outcome === 'gap' && reason?.startsWith(TOO_OLD) === true;
}

interface Part {
  readonly entry: LedgerEntry;
  readonly old: boolean;
}

/**
 * An entry is old when the source no longer keeps what its L asks for. One of a stream may hold several L's, or be longer than the
 * lookback: then it is old in part.
 */
function splitByAge(input: GiveUpInput, entry: LedgerEntry): readonly Part[] {
  const { rule, now, retentionMs } = input;
  const { from, to, logicalTime } = entry;
  const kept = now - retentionMs;
  const oldest = kept + Math.max(rule.lookbackMs, rule.prepared.reachMs ?? 0);
  const whole = rule.effectiveShape === 'set' && from < kept;
  const edge = Math.max(kept, oldestTime(input, entry, oldest));
  if (whole || logicalTime < oldest || edge >= to) return [{ entry, old: true }];
  if (rule.effectiveShape !== 'stream' || edge <= from) return [{ entry, old: false }];
  return [
    { entry: resize(entry, { from, to: edge }), old: true },
    { entry: { ...resize(entry, { from: edge, to }), logicalTime }, old: false },
  ];
}

/** Where the windows begin whose L's can still be asked, of an entry that holds several. */
function oldestTime({ rule, grid }: GiveUpInput, entry: LedgerEntry, oldest: number): number {
  const holdsTimes = asksEachTime(rule) && endsAtItsTime(entry);
  return (holdsTimes ? grid.latest(oldest - 1) : null) ?? Number.NEGATIVE_INFINITY;
}

/** The window of a due run without what the source no longer keeps of it, which is lost. */
export function withoutOld(
  input: GiveUpInput,
  due: TimeRange,
): { readonly due: TimeRange; readonly lost: readonly LedgerEntry[] } {
  const kept = input.now - input.retentionMs;
  if (input.rule.effectiveShape !== 'stream' || due.from >= kept || kept >= due.to) return { due, lost: [] };
  const lost = closedEntry({ from: due.from, to: kept }, 'gap', tooOldReason(input));
  return { due: { from: kept, to: due.to }, lost: [lost] };
}

function tooOldReason({ retentionMs }: GiveUpInput): string {
  return `${TOO_OLD} ${formatDuration(retentionMs)} of data that the source keeps`;
}

function asGap(entry: LedgerEntry, reason: string): LedgerEntry {
  return { ...entry, outcome: 'gap', reason: entry.reason ? `${reason}; last failure: ${entry.reason}` : reason };
}

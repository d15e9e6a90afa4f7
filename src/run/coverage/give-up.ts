import { formatDuration } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { LedgerEntry } from '../../state/store.ts';
import type { Timetable } from '../schedule.ts';
import type { WindowSettings } from '../windows.ts';
import { byStart, joinTouching, resize } from './ledger.ts';
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
    if (old)
      gaps.push(asGap(entry, `older than the ${formatDuration(input.retentionMs)} of data that the source keeps`));
    else if (index < tooMany) gaps.push(asGap(entry, tooManyReason(settings)));
    else open.push(entry);
  });
  return { open, gaps: joinGaps(gaps) };
}

/** Gaps of one reason that touch or overlap are one entry, so that a ledger does not grow with every run of a long outage. */
export function joinGaps(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return joinTouching(entries, (a, b) => a.outcome === 'gap' && b.outcome === 'gap' && a.reason === b.reason);
}

interface Part {
  readonly entry: LedgerEntry;
  readonly old: boolean;
}

/** An entry is old when the source no longer keeps what its L asks for. One that holds several L's may be old in part. */
function splitByAge({ rule, grid, now, retentionMs }: GiveUpInput, entry: LedgerEntry): readonly Part[] {
  const oldest = now - retentionMs + Math.max(rule.lookbackMs, rule.prepared.reachMs ?? 0);
  if (entry.logicalTime < oldest) return [{ entry, old: true }];
  const edge = asksEachTime(rule) ? grid.latest(oldest - 1) : null;
  if (edge === null || edge <= entry.from) return [{ entry, old: false }];
  return [
    { entry: resize(entry, { from: entry.from, to: edge }), old: true },
    { entry: resize(entry, { from: edge, to: entry.to }), old: false },
  ];
}

function asGap(entry: LedgerEntry, reason: string): LedgerEntry {
  return { ...entry, outcome: 'gap', reason: entry.reason ? `${reason}; last failure: ${entry.reason}` : reason };
}

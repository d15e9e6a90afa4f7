import type { Severity } from '../rules/rule.ts';
import type { SuppressionReason } from './alert.ts';
import { type Matchable, type Matcher, matchesAll } from './matchers.ts';

/** What hides a hit, as counts name it. */
export type HidingReason = Extract<SuppressionReason, 'silenced' | 'maintenance'>;

/** Epoch ms, half-open. Of a silence that says no beginning, `since` is when it was written, and it holds for what was before, too. */
export interface SilentSpan {
  readonly since: number;
  readonly until: number;
}

/** What hides alerts for a time: a silence, or maintenance, which comes again by a cron. */
export interface Silence {
  readonly counts: HidingReason;
  /** Of maintenance its name. */
  readonly id: string;
  /** At least one; all must hold. */
  readonly match: readonly Matcher[];
  readonly owner: string;
  readonly reason: string;
  /** The span in which what happened at `time` (epoch ms) is hidden; null: it is told. */
  readonly spanAt: (time: number) => SilentSpan | null;
}

/** Which silence hides something, and in which of its spans. */
export interface Hider extends SilentSpan {
  readonly counts: HidingReason;
  readonly id: string;
}

/** How much one span hid. */
export interface HiddenHits extends Hider {
  readonly severity: Severity;
  readonly hits: number;
  /** Epoch ms of the oldest and the newest. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** The same, of one rule of one tenant. */
export interface HiddenCount extends HiddenHits {
  readonly tenant: string;
  /** `health`: alerts about Huntwire itself that are about no rule. */
  readonly ruleId: string;
}

/**
 * What hides something that happened at `time`, or null: it is told. Where several do, silences come before maintenance, then the one that
 * ends first: its summary is told soonest. The order in which they are given does not matter.
 */
export function hiderOf(silences: readonly Silence[], time: number, subject: () => Matchable): Hider | null {
  const hiders = silences.flatMap((silence) => {
    const span = silence.spanAt(time);
    if (span === null || !matchesAll(silence.match, subject())) return [];
    return [{ counts: silence.counts, id: silence.id, ...span }];
  });
  return hiders.sort(compareHiders)[0] ?? null;
}

function compareHiders(one: Hider, other: Hider): number {
  if (one.counts !== other.counts) return one.counts === 'silenced' ? -1 : 1;
  if (one.until !== other.until) return one.until - other.until;
  if (one.id !== other.id) return one.id < other.id ? -1 : 1;
  return one.since - other.since;
}

/** A silence with a beginning, where it says one, and an end. */
export function spanOfSilence(
  { starts, ends }: { readonly starts: number | null; readonly ends: number },
  writtenAt: number,
): Silence['spanAt'] {
  const span = { since: starts ?? writtenAt, until: ends };
  return (time) => ((starts === null || time >= starts) && time < ends ? span : null);
}

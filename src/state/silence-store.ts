import type { HidingReason, Silence } from '../alerts/silences.ts';
import type { Severity } from '../rules/rule.ts';
import type { ChangedBy } from './audit-store.ts';

/** A silence that was added beside the configuration. Times are epoch ms of the service's clock, as well as whoever added it knew that. */
export interface SilenceRecord {
  readonly id: string;
  /** Matchers as they were written; at least one. */
  readonly match: readonly string[];
  readonly owner: string;
  readonly reason: string;
  /** null: it holds for whatever was before its end. */
  readonly starts: number | null;
  readonly ends: number;
  readonly addedAt: number;
  /** When it was taken back; it holds for nothing any more. */
  readonly expiredAt: number | null;
}

/** One span of a silence or of maintenance in one tenant. */
export interface HiddenSpan {
  readonly counts: HidingReason;
  readonly id: string;
  readonly since: number;
  readonly tenant: string;
}

/** How much of a span was summed up in which revision of its alert, and when (epoch ms of the service's clock). */
export interface SummaryMark extends HiddenSpan {
  readonly revision: number;
  readonly hits: number;
  readonly at: number;
}

/** What was hidden in one span, and what was told of that. */
export interface HiddenTotal extends HiddenSpan {
  readonly until: number;
  readonly hits: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Most hits first. */
  readonly parts: readonly { readonly ruleId: string; readonly severity: Severity; readonly hits: number }[];
  readonly told: Pick<SummaryMark, 'revision' | 'hits' | 'at'> | null;
}

/** The part of the state that is about silences and maintenance. What they hid is counted by commits (`HiddenCount`). */
export interface SilenceStore {
  /** All that were added and not forgotten, those that end first before others. */
  silences(): Promise<readonly SilenceRecord[]>;
  /** False where one of this id is there: then nothing was written. What somebody asked for is noted in the audit. */
  addSilence(silence: Omit<SilenceRecord, 'expiredAt'>, asked?: ChangedBy): Promise<boolean>;
  /** Takes those of these ids back that still hold; tells which that were. */
  expireSilences(ids: readonly string[], at: number, asked?: ChangedBy): Promise<readonly SilenceRecord[]>;
  hiddenTotals(): Promise<readonly HiddenTotal[]>;
}

/** Gives the silences and maintenance that hold now, will or did not long ago, as they are at this moment. */
export type SilenceReader = () => Promise<readonly Silence[]>;

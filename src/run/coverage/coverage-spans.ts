import type { TimeRange } from '../../kql/window.ts';
import type { LedgerOutcome, RuleState } from '../../state/store.ts';

/** `covered`: searched; else as the ledger has it. */
export type CoverageState = 'covered' | LedgerOutcome;

/** A part of a period; times are ISO texts. */
export interface CoverageSpan {
  readonly from: string;
  readonly to: string;
  readonly state: CoverageState;
}

type Span = TimeRange & { readonly state: CoverageState };

/**
 * What of a period a rule has searched, in order: what the ledger tells, and between that, from the first window that is known to the
 * frontier, what is covered. A later entry of the ledger stands over an earlier one.
 */
export function coverageSpans(
  { frontier, ledger }: Pick<RuleState, 'frontier' | 'ledger'>,
  searchedFrom: number | null,
  { from, to }: TimeRange,
): readonly CoverageSpan[] {
  const starts = [...ledger.map((entry) => entry.from), ...(searchedFrom === null ? [] : [searchedFrom])];
  if (frontier === null || starts.length === 0) return [];
  const whole: Span = { from: Math.min(...starts), to: frontier, state: 'covered' };
  const spans = ledger.reduce<readonly Span[]>(
    (before, entry) => laidOver(before, { from: entry.from, to: entry.to, state: entry.outcome }),
    [whole],
  );
  return spans.flatMap((span) => {
    const cut = { from: Math.max(from, span.from), to: Math.min(to, span.to) };
    return cut.from < cut.to ? [{ from: iso(cut.from), to: iso(cut.to), state: span.state }] : [];
  });
}

function laidOver(spans: readonly Span[], top: Span): readonly Span[] {
  if (top.from >= top.to) return spans;
  const left = spans.flatMap((span) => [
    ...(span.from < top.from ? [{ ...span, to: Math.min(span.to, top.from) }] : []),
    ...(span.to > top.to ? [{ ...span, from: Math.max(span.from, top.to) }] : []),
  ]);
  return [...left, top].sort((a, b) => a.from - b.from);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

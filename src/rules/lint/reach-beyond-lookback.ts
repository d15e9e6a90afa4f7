import { OTHER_LOOKBACK, type PreparedQuery } from '../../kql/prepared.ts';
import { formatDuration } from '../../lib/duration.ts';
import { effectiveShape, lookbackOf } from '../shape.ts';
import type { LintCheck } from './check.ts';

/** A query that asks further back than its window finds nothing there: a baseline would be empty and everything new. */
export const reachBeyondLookback: LintCheck = {
  id: 'reach-beyond-lookback',
  description:
    'A query that asks further back (`ago(14d)`) than its lookback; info for streams, a warning for rules of other products.',
  why: 'The window cuts off what the query compares with: a baseline of 14 days over a window of one is empty, and everything looks new.',
  mend: 'Set `schedule.lookback` to the reach of the query, or take the time filter out.',
  severity: 'error',
  analyzed: true,
  refuses: ['set'],
  check: (rule, { prepared }) => {
    const lookbackMs = lookbackOf(rule, prepared);
    const { reachMs, upperMs } = prepared;
    const shape = effectiveShape(rule, prepared);
    if (shape === 'snapshot' || lookbackMs === null || reachMs === null || reachMs <= lookbackMs + upperMs) return [];
    const message = `The query reaches back ${formatDuration(reachMs)}, the lookback is ${formatDuration(lookbackMs)}: older rows are cut off by the window.`;
    const place = rule.map.placeOf(['schedule', 'lookback']);
    if (shape === 'stream') return [{ place, message, suggestion: streamAdvice(reachMs, prepared), severity: 'info' }];
    // The rule's own product cuts off the same rows.
    const severity = rule.origin ? 'warning' : 'error';
    return [{ place, message, suggestion: adviceFor(reachMs, prepared), severity }];
  },
};

const STREAM_ADVICE = 'Nothing is lost by it: each event is searched once, when it has arrived.';

/** A table that is looked up less far back may be what the query means. */
function streamAdvice(reachMs: number, prepared: PreparedQuery): string | null {
  const short = prepared.tables.find(
    ({ role, lookbackMs }) => role === 'entity' && lookbackMs !== null && lookbackMs < reachMs,
  );
  if (short) {
    const found = formatDuration(short.lookbackMs ?? 0);
    return `${short.table} is looked up ${found} back: where more of it is meant, say so in "window.tables".`;
  }
  return losesNothing(prepared) ? STREAM_ADVICE : null;
}

/** Filters that stay have their own finding, which says what they cost. */
function losesNothing({ ownFilters, unclearFilters }: PreparedQuery): boolean {
  return unclearFilters.length === 0 && ownFilters.every(({ because }) => because === null);
}

function adviceFor(reachMs: number, { ownFilters }: PreparedQuery): string {
  const isNeedless = ownFilters.length > 0 && ownFilters.every(({ because }) => because === OTHER_LOOKBACK);
  if (isNeedless) return `Leave "schedule.lookback" out: the filter of the query says it.`;
  return `Set "schedule.lookback" to ${formatDuration(reachMs)}, or take the time filter out of the query.`;
}

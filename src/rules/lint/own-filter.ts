import { KEPT_BY_RULE, type OwnFilter, type PreparedQuery } from '../../kql/prepared.ts';
import { formatDuration } from '../../lib/duration.ts';
import type { Rule } from '../rule.ts';
import { lookbackOf } from '../shape.ts';
import type { LintCheck, Remark } from './check.ts';

/**
 * A filter such as `Timestamp > ago(1h)` beside the window leaves out what arrives late. Told where the window stands for it, where it
 * stays, and where it asks for more than there is.
 */
export const ownFilter: LintCheck = {
  id: 'own-filter',
  description:
    'Own time filters (`Timestamp > ago(1h)`): info where the window stands for one, and where a rule of another product keeps one as it does at home; a warning where one stays else, and what it costs.',
  why: 'Beside a window, a time filter of the query drops events that arrive later than they happen.',
  mend: 'Leave the time to the window; where the filter is meant, say `window: {keepFilters: true}`.',
  severity: 'warning',
  analyzed: true,
  refuses: [],
  check: (rule, { prepared }) => [
    ...prepared.ownFilters.map((filter) => (filter.because === null ? absorbed(rule, filter) : kept(rule, filter))),
    ...shortened(rule, prepared),
  ],
};

function absorbed({ map }: Rule, { start, distanceMs }: OwnFilter): Remark {
  return {
    place: map.place(start),
    message: `The window stands for this filter on the last ${formatDuration(distanceMs)}, which is not sent: so events that arrive late are found.`,
    suggestion: 'Take it out of the query, or keep it with "window: {keepFilters: true}".',
    severity: 'info',
  };
}

/** Its product runs such a rule with its own filters, and who reads it has not said so. */
const THEIRS =
  'rules of other products keep their own where the query joins or aggregates: events that come later than that are not told';

function kept(rule: Rule, { start, distanceMs, because }: OwnFilter): Remark {
  const { map, window, origin } = rule;
  const place = map.place(start);
  const filter = `This filter on the last ${formatDuration(distanceMs)} stays`;
  if (origin !== undefined && because === KEPT_BY_RULE)
    return { place, message: `${filter}, because ${THEIRS}.`, suggestion: OTHERWISE, severity: 'info' };
  const isWanted = window.keepFilters === 'always';
  return {
    place,
    message: `${filter}, because ${because}: an event that is older than that when a run can see it is never told.`,
    suggestion: isWanted
      ? null
      : 'Leave the time to the window where you can; where it is meant, say "window: {keepFilters: true}".',
    severity: isWanted ? 'info' : 'warning',
  };
}

const OTHERWISE =
  'An overlay says otherwise: "window: {basis: ingestion}", and a schedule without a lookback, leave the time to the window where it can.';

function shortened(rule: Rule, prepared: PreparedQuery): readonly Remark[] {
  const lookbackMs = lookbackOf(rule, prepared);
  if (rule.schedule.lookbackMs !== null || prepared.absorbedMs === null || lookbackMs === null) return [];
  if (lookbackMs >= prepared.absorbedMs) return [];
  const message = `The query asks ${formatDuration(prepared.absorbedMs)} back; runs look back ${formatDuration(lookbackMs)}, which is all that is kept less the time between runs and a day.`;
  return [{ place: rule.map.placeOf(['schedule']), message, suggestion: null, severity: 'info' }];
}

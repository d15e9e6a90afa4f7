import { formatDuration, MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import { countOf } from '../../lib/text.ts';
import { timeText } from '../terminal/time-text.ts';

/** A rule that could have run. Times are epoch ms. */
export interface IdleRule {
  readonly id: string;
  /** null: it never ran. */
  readonly coveredTo: number | null;
  /** null: its schedule never comes again. */
  readonly nextAt: number | null;
  /** The time as its tenant's service has it. */
  readonly now: number;
}

/** Why `once` has run nothing, by what is known of the enabled rules. */
export function idleText(rules: readonly IdleRule[]): string {
  if (rules.length === 0) return 'No rule is enabled: nothing was searched.';
  const ahead = rules.filter(({ coveredTo, now }) => coveredTo !== null && coveredTo > now + MINUTE_MS);
  if (ahead.length > 0) return aheadText(ahead);
  const [next] = rules
    .filter((rule) => rule.nextAt !== null)
    .sort((left, right) => (left.nextAt ?? 0) - (right.nextAt ?? 0));
  const covered = rules.map((rule) => rule.coveredTo).filter((time) => time !== null);
  const to = covered.length === rules.length ? `: all is covered to ${timeText(Math.min(...covered))}` : '';
  const then = next?.nextAt ? `; the next is ${next.id} at ${timeText(next.nextAt)}` : '';
  return `No rule was due${to}${then}.`;
}

function aheadText(ahead: readonly IdleRule[]): string {
  const farthest = ahead.reduce((most, rule) => ((rule.coveredTo ?? 0) > (most.coveredTo ?? 0) ? rule : most));
  const { id, coveredTo, now } = farthest;
  const byMs = Math.round(((coveredTo ?? now) - now) / SECOND_MS) * SECOND_MS;
  const others = ahead.length > 1 ? ` (and ${countOf(ahead.length - 1, 'other')})` : '';
  return `Nothing was searched: ${id}${others} counts as covered to ${timeText(coveredTo)}, which is ${formatDuration(byMs)} ahead. A clock was wrong, then or now: look at time synchronization.`;
}

import { formatDuration } from '../lib/duration.ts';
import { countOf } from '../lib/text.ts';
import type { Health } from './read-health.ts';

/** An alert that waits longer is not delivered, whatever the reason. */
const LONGEST_WAIT_S = 15 * 60;

/** Why a process does not keep up, in sentences; none: it does. Rules are judged by their lag, never by their last run. */
export function whyNotReady({ rules, targets, waiting }: Health): readonly string[] {
  const late = rules.filter(({ lags, standing }) => lags || standing === 'blocked');
  const old = targets.filter(({ oldestSeconds }) => oldestSeconds > LONGEST_WAIT_S);
  return [
    ...waiting.map((tenant) => `${tenant}: its service has not told its time yet, so nothing is searched.`),
    ...late.map(
      ({ tenant, rule, standing, lagSeconds }) => `${rule} (${tenant}): ${standing}, ${spanText(lagSeconds)} late.`,
    ),
    ...old.map(
      ({ target, pending, oldestSeconds }) =>
        `${target}: ${countOf(pending, 'alert')} not delivered, the oldest for ${spanText(oldestSeconds)}.`,
    ),
  ];
}

function spanText(seconds: number): string {
  return formatDuration(Math.round(seconds) * 1000);
}

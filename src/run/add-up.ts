import type { Alert } from '../alerts/alert.ts';
import type { Decision } from '../alerts/decide/decision.ts';
import { HuntwireError } from '../lib/errors.ts';

/**
 * The error of a run that does not add up, or null where it does: the rows that came are those told and those dropped for a named
 * reason, the hits likewise, and the alerts hold the rows of what was told. A difference is a defect of ours: nothing of such a run may
 * be committed, or what it lost would be lost in silence.
 */
export function miscountOf(rows: number, decision: Decision, alerts: readonly Alert[]): HuntwireError | null {
  const { hits, reasons, rowReasons, told, overflow } = decision;
  const toldRows = [...told.flatMap((one) => one.hits), ...(overflow?.hits ?? [])];
  const counts: readonly (readonly [string, number, number])[] = [
    ['rows', rows, sum(Object.values(rowReasons))],
    ['hits', hits, sum(Object.values(reasons))],
    ['rows of alerts', sum(toldRows.map((hit) => hit.rowCount)), sum(alerts.map((alert) => alert.rowCount))],
    ['alerts', told.length + (overflow ? 1 : 0), alerts.length],
  ];
  const wrong = counts.filter(([, came, accounted]) => came !== accounted);
  if (wrong.length === 0) return null;
  const words = wrong.map(([what, came, accounted]) => `${came} ${what} came and ${accounted} are accounted for`);
  return new HuntwireError('RUN_MISCOUNTED', `The run does not add up: ${words.join('; ')}. Report this with the log.`);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

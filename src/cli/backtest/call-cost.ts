import { formatDuration } from '../../lib/duration.ts';
import { countOf } from '../../lib/text.ts';
import type { BacktestCost } from '../../trial/backtest-cost.ts';

/** More calls than this are not sent without a yes. */
export const CALLS_WITHOUT_YES = 50;

/** What calls take from the quota, as a sentence. */
export function callCostText({ calls, callsPerHour, shareOfHour, atLeastMs }: BacktestCost): string {
  if (callsPerHour === null || shareOfHour === null) return 'No quota is spent.';
  const time = atLeastMs > 0 ? ` It takes at least ${formatDuration(atLeastMs)}.` : '';
  return `Cost: ${countOf(calls, 'call')}, ${hourText(shareOfHour, callsPerHour)}.${time}`;
}

/** What many calls are is said in hours: nobody thinks in 822 %. */
function hourText(share: number, callsPerHour: number): string {
  if (share > 1) return `as many as ${Math.round(share * 10) / 10} hours allow (${callsPerHour} each)`;
  return `${Math.round(share * 1000) / 10} % of the ${callsPerHour} calls an hour`;
}

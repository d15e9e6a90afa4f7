import type { Week } from '../world/play.ts';
import { type Finding, iso } from './finding.ts';

/** No sliding minute or hour has more calls than were planned with, whatever happens to us; behind an older state that is put back, to the meter too. */
export function checkQuota(week: Week): readonly Finding[] {
  const { callsPerMinute, callsPerHour } = week.scenario.service;
  const putBacks = week.records.filter((record) => record.kind === 'put-back').map((record) => record.at);
  const isExcused = (time: number, period: number): boolean => putBacks.some((at) => at <= time && time < at + period);
  return [
    ...over(week.calls, callsPerMinute, 60_000, 'minute', isExcused),
    ...over(week.calls, callsPerHour, 3_600_000, 'hour', isExcused),
  ];
}

function over(
  calls: readonly number[],
  limit: number,
  period: number,
  word: string,
  isExcused: (time: number, period: number) => boolean,
): readonly Finding[] {
  const at = calls.findIndex((time, index) => {
    const first = calls[index - limit];
    return first !== undefined && time - first < period && !isExcused(time, period);
  });
  if (at < 0) return [];
  const message = `more than ${limit} calls in the ${word} that ends at ${iso(calls[at] ?? 0)}`;
  return [{ kind: 'quota', subject: 'contoso', message }];
}

/** Calls are so few that rules have to wait hours for theirs, at least now and then: half of what an hour allows was used at some time. */
export function isScarce({ scenario, calls }: Week): boolean {
  const half = Math.floor(scenario.service.callsPerHour / 2);
  return calls.some((time, index) => time - (calls[index - half] ?? Number.NEGATIVE_INFINITY) < 3_600_000);
}

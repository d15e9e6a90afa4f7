import { SECOND_MS } from '../../lib/duration.ts';
import { cronFault, isTimezone } from '../cron/cron-fault.ts';
import type { Schedule } from '../rule.ts';
import type { RawSchedule } from './raw.ts';
import { type Reading, readDuration, report } from './reading.ts';

/** `schedule`: exactly one of `every` and `cron`; `timezone` belongs to `cron`. */
export function readSchedule(reading: Reading, raw: RawSchedule): Schedule | null {
  const lookbackMs = readDuration(reading, ['schedule', 'lookback'], raw.lookback, SECOND_MS);
  if ((raw.every === undefined) === (raw.cron === undefined)) {
    report(reading, ['schedule'], '"schedule" needs exactly one of "every" and "cron".');
    return null;
  }
  const common = { lookbackMs, ...(raw.pauses && { pauses: raw.pauses }) };
  if (raw.cron !== undefined) return readCron(reading, raw.cron, raw.timezone ?? 'UTC', common);
  if (raw.timezone !== undefined) {
    report(reading, ['schedule', 'timezone'], '"timezone" has no meaning without "cron": "every" counts in UTC.');
  }
  const everyMs = readDuration(reading, ['schedule', 'every'], raw.every, SECOND_MS);
  return everyMs === null ? null : Object.freeze({ kind: 'every', everyMs, ...common });
}

type CommonFields = Pick<Schedule, 'lookbackMs' | 'pauses'>;

function readCron(reading: Reading, cron: string, timezone: string, common: CommonFields): Schedule | null {
  if (!isTimezone(timezone)) {
    report(
      reading,
      ['schedule', 'timezone'],
      `"${timezone}" is no time zone: write an IANA name such as Europe/Berlin.`,
    );
    return null;
  }
  const schedule = Object.freeze({ kind: 'cron', cron, timezone, ...common } as const);
  const fault = cronFault(schedule);
  if (fault !== null) report(reading, ['schedule', 'cron'], fault);
  return schedule;
}

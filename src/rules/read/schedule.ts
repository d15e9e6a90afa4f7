import { SECOND_MS } from '../../lib/duration.ts';
import type { CronSchedule } from '../cron/cron-fields.ts';
import { runsAgain } from '../cron/spacing.ts';
import type { Schedule } from '../rule.ts';
import { reasonOf } from '../rule-files.ts';
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
  const reason = cronFault(schedule);
  if (reason !== null)
    report(reading, ['schedule', 'cron'], `"${cron}" is no cron expression of five fields: ${reason}`);
  return schedule;
}

function cronFault(schedule: CronSchedule): string | null {
  if (schedule.cron.trim().split(/\s+/).length !== 5) return 'it needs minute, hour, day, month and weekday.';
  try {
    return runsAgain(schedule) ? null : 'it never runs.';
  } catch (error) {
    return reasonOf(error);
  }
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

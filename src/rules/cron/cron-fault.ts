import { countOf } from '../../lib/text.ts';
import { reasonOf } from '../rule-files.ts';
import type { CronSchedule } from './cron-fields.ts';
import { runsAgain } from './spacing.ts';

const FIELDS = 'minute, hour, day of the month, month and weekday, such as "*/15 6-20 * * 1-5"';

/** What is wrong with a cron expression, in a sentence; null: nothing. */
export function cronFault(schedule: CronSchedule): string | null {
  const { cron } = schedule;
  const fields = cron.trim().split(/\s+/).filter(Boolean).length;
  if (fields !== 5) return `"cron" has ${countOf(fields, 'field')} and needs five: ${FIELDS}.`;
  try {
    return runsAgain(schedule) ? null : `"cron" never runs: no day fits "${cron}".`;
  } catch (error) {
    const reason = reasonOf(error).replace(/^CronPattern: /, '');
    return `"${cron}" is no cron (${reason}): write ${FIELDS}.`;
  }
}

/** Names of zones that there are; to find out costs as much as to read a short rule. */
const zones = new Set<string>();

/** Whether there is a zone of this IANA name. */
export function isTimezone(name: string): boolean {
  if (zones.has(name)) return true;
  const isZone = canTellTime(name);
  if (isZone) zones.add(name);
  return isZone;
}

function canTellTime(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

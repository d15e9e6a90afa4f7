import { DAY_MS, formatDuration, MINUTE_MS } from '../../../lib/duration.ts';
import type { RawSchedule } from '../../read/raw.ts';
import { approximate, honour, refuseAt, type Translation, warnAt } from '../vendor/translation.ts';
import { parseVendorDuration } from '../vendor/vendor-duration.ts';
import type { VendorMap } from '../vendor/vendor-map.ts';

/** Defender looks back four times the time between runs, of daily rules as far as it keeps rows. */
const TIMES = 4;
/** What is kept for 30 days, less the time between runs and a day for one that comes late. */
const KEPT_MS = 28 * DAY_MS;

/** `schedule`: `frequency` and `lookback`, or `period` of older rules. Nothing, and 0, is continuous. */
export function translateGraphSchedule(translation: Translation, schedule: VendorMap): RawSchedule {
  const key = schedule.value('frequency') === undefined && schedule.has('period') ? 'period' : 'frequency';
  honour(translation, schedule, key, ['schedule', 'every']);
  honour(translation, schedule, 'lookback', ['schedule', 'lookback']);
  translation.places.push({ ours: ['schedule'], theirs: schedule.at(key) });
  const everyMs = readSpan(translation, schedule, key);
  const lookbackMs = readSpan(translation, schedule, 'lookback');
  if (everyMs === null && schedule.value(key) === undefined)
    refuseAt(translation, schedule.path, 'The rule does not say when it runs: "schedule.frequency" is missing.');
  if (everyMs === 0) {
    approximate(translation, schedule, key, 'continuous rules run each minute');
    return { every: '1m', lookback: formatDuration(lookbackMs || MINUTE_MS) };
  }
  const every = everyMs ?? DAY_MS;
  approximate(translation, schedule, key, 'the window is by arrival, so that late events are found too');
  return { every: formatDuration(every), lookback: formatDuration(lookbackMs || defaultLookback(every)) };
}

function defaultLookback(everyMs: number): number {
  return everyMs >= DAY_MS ? Math.max(KEPT_MS, everyMs) : TIMES * everyMs;
}

function readSpan(translation: Translation, schedule: VendorMap, key: string): number | null {
  const value = schedule.value(key);
  if (value === undefined) return null;
  const read = parseVendorDuration(value);
  if ('ms' in read && (read.ms === 0 || read.ms >= MINUTE_MS)) return read.ms;
  const fault = 'fault' in read ? read.fault : `"${key}" is shorter than a minute.`;
  if (key === 'lookback') warnAt(translation, schedule.at(key), `${fault} The lookback is the usual one.`);
  else refuseAt(translation, schedule.at(key), fault);
  return null;
}

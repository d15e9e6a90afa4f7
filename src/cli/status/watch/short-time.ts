import { DAY_MS, formatDuration, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../lib/duration.ts';

const UNITS = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['m', MINUTE_MS],
] as const;

/** Whole units only: `4m`, `3h`, `12d`. */
export function shortTime(ms: number): string {
  for (const [name, length] of UNITS) if (ms >= length) return `${Math.floor(ms / length)}${name}`;
  return formatDuration(Math.max(0, Math.round(ms / SECOND_MS)) * SECOND_MS);
}

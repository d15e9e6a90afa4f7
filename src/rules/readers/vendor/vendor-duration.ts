import { DAY_MS, HOUR_MS, MINUTE_MS, parseDuration, SECOND_MS } from '../../../lib/duration.ts';
import { vendorMap } from './vendor-map.ts';

/** A duration in ms, or why it is none. */
export type VendorDuration = { readonly ms: number } | { readonly fault: string };

const CLOCK = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d{1,7})?)?$/;
const ISO = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * A duration as vendors' files write it: `1h`, `1d12h`, `1H`; `06:00:00` and `1.00:00:00` (.NET); `PT1H`, `P1DT12H` (ISO 8601); a
 * written-out TimeSpan (`{Ticks: …}`). A bare number and `24:00:00` are refused: .NET reads them as days, their authors seldom do.
 */
export function parseVendorDuration(value: unknown): VendorDuration {
  if (typeof value === 'object' && value !== null) return ofTimeSpan(value);
  const text = String(value).trim();
  if (/^\d+$/.test(text)) return ofNumber(text);
  const short = parseDuration(text.toLowerCase());
  if (short !== null && !text.toLowerCase().includes('ms')) return { ms: short };
  return (
    ofClock(text) ?? ofIso(text.toUpperCase()) ?? { fault: `"${text}" is no duration: write for example 1h or PT1H.` }
  );
}

function ofNumber(text: string): VendorDuration {
  if (text === '0') return { ms: 0 };
  return {
    fault: `"${text}" does not say of what: .NET reads it as ${text} days. Write ${text}d, ${text}h or ${text}m.`,
  };
}

function ofClock(text: string): VendorDuration | null {
  const parts = CLOCK.exec(text);
  if (!parts) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  if (hours > 23 || minutes > 59 || seconds > 59)
    return {
      fault: `"${text}" has more than 23 hours, 59 minutes or 59 seconds: .NET reads "24:00:00" as 24 days. Write 1.00:00:00 or 1d.`,
    };
  return { ms: days * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS };
}

function ofIso(text: string): VendorDuration | null {
  if (/^P(?:\d+Y)?(?:\d+M)?/.exec(text)?.[0].length !== 1 && text.startsWith('P'))
    return { fault: `"${text}" counts in months or years, whose length differs: write days.` };
  const parts = ISO.exec(text);
  if (!parts || text === 'P' || text.endsWith('T')) return null;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return { ms: (weeks * 7 + days) * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + Math.round(seconds * SECOND_MS) };
}

const TICKS_A_MS = 10_000;
const PARTS: readonly (readonly [string, number])[] = [
  ['days', DAY_MS],
  ['hours', HOUR_MS],
  ['minutes', MINUTE_MS],
  ['seconds', SECOND_MS],
];

function ofTimeSpan(value: object): VendorDuration {
  const span = vendorMap(value, []);
  const ticks = numberOf(span.value('ticks'));
  if (ticks !== null) return { ms: Math.round(ticks / TICKS_A_MS) };
  const given = PARTS.map(([key, ms]) => ({ count: numberOf(span.value(key)), ms }));
  if (given.every(({ count }) => count === null)) return { fault: 'The map is no TimeSpan: it has no "Ticks".' };
  return { ms: given.reduce((sum, { count, ms }) => sum + (count ?? 0) * ms, 0) };
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'bigint' || typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

import { formatDuration, MINUTE_MS, SECOND_MS } from '../../../lib/duration.ts';
import { type Markup, markup } from '../markup.ts';

/** An instant in UTC, to the second, which a program can read, too. */
export function instantText(time: number | string | null, none = '–'): Markup {
  if (time === null) return markup`${none}`;
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return markup`${String(time)}`;
  const iso = at.toISOString();
  return markup`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')}Z</time>`;
}

/** The day of an instant in UTC. */
export function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** How long ago, or how long from now, in words. */
export function agoText(time: number | null, now: number): string {
  if (time === null) return '–';
  const ms = now - time;
  return ms >= 0 ? `${spanText(ms)} ago` : `in ${spanText(-ms)}`;
}

/** Rounded as people say it: seconds below a minute, else minutes. */
export function spanText(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)}ms`;
  const unit = ms < MINUTE_MS ? SECOND_MS : MINUTE_MS;
  return formatDuration(Math.round(ms / unit) * unit);
}

import { datetimeOf } from './calendar.ts';
import type { Integer } from './integer.ts';

const [ZERO, DASH, COLON, POINT, T, Z] = [48, 45, 58, 46, 84, 90];
/** `yyyy-MM-ddTHH:mm:ssZ`, and with up to seven digits of a second's fraction. */
const [SHORTEST, LONGEST] = [20, 28];
const FRACTION_AT = 20;

/**
 * The form in which nearly all times are written, without patterns: `yyyy-MM-ddTHH:mm:ss[.fffffff]Z`. Null where it is none of the calendar;
 * undefined for text of another form, which `parseDatetime` reads.
 */
export function isoDatetime(text: string): Integer | null | undefined {
  const { length } = text;
  if (length < SHORTEST || length > LONGEST || length === FRACTION_AT + 1) return undefined;
  if (!hasMarks(text)) return undefined;
  const ticks = fractionTicks(text, length - 1);
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
  if (Number.isNaN(year + month + day + hour + minute + second + ticks)) return undefined;
  return datetimeOf({ year, month, day, hour, minute, second, ticks });
}

function hasMarks(text: string): boolean {
  return (
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    text.charCodeAt(10) === T &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON &&
    text.charCodeAt(text.length - 1) === Z
  );
}

/** NaN where they are none. */
function digits(text: string, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

function fractionTicks(text: string, end: number): number {
  if (text.charCodeAt(FRACTION_AT - 1) !== POINT) return end === FRACTION_AT - 1 ? 0 : Number.NaN;
  let ticks = digits(text, FRACTION_AT, end);
  for (let width = end - FRACTION_AT; width < 7; width += 1) ticks *= 10;
  return ticks;
}

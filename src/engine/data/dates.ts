import { parseDatetime } from '../values/datetime.ts';
import type { Integer } from '../values/integer.ts';
import { isoDatetime } from '../values/iso-datetime.ts';

/** Which comes first in a date of numbers whose year is last: the day or the month. */
export type DateOrder = 'dmy' | 'mdy';

export const DATE_ORDERS: readonly DateOrder[] = ['dmy', 'mdy'];

const YEAR_LAST = /^\s*(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)/;
const MONTHS = 12;

/** The order that a text itself tells (one of its numbers is no month); `open` where either could be meant; null for text without such a date. */
export function toldOrder(text: string): DateOrder | 'open' | null {
  const match = YEAR_LAST.exec(text);
  if (!match) return null;
  const [first, second] = [Number(match[1]), Number(match[3])];
  if (first === second) return first > MONTHS ? 'mdy' : null;
  if (first > MONTHS) return 'dmy';
  return second > MONTHS ? 'mdy' : 'open';
}

/**
 * Text as a datetime, as `parseDatetime` reads it. A date of numbers with the year last is read in the order that it tells itself, else in
 * the given one; null for other text, and where the order is open and none is given.
 */
export function readDatetime(text: string, order: DateOrder | null): Integer | null {
  const quick = isoDatetime(text);
  if (quick !== undefined) return quick;
  const told = toldOrder(text);
  const meant = told === 'open' ? order : told;
  if (told === 'open' && meant === null) return null;
  return parseDatetime(meant === 'dmy' ? text.replace(YEAR_LAST, '$3$2$1$2$4') : text);
}

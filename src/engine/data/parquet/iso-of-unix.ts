const [DAY, HOUR, MINUTE] = [86_400, 3600, 60];
const PAIRS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
/** Of dates with four digits of a year. */
const DATE_LENGTH = 11;

let latestDay = Number.NaN;
let latestDate = '';

/** `yyyy-MM-ddT`; neighbouring rows are of one day, whose date is written once. Throws RangeError beyond what a Date holds. */
function dateOf(day: number): string {
  if (day === latestDay) return latestDate;
  const text = new Date(day * DAY * 1000).toISOString();
  latestDate = text.slice(0, text.indexOf('T') + 1);
  latestDay = day;
  return latestDate;
}

/** Seconds since 1970 and ticks of 100 ns within the second as ISO text with seven digits; beyond the year 9999 it is no time that anything reads. */
function isoOf(seconds: number, ticks: number): string {
  const day = Math.floor(seconds / DAY);
  const rest = seconds - day * DAY;
  const date = dateOf(day);
  if (date.length !== DATE_LENGTH) return `${date}?`;
  const clock = `${PAIRS[Math.floor(rest / HOUR)]}:${PAIRS[Math.floor(rest / MINUTE) % 60]}:${PAIRS[rest % 60]}`;
  return `${date}${clock}.${String(ticks).padStart(7, '0')}Z`;
}

/** A count since 1970, of which so many are a second, at least ten million or a divisor of it, as ISO text. */
export function isoOfUnix(count: bigint, perSecond: number): string {
  const number = Number(count);
  if (Number.isSafeInteger(number)) {
    const seconds = Math.floor(number / perSecond);
    return isoOf(seconds, ticksOf(number - seconds * perSecond, perSecond));
  }
  const size = BigInt(perSecond);
  const rest = ((count % size) + size) % size;
  return isoOf(Number((count - rest) / size), ticksOf(Number(rest), perSecond));
}

function ticksOf(part: number, perSecond: number): number {
  return Math.floor((part * 10_000_000) / perSecond);
}

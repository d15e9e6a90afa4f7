/** Up to 7 digits of a second are kept; a text without zone is UTC, as the services mean it. */
const FORM = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?(Z|[+-]\d\d:?\d\d)?$/i;
/** What the services send nearly always: nothing to change. */
const NORMAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,6}[1-9])?Z$/;
/** Of these, a tenth ends with a zero, which is the only thing to change. */
const SERVICE_FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,7}Z$/;
const DATE_ONLY = /^\d{4}-\d\d-\d\d$/;
const SHORTEST = 10;
/** Behind the year, in all of these forms. */
const HYPHEN = 0x2d;
const LONGEST = 40;

/**
 * An ISO 8601 date and time as UTC with `Z`, at most 7 fraction digits and no trailing zeros; null where the text is none.
 * A date alone is its midnight: Graph writes it so inside dynamic values, the older APIs do not.
 */
export function normalDatetime(text: string): string | null {
  if (text.length < SHORTEST || text.length > LONGEST || text.charCodeAt(4) !== HYPHEN) return null;
  if (NORMAL.test(text)) return text;
  if (SERVICE_FORM.test(text)) return withoutZeros(text);
  if (DATE_ONLY.test(text)) return `${text}T00:00:00Z`;
  const parts = FORM.exec(text);
  if (!parts) return null;
  const [, date = '', time = '', digits = '', zone = 'Z'] = parts;
  const fraction = digits.slice(0, 7).replace(/0+$/, '');
  const seconds = toUtc(`${date}T${time}`, zone);
  return seconds === null ? null : `${seconds}${fraction ? `.${fraction}` : ''}Z`;
}

/** A time that ends with a fraction and `Z`, without zeros that say nothing. */
function withoutZeros(text: string): string {
  let end = text.length - 1;
  while (text.charCodeAt(end - 1) === ZERO) end--;
  if (text.charCodeAt(end - 1) === DOT) end--;
  return `${text.slice(0, end)}Z`;
}

const SHAPE = Buffer.from('0000-00-00T00:00:00');
const ZERO = 0x30;
const NINE = 0x39;
const DOT = 0x2e;
const UTC = 0x5a;

/** Whether the ASCII text from `from` to `end` is a time in the form that normalDatetime gives. */
export function isNormalDatetime(bytes: Uint8Array, from: number, end: number): boolean {
  const digits = end - from - SHAPE.length - 2;
  if (digits < -1 || digits === 0 || digits > 7 || bytes[end - 1] !== UTC) return false;
  for (let index = 0; index < SHAPE.length; index++) {
    const byte = bytes[from + index];
    if (SHAPE[index] === ZERO ? !isDigit(byte) : byte !== SHAPE[index]) return false;
  }
  if (digits < 0) return true;
  if (bytes[from + SHAPE.length] !== DOT || bytes[end - 2] === ZERO) return false;
  for (let index = end - 1 - digits; index < end - 1; index++) if (!isDigit(bytes[index])) return false;
  return true;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** `date T time` in `zone`, as the same form in UTC. */
function toUtc(text: string, zone: string): string | null {
  if (zone.toUpperCase() === 'Z') return text;
  const instant = Date.parse(`${text}${zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`}`);
  return Number.isNaN(instant) ? null : new Date(instant).toISOString().slice(0, 19);
}

/** Up to 7 digits of a second are kept; a text without zone is UTC, as the services mean it. */
const FORM = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?(Z|[+-]\d\d:?\d\d)?$/i;
/** What the services send nearly always: nothing to change. */
const NORMAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,6}[1-9])?Z$/;
const DATE_ONLY = /^\d{4}-\d\d-\d\d$/;
const SHORTEST = 10;
const LONGEST = 40;

/**
 * An ISO 8601 date and time as UTC with `Z`, at most 7 fraction digits and no trailing zeros; null where the text is none.
 * A date alone is its midnight: Graph writes it so inside dynamic values, the older APIs do not.
 */
export function normalDatetime(text: string): string | null {
  if (text.length < SHORTEST || text.length > LONGEST) return null;
  if (NORMAL.test(text)) return text;
  if (DATE_ONLY.test(text)) return `${text}T00:00:00Z`;
  const parts = FORM.exec(text);
  if (!parts) return null;
  const [, date = '', time = '', digits = '', zone = 'Z'] = parts;
  const fraction = digits.slice(0, 7).replace(/0+$/, '');
  const seconds = toUtc(`${date}T${time}`, zone);
  return seconds === null ? null : `${seconds}${fraction ? `.${fraction}` : ''}Z`;
}

/** `date T time` in `zone`, as the same form in UTC. */
function toUtc(text: string, zone: string): string | null {
  if (zone.toUpperCase() === 'Z') return text;
  const instant = Date.parse(`${text}${zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`}`);
  return Number.isNaN(instant) ? null : new Date(instant).toISOString().slice(0, 19);
}

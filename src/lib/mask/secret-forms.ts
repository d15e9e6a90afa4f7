/** Names of HTML for characters that a page must not carry as they are. */
const ENTITIES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
/** Letters with which JSON and others write control characters. */
const ESCAPES: Readonly<Record<string, string>> = { '\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r' };

/** A character of a secret, or several backslashes in a row: an encoder doubles each, and more than once. */
const UNIT = /\\+|[\s\S]/gu;

/** The parts of a secret as sources of regular expressions (flag u): each in the forms that JSON, URLs and HTML give it, nested too. */
export function formsOf(secret: string): readonly string[] {
  return (secret.match(UNIT) ?? []).map(unitForms);
}

function unitForms(unit: string): string {
  if (/^[0-9A-Za-z]$/.test(unit)) return unit;
  if (unit.startsWith('\\')) return backslashForms(unit.length);
  const forms = [percentForm(unit), unicodeForm(unit), numberForm(unit)];
  if (unit === ' ') forms.push('\\+');
  const entity = ENTITIES[unit];
  if (entity) forms.push(`&(?:amp;)*${entity};`);
  const letter = ESCAPES[unit];
  if (letter) forms.push(`\\\\+${letter}`);
  // The character itself comes last: it may be how one of its forms begins.
  return `(?:${forms.join('|')}|\\\\*${literal(unit)})`;
}

function backslashForms(count: number): string {
  const coded = `(?:${percentForm('\\')}|${unicodeForm('\\')}|${numberForm('\\')})`;
  return `(?:\\\\{${count},}|${coded}{${count},})`;
}

/** Whatever the character: no regular expression can fail to compile and show the secret in its error. */
function literal(unit: string): string {
  return `\\u{${(unit.codePointAt(0) ?? 0).toString(16)}}`;
}

/** `%2F`; encoded again `%252F`. */
function percentForm(unit: string): string {
  return [...Buffer.from(unit, 'utf8')]
    .map((byte) => `%(?:25)*${anyCase(byte.toString(16).padStart(2, '0'))}`)
    .join('');
}

/** `\u002f`, of a character beyond the first plane both halves. */
function unicodeForm(unit: string): string {
  return Array.from({ length: unit.length }, (_, at) => {
    const hex = unit.charCodeAt(at).toString(16).padStart(4, '0');
    return `\\\\+u${anyCase(hex)}`;
  }).join('');
}

/** `&#47;` or `&#x2F;`. */
function numberForm(unit: string): string {
  const code = unit.codePointAt(0) ?? 0;
  return `&(?:amp;)*#(?:0*${code}|[xX]0*${anyCase(code.toString(16))});`;
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

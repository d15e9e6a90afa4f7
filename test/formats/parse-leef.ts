/** A LEEF 2.0 line taken apart again. */
export interface ParsedLeef {
  readonly header: readonly string[];
  readonly delimiter: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const NUMBERS: Readonly<Record<string, RegExp>> = {
  sev: /^(?:[1-9]|10)$/,
  srcPort: /^\d{1,5}$/,
  dstPort: /^\d{1,5}$/,
  devTime: /^\d{13}$/,
};

/**
 * A strict reader after IBM's guide: five header fields and the delimiter, one character or up to four hexadecimal digits behind `x`;
 * then `key=value` pairs divided by it, each key once and of letters and digits, no line break anywhere. Throws where that does not hold.
 */
export function parseLeef(line: string): ParsedLeef {
  if (/[\r\n]/.test(line)) throw new Error('a line break');
  const match = /^LEEF:2\.0\|([^|]+)\|([^|]+)\|([^|]+)\|([^|]{1,255})\|([^|]+)\|(.*)$/su.exec(line);
  if (!match) throw new Error(`the header is broken: ${line.slice(0, 200)}`);
  const [, vendor = '', product = '', version = '', eventId = '', given = '', rest = ''] = match;
  const delimiter = delimiterOf(given);
  const attributes = new Map<string, string>();
  for (const pair of rest.split(delimiter)) {
    const at = pair.indexOf('=');
    const key = pair.slice(0, at);
    const value = pair.slice(at + 1);
    if (at < 1 || !/^[A-Za-z][A-Za-z0-9]*$/.test(key)) throw new Error(`no attribute: ${pair.slice(0, 80)}`);
    if (attributes.has(key)) throw new Error(`${key} comes twice`);
    if (NUMBERS[key]?.test(value) === false) throw new Error(`${key} is ${value}`);
    attributes.set(key, value);
  }
  return { header: ['LEEF:2.0', vendor, product, version, eventId], delimiter, attributes };
}

function delimiterOf(given: string): string {
  const code = /^(?:0x|x)([0-9A-Fa-f]{1,4})$/.exec(given)?.[1];
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  if (given.length !== 1 || /[A-Za-z0-9=\s]/.test(given)) throw new Error(`no delimiter: ${given}`);
  return given;
}

/** Whether a cell of a result is what a page of the documentation prints: pages round, pad, quote and shorten as they like. */
export function isPrinted(value, text, type) {
  const printed = plain(text);
  if (value === null || value === undefined || value === '') return /^(null|nan|""|\(null\)|)$/i.test(printed);
  if (type === 'dynamic') return isPrintedDynamic(value, printed);
  if (type === 'bool') return isPrintedBool(value, printed);
  if (type === 'datetime') return ticks(String(value)) === ticks(printed);
  if (type === 'timespan') return span(String(value)) === span(printed);
  if (['int', 'long', 'real', 'decimal'].includes(type)) return isNear(String(value), printed);
  return plain(String(value)) === printed;
}

/** Text without what Markdown and HTML add to it. */
function plain(text) {
  const bare = text
    .replace(/<br\s*\/?>/g, '\n')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/&nbsp;|\u00a0/g, ' ')
    .replace(/\\([|*_[\]<>])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return /^`.*`$/.test(bare) ? bare.slice(1, -1) : bare;
}

function isPrintedBool(value, printed) {
  return String(value === true || value === 1) === printed.toLowerCase().replace('1', 'true').replace(/^0$/, 'false');
}

function isPrintedDynamic(value, printed) {
  const parsed = parsedJson(printed);
  if (parsed !== undefined) return isAlike(value, parsed);
  if (typeof value === 'string') return plain(value) === printed || ticks(value) === ticks(printed);
  return plain(JSON.stringify(value)).replace(/ /g, '') === printed.replace(/ /g, '');
}

function parsedJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether two documents say the same, up to digits that were not printed. */
function isAlike(left, right) {
  if (typeof left === 'number' || typeof right === 'number') return isNear(String(left), String(right));
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isAlike(item, right[index]));
  }
  if (typeof left === 'object' && typeof right === 'object' && left !== null && right !== null) {
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length && keys.every((key) => isAlike(left[key], right[key]));
  }
  return plain(String(left)) === plain(String(right));
}

/** Equal up to half a unit of the last digit printed, or in twelve digits. */
function isNear(actual, printed) {
  if (actual.toLowerCase() === printed.toLowerCase()) return true;
  const [left, right] = [Number(actual), Number(printed.replace(/(?<=\d),(?=\d{3}\b)/g, ''))];
  if (printed === '' || Number.isNaN(left) || Number.isNaN(right)) {
    return /^-?(inf|∞)/i.test(printed) ? /^-?inf/i.test(actual) : false;
  }
  const [mantissa = '', exponent = '0'] = printed.toLowerCase().split('e');
  const unit = 10 ** (Number(exponent) - (mantissa.split('.')[1] ?? '').length);
  const isWhole = !/[.e]/i.test(printed);
  const allowed = Math.max(Math.abs(right) * 1e-12, isWhole ? 0 : unit * 0.51);
  return Math.abs(left - right) <= allowed;
}

/** A time as digits, whichever way it is written: the parts of a second without trailing zeros. */
function ticks(text) {
  const iso = /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?Z?$/.exec(text);
  const american = /^(\d\d?)\/(\d\d?)\/(\d{4}),? (\d\d?):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?: ([AP]M))?$/.exec(text);
  if (american) {
    const [, month, day, year, hour, ...rest] = american;
    const shift = rest[3] === 'PM' && Number(hour) < 12 ? 12 : rest[3] === 'AM' && Number(hour) === 12 ? -12 : 0;
    return digits([year, month, day, String(Number(hour) + shift), ...rest.slice(0, 3)]);
  }
  return iso ? digits(iso.slice(1)) : text;
}

function digits([year, month, day, hour, minute, second, fraction]) {
  const padded = [month, day, hour, minute, second].map((part) => (part ?? '0').padStart(2, '0'));
  return [year, ...padded, (fraction ?? '').replace(/0+$/, '')].join(':');
}

function span(text) {
  const parts = /^(-?)(?:(\d+)\.)?(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d+))?)?$/.exec(text);
  if (!parts) return text;
  const [, sign, days, hours, minutes, seconds, fraction] = parts;
  const padded = [hours, minutes, seconds].map((part) => (part ?? '0').padStart(2, '0'));
  return [sign, Number(days ?? 0), ...padded, (fraction ?? '').replace(/0+$/, '')].join(':');
}

import type { ScalarFunction } from '../value.ts';
import { define } from './define.ts';

/** Parameters of RFC 3492, section 5. */
const BASE = 36;
const LOWEST = 1;
const HIGHEST = 26;
const SKEW = 38;
const DAMP = 700;
const FIRST_BIAS = 72;
const FIRST_POINT = 128;
const DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** Longer texts would take time in the square of their length. */
const LONGEST = 2000;

function adapt(delta: number, count: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? DAMP : 2));
  rest += Math.floor(rest / count);
  let steps = 0;
  for (; rest > ((BASE - LOWEST) * HIGHEST) / 2; steps += BASE) rest = Math.floor(rest / (BASE - LOWEST));
  return steps + Math.floor(((BASE - LOWEST + 1) * rest) / (rest + SKEW));
}

function threshold(step: number, bias: number): number {
  return Math.min(HIGHEST, Math.max(LOWEST, step - bias));
}

/** A number in the variable-length digits of the encoding. */
function writeDelta(delta: number, bias: number): string {
  let text = '';
  let rest = delta;
  for (let step = BASE; ; step += BASE) {
    const limit = threshold(step, bias);
    if (rest < limit) return text + (DIGITS[rest] ?? '');
    text += DIGITS[limit + ((rest - limit) % (BASE - limit))] ?? '';
    rest = Math.floor((rest - limit) / (BASE - limit));
  }
}

function encode(text: string): string | null {
  const points = [...text].map((one) => one.codePointAt(0) ?? 0);
  if (points.length > LONGEST) return null;
  const basic = points.filter((point) => point < FIRST_POINT);
  let output = String.fromCharCode(...basic) + (basic.length > 0 ? '-' : '');
  let [delta, bias, handled, least] = [0, FIRST_BIAS, basic.length, FIRST_POINT];
  while (handled < points.length) {
    const next = points.reduce((low, point) => (point >= least && point < low ? point : low), Number.POSITIVE_INFINITY);
    delta += (next - least) * (handled + 1);
    for (const point of points) {
      if (point < next) delta += 1;
      if (point !== next) continue;
      output += writeDelta(delta, bias);
      bias = adapt(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled += 1;
    }
    delta += 1;
    least = next + 1;
  }
  return output;
}

/** Reads one number from the digits; null where they end early or are none. */
function readDelta(text: string, from: number, bias: number): { readonly value: number; readonly next: number } | null {
  let [value, weight] = [0, 1];
  for (let at = from, step = BASE; ; at += 1, step += BASE) {
    const digit = DIGITS.indexOf((text[at] ?? '?').toLowerCase());
    if (digit < 0 || value > Number.MAX_SAFE_INTEGER / BASE) return null;
    value += digit * weight;
    const limit = threshold(step, bias);
    if (digit < limit) return { value, next: at + 1 };
    weight *= BASE - limit;
  }
}

function decode(text: string): string | null {
  const cut = text.lastIndexOf('-');
  const points = [...text.slice(0, Math.max(0, cut))].map((one) => one.codePointAt(0) ?? 0);
  if (text.length > LONGEST || points.some((point) => point >= FIRST_POINT)) return null;
  let [bias, place, point] = [FIRST_BIAS, 0, FIRST_POINT];
  for (let at = cut + 1; at < text.length; ) {
    const delta = readDelta(text, at, bias);
    if (!delta) return null;
    const size = points.length + 1;
    bias = adapt(delta.value, size, place === 0 && at === cut + 1);
    point += Math.floor((place + delta.value) / size);
    place = (place + delta.value) % size;
    if (point > 0x10ffff) return null;
    points.splice(place, 0, point);
    place += 1;
    at = delta.next;
  }
  return String.fromCodePoint(...points);
}

/** Full stops of Unicode that separate labels. */
const DOTS = /[.\u3002\uff0e\uff61]/;
const PREFIX = 'xn--';

function encodeLabel(label: string): string | null {
  if (Buffer.byteLength(label) === label.length) return label;
  const encoded = encode(label);
  return encoded === null ? null : PREFIX + encoded;
}

/** Despite its name, the service's punycode_domain_to_string() encodes: measured. */
function encodeDomain(domain: string): string | null {
  const labels = domain.split(DOTS).map(encodeLabel);
  return labels.every((label) => label !== null) ? labels.join('.') : null;
}

function decodeLabel(label: string): string | null {
  return label.toLowerCase().startsWith(PREFIX) ? decode(label.slice(PREFIX.length)) : label;
}

function decodeDomain(domain: string): string | null {
  const labels = domain.split('.').map(decodeLabel);
  return labels.every((label) => label !== null) ? labels.join('.') : null;
}

/** Punycode (RFC 3492) of texts and of domain names. */
export const PUNYCODE: readonly ScalarFunction[] = [
  define('punycode_from_string', ['string'], encode),
  define('punycode_to_string', ['string'], decode),
  define('punycode_domain_to_string', ['string'], encodeDomain),
  define('punycode_domain_from_string', ['string'], decodeDomain),
];

import type { Value, WholeReal } from '../value.ts';

/** From this power of ten on, and below 1e-4, a real is written with an exponent. */
const EXPONENT_FROM = 15;
const EXPONENT_BELOW = -4;

export function isWholeReal(value: unknown): value is WholeReal {
  return typeof value === 'object' && value !== null && 'real' in value;
}

/** A real as an element of a dynamic. */
export function boxReal(value: number): number | WholeReal {
  return Number.isInteger(value) ? { real: value } : value;
}

/** Text of a real: shortest digits that read back, `.0` for a whole one, exponents as `1E+15`. */
export function textOfReal(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  const [mantissa = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (value !== 0 && (exponent >= EXPONENT_FROM || exponent <= EXPONENT_BELOW - 1)) {
    const digits = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}E${exponent < 0 ? '-' : '+'}${digits}`;
  }
  const text = String(value + 0);
  return Number.isInteger(value) ? `${text}.0` : text;
}

/** So many digits tell every real apart from its neighbours; only longer texts leave a choice. */
const TELLING_DIGITS = 15;
const UNIT = 2n ** 1076n;

/** A positive real as a multiple of 2^-1076, exactly. */
function exactly(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const [exponent, fraction] = [raw >> 52n, raw & (2n ** 52n - 1n)];
  return exponent === 0n ? fraction * 4n : (fraction + 2n ** 52n) << (exponent + 1n);
}

/**
 * Text of a real inside the text of an array or bag. Where several texts of the fewest digits read back as the same real, the service
 * writes the largest, and not the nearest: measured.
 */
export function textOfInnerReal(value: number): string {
  const text = textOfReal(value);
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)\.(\d+)$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '').length;
  if (digits <= TELLING_DIGITS || fraction === '0') return text;
  const size = Math.abs(value);
  const scale = 10n ** BigInt(fraction.length);
  const above = exactly(size) + (exactly(nextAbove(size)) - exactly(size)) / 2n;
  const largest = (above * scale) / UNIT;
  const padded = String(largest).padStart(fraction.length + 1, '0');
  const found = `${sign}${padded.slice(0, -fraction.length)}.${padded.slice(-fraction.length)}`;
  return Number(found) === value ? found : text;
}

/** What tostring() makes of a real: as inside an array, but infinities by their short names and a zero with its sign, as recorded. */
export function textOfPlainReal(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  if (Number.isFinite(value) || Number.isNaN(value)) return textOfInnerReal(value);
  return value > 0 ? 'inf' : '-inf';
}

function nextAbove(value: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigUint64(0, bits.getBigUint64(0) + 1n);
  return bits.getFloat64(0);
}

const REAL_TEXT = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const SPECIAL: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '+infinity': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
};

export function parseReal(text: string): number | null {
  if (REAL_TEXT.test(text)) return Number(text);
  const word = text.trim();
  return word.endsWith('INF') ? null : (SPECIAL[word.toLowerCase()] ?? null);
}

/** A number inside a dynamic as a JavaScript number; null for anything that is no number. */
export function realOfDynamic(value: Value | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return isWholeReal(value) ? value.real : null;
}

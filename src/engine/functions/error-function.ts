/** Fixed-point numbers with so many bits behind the point: enough for what erf lacks of 1 up to 6. */
const BITS = 320n;
const ONE = 1n << BITS;
/** 2 / sqrt(pi). */
const FACTOR =
  '112837916709551257389615890312154517168810125865799771368817144342128493688298682897348732040421472688605669581272';
const FACTOR_SCALE = 10n ** BigInt(FACTOR.length - 1);
/** From here on a continued fraction gives all digits. */
const LARGE = 6;
/** Beyond this the rest is below the smallest double. */
const VANISHED = 27.3;
/** Up to here erfc of a negative number is rounded as 1 + erf, beyond as 2 - erfc. */
const NEAR = 1.25;
const FRACTION_TERMS = 60;

/** A double as a fixed-point number, exactly. */
function toFixed(value: number): bigint {
  const exponent = Math.max(-1000, Math.floor(Math.log2(value))) - 52;
  const mantissa = BigInt(Math.round(value / 2 ** exponent));
  const shift = BITS + BigInt(exponent);
  return shift >= 0n ? mantissa << shift : mantissa >> -shift;
}

/** The nearest double. */
function fromFixed(value: bigint): number {
  const excess = value.toString(2).length - 64;
  return excess <= 0
    ? Number(value) / 2 ** Number(BITS)
    : Number(value >> BigInt(excess)) * 2 ** (excess - Number(BITS));
}

/** erf of 0 to 6 by its series, as a fixed-point number. */
function series(x: number): bigint {
  const fixed = toFixed(x);
  const square = (fixed * fixed) >> BITS;
  let [power, sum] = [fixed, fixed];
  for (let n = 1n; power !== 0n; n += 1n) {
    power = -((power * square) >> BITS) / n;
    sum += power / (2n * n + 1n);
  }
  return (sum * BigInt(FACTOR)) / FACTOR_SCALE;
}

/** What erf lacks of 1, by a continued fraction from the inside. */
function fraction(x: number): number {
  let value = x;
  for (let n = FRACTION_TERMS; n >= 1; n -= 1) value = x + n / 2 / value;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / value;
}

/** The error function: the share of a normal distribution within x * sqrt(2) deviations. */
export function errorFunction(x: number): number {
  if (Number.isNaN(x) || x === 0) return x;
  if (x < 0) return -errorFunction(-x);
  return x < LARGE ? fromFixed(series(x)) : 1;
}

/** What erf lacks of 1. */
export function complementaryError(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < 0) return x > -NEAR ? 1 + errorFunction(-x) : 2 - complementaryError(-x);
  if (x === 0) return 1;
  if (x < LARGE) return fromFixed(ONE - series(x));
  return x < VANISHED ? fraction(x) : 0;
}

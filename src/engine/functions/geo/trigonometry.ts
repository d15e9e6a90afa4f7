/**
 * Sine, cosine, tangent and arc tangent to the last bit. Those of the JavaScript engine are off by one bit now and then, which the
 * differences between points close to each other blow up; the service computes with a library that rounds correctly.
 * They are computed with twice the digits: a number is the sum of a double and of a much smaller one.
 */
export type Twin = readonly [number, number];

const HALF_PI: Twin = [1.5707963267948966, 6.123233995736766e-17];
/** What those two lack of half a circle's angle. */
const HALF_PI_REST = -1.4973849048591833e-33;
/** Cuts a double into two halves of 26 bits. */
const HALVER = 134_217_729;
/** Terms of the series: with angles below 0.8 the next one is beyond 106 bits. */
const TERMS = 14;

function twin(high: number, low: number): Twin {
  const sum = high + low;
  return [sum, low - (sum - high)];
}

/** a + b, and what rounding took. */
function exactSum(a: number, b: number): Twin {
  const sum = a + b;
  const part = sum - a;
  return [sum, a - (sum - part) + (b - part)];
}

function halves(value: number): Twin {
  const scaled = HALVER * value;
  const high = scaled - (scaled - value);
  return [high, value - high];
}

/** a * b, and what rounding took. */
function exactProduct(a: number, b: number): Twin {
  const product = a * b;
  const [[ah, al], [bh, bl]] = [halves(a), halves(b)];
  return [product, ah * bh - product + ah * bl + al * bh + al * bl];
}

function plus(a: Twin, b: Twin): Twin {
  const [sum, rest] = exactSum(a[0], b[0]);
  const [low, last] = exactSum(a[1], b[1]);
  const [high, lower] = twin(sum, rest + low);
  return twin(high, lower + last);
}

function times(a: Twin, b: Twin): Twin {
  const [product, rest] = exactProduct(a[0], b[0]);
  return twin(product, rest + a[0] * b[1] + a[1] * b[0]);
}

function over(a: Twin, divisor: number): Twin {
  const quotient = a[0] / divisor;
  const [product, rest] = exactProduct(quotient, divisor);
  return twin(quotient, (a[0] - product - rest + a[1]) / divisor);
}

function minus(a: Twin): Twin {
  return [-a[0], -a[1]];
}

/** 1 + x + x^2 / 2! …, the terms that a sine (first = x) or cosine (first = 1) has. */
function series(angle: Twin, first: Twin, order: number): Twin {
  const square = minus(times(angle, angle));
  let [term, sum] = [first, first];
  for (let step = 1; step <= TERMS; step += 1) {
    const degree = 2 * step + order;
    term = over(times(term, square), degree * (degree - 1));
    sum = plus(sum, term);
  }
  return sum;
}

/** Sine and cosine of an angle of a few turns at most. */
function bothOf(angle: number): readonly [Twin, Twin] {
  const turns = Math.round(angle / HALF_PI[0]);
  const [product, rest] = exactProduct(turns, HALF_PI[0]);
  let left = plus([angle, 0], [-product, -rest]);
  left = plus(left, minus(exactProduct(turns, HALF_PI[1])));
  left = plus(left, [-turns * HALF_PI_REST, 0]);
  const [sin, cos] = [series(left, left, 1), series(left, [1, 0], 0)];
  switch (((turns % 4) + 4) % 4) {
    case 1:
      return [cos, minus(sin)];
    case 2:
      return [minus(sin), minus(cos)];
    case 3:
      return [minus(cos), sin];
    default:
      return [sin, cos];
  }
}

export function sineAndCosine(angle: number): readonly [number, number] {
  const [sin, cos] = bothOf(angle);
  return [sin[0], cos[0]];
}

export function tangent(angle: number): number {
  const [sin, cos] = bothOf(angle);
  const quotient = sin[0] / cos[0];
  const [product, rest] = times([quotient, 0], cos);
  return quotient + (sin[0] - product - rest + sin[1]) / cos[0];
}

/** The angle of the point (x, y), -pi to pi: the engine's own, put right by what its sine and cosine miss. */
export function arcTangent(y: number, x: number): number {
  const angle = Math.atan2(y, x);
  if (y === 0 || x === 0 || !Number.isFinite(angle)) return angle;
  const [sin, cos] = bothOf(angle);
  const [missed] = plus(times([y, 0], cos), times([-x, 0], sin));
  return angle + missed / Math.sqrt(x * x + y * y);
}

export function arcSine(value: number): number {
  const angle = Math.asin(value);
  const [sin, cos] = bothOf(angle);
  return cos[0] === 0 ? angle : angle + (value - sin[0] - sin[1]) / cos[0];
}

/** value * factor, the factor given with twice the digits. */
export function longProduct(value: number, factor: Twin): number {
  return times([value, 0], factor)[0];
}

export function longQuotient(value: number, divisor: Twin): number {
  const quotient = value / divisor[0];
  const [product, rest] = times([quotient, 0], divisor);
  return quotient + (value - product - rest) / divisor[0];
}

export function longSum(value: number, term: Twin): number {
  return plus([value, 0], term)[0];
}

/** The beta distribution. Its logarithms of factorials are good to about 14 digits. */

const MOST_STEPS = 300;
const LARGEST_PARAMETER = 10_000;
const TINY = 1e-300;

type LogGamma = (x: number) => number;

/** Logarithm of gamma by Stirling's series, for any positive number. */
export const logFactorial: LogGamma = (x) => {
  if (x < 16) return logFactorial(x + 1) - Math.log(x);
  const inverse = 1 / (x * x);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
};

function logBeta(a: number, b: number): number {
  return logFactorial(a) + logFactorial(b) - logFactorial(a + b);
}

/** The continued fraction of the incomplete beta function (Lentz). */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= MOST_STEPS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return value;
}

function guard(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** The share of the distribution below x, 0 to 1. */
export function betaShare(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

export function betaDensity(x: number, a: number, b: number): number {
  if (!(x > 0 && x < 1 && a > 0 && b > 0)) return Number.NaN;
  return Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta(a, b));
}

export function betaCumulative(x: number, a: number, b: number): number {
  const isParameter = (value: number): boolean => value > 0 && value <= LARGEST_PARAMETER;
  return x >= 0 && x <= 1 && isParameter(a) && isParameter(b) ? betaShare(x, a, b) : Number.NaN;
}

/** The x below which a share of the distribution lies, by halving. */
export function betaInverse(probability: number, a: number, b: number): number | null {
  if (!(a > 0 && b > 0)) return Number.NaN;
  if (!(probability > 0 && probability <= 1)) return null;
  let [low, high] = [0, 1];
  for (let middle = 0.5; middle > low && middle < high; middle = (low + high) / 2) {
    if (betaShare(middle, a, b) < probability) low = middle;
    else high = middle;
  }
  return high;
}

/** Probability that two samples have one mean, whatever their variances (Welch, two sides). */
export function welchTest(m1: number, v1: number, c1: number, m2: number, v2: number, c2: number): number | null {
  const [first, second] = [v1 / c1, v2 / c2];
  const spread = first + second;
  if (!(c1 > 1 && c2 > 1 && spread > 0)) return null;
  const square = (m1 - m2) ** 2 / spread;
  const freedom = (spread * spread) / ((first * first) / (c1 - 1) + (second * second) / (c2 - 1));
  return betaShare(freedom / (freedom + square), freedom / 2, 0.5);
}

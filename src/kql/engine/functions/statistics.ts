import type { ScalarFunction } from '../value.ts';
import { define } from './define.ts';

/** Lanczos approximation, g = 7 with nine coefficients: about 15 digits. */
const LANCZOS = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_1,
  -176.615_029_162_140_6, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6,
  1.505_632_735_149_311_6e-7,
];
const LARGEST_FACTORIAL = 171;
const STEPS = 500;

function factorial(n: number): number {
  let product = 1;
  for (let factor = 2; factor <= n; factor += 1) product *= factor;
  return product;
}

/** Whole numbers give exact factorials. */
function gamma(x: number): number {
  if (Number.isInteger(x))
    return x <= 0 ? Number.NaN : x > LARGEST_FACTORIAL ? Number.POSITIVE_INFINITY : factorial(x - 1);
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  const shifted = x - 1;
  const sum = LANCZOS.reduce(
    (total, coefficient, index) => total + (index === 0 ? coefficient : coefficient / (shifted + index)),
    0,
  );
  const base = shifted + 7.5;
  return Math.sqrt(2 * Math.PI) * base ** (shifted + 0.5) * Math.exp(-base) * sum;
}

function logGamma(x: number): number | null {
  if (x <= 0) return null;
  if (x < 100) return Math.log(gamma(x));
  const inverse = 1 / (x * x);
  const series = (1 / 12 - inverse * (1 / 360 - inverse / 1260)) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}

/** Continued fraction of the incomplete beta function (Lentz). */
function betaFraction(a: number, b: number, x: number): number {
  let [c, d] = [1, 1 / (1 - ((a + b) * x) / (a + 1))];
  let fraction = d;
  for (let m = 1; m < STEPS; m += 1) {
    const even = (m * (b - m) * x) / ((a - 1 + 2 * m) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 1 + 2 * m));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return fraction;
}

/** Regularized incomplete beta function. */
function incompleteBeta(a: number, b: number, x: number): number {
  const scale = (logGamma(a + b) ?? 0) - (logGamma(a) ?? 0) - (logGamma(b) ?? 0);
  const front = Math.exp(scale + a * Math.log(x) + b * Math.log(1 - x));
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(a, b, x)) / a;
  return 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

/** Two-sided p-value of Welch's t-test from means, variances and counts of two samples. */
function welchTest(
  mean1: number,
  variance1: number,
  count1: number,
  mean2: number,
  variance2: number,
  count2: number,
): number | null {
  if (!(count1 > 1 && count2 > 1) || variance1 < 0 || variance2 < 0) return null;
  const [a, b] = [variance1 / count1, variance2 / count2];
  if (a + b === 0) return null;
  const t = (mean1 - mean2) / Math.sqrt(a + b);
  const freedom = (a + b) ** 2 / ((a * a) / (count1 - 1) + (b * b) / (count2 - 1));
  return t === 0 ? 1 : incompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

export const STATISTICS: readonly ScalarFunction[] = [
  define('gamma', ['real'], gamma),
  define('loggamma', ['real'], logGamma),
  define('welch_test', ['real', 'real', 'real', 'real', 'real', 'real'], welchTest),
];

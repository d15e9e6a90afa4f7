import type { ScalarFunction } from '../value.ts';
import { betaCumulative, betaDensity, betaInverse, welchTest } from './beta.ts';
import { define } from './define.ts';
import { complementaryError, errorFunction } from './error-function.ts';

/** Lanczos approximation, g = 7 with nine coefficients: about 15 digits. */
const LANCZOS = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_1,
  -176.615_029_162_140_6, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6,
  1.505_632_735_149_311_6e-7,
];
const LARGEST_FACTORIAL = 171;

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

/** The gamma function, the error function, the beta distribution and a test of means. */
export const STATISTICS: readonly ScalarFunction[] = [
  define('gamma', ['real'], gamma),
  define('loggamma', ['real'], logGamma),
  define('erf', ['real'], errorFunction),
  define('erfc', ['real'], complementaryError),
  define('beta_pdf', ['real', 'real', 'real'], betaDensity),
  define('beta_cdf', ['real', 'real', 'real'], betaCumulative),
  define('beta_inv', ['real', 'real', 'real'], betaInverse),
  define('welch_test', ['real', 'real', 'real', 'real', 'real', 'real'], welchTest),
];

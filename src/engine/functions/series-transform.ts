import type { EvaluationContext, ScalarFunction, Value } from '../value.ts';
import { boxReal } from '../values/real.ts';
import { define, defineFor } from './define.ts';
import { dotProduct, numbersOf, PRODUCTS_A_TICK } from './series.ts';

/** Longer series are refused by the service, too. */
const LONGEST = 65_536;

interface Complex {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** The discrete Fourier transform of a length that is a power of two, in place. `sign` is -1, or 1 for the way back. */
function transformPower({ real, imaginary }: Complex, sign: number): void {
  const count = real.length;
  for (let from = 1, to = 0; from < count; from += 1) {
    let bit = count >> 1;
    for (; to & bit; bit >>= 1) to ^= bit;
    to ^= bit;
    if (from >= to) continue;
    [real[from], real[to]] = [real[to] ?? 0, real[from] ?? 0];
    [imaginary[from], imaginary[to]] = [imaginary[to] ?? 0, imaginary[from] ?? 0];
  }
  for (let size = 2; size <= count; size *= 2) combineHalves({ real, imaginary }, size, sign);
}

function combineHalves({ real, imaginary }: Complex, size: number, sign: number): void {
  for (let at = 0; at < size / 2; at += 1) {
    const angle = (sign * 2 * Math.PI * at) / size;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    for (let start = at; start < real.length; start += size) {
      const other = start + size / 2;
      const [x, y] = [real[other] ?? 0, imaginary[other] ?? 0];
      const [re, im] = [x * cos - y * sin, x * sin + y * cos];
      real[other] = (real[start] ?? 0) - re;
      imaginary[other] = (imaginary[start] ?? 0) - im;
      real[start] = (real[start] ?? 0) + re;
      imaginary[start] = (imaginary[start] ?? 0) + im;
    }
  }
}

/** Any length: as a convolution, which powers of two can do (Bluestein). */
function transformAny(input: Complex, sign: number): Complex {
  const count = input.real.length;
  const size = 2 ** Math.ceil(Math.log2(2 * count - 1));
  const empty = (): Complex => ({ real: new Float64Array(size), imaginary: new Float64Array(size) });
  const [turned, chirp] = [empty(), empty()];
  const angles = Array.from({ length: count }, (_, at) => (sign * Math.PI * ((at * at) % (2 * count))) / count);
  angles.forEach((angle, at) => {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    turned.real[at] = (input.real[at] ?? 0) * cos - (input.imaginary[at] ?? 0) * sin;
    turned.imaginary[at] = (input.real[at] ?? 0) * sin + (input.imaginary[at] ?? 0) * cos;
    chirp.real[at] = cos;
    chirp.imaginary[at] = -sin;
    if (at > 0) {
      chirp.real[size - at] = cos;
      chirp.imaginary[size - at] = -sin;
    }
  });
  transformPower(turned, -1);
  transformPower(chirp, -1);
  const product = empty();
  product.real.forEach((_, at) => {
    const [a, b, c, d] = [
      turned.real[at] ?? 0,
      turned.imaginary[at] ?? 0,
      chirp.real[at] ?? 0,
      chirp.imaginary[at] ?? 0,
    ];
    product.real[at] = (a * c - b * d) / size;
    product.imaginary[at] = (a * d + b * c) / size;
  });
  transformPower(product, 1);
  const result: Complex = { real: new Float64Array(count), imaginary: new Float64Array(count) };
  angles.forEach((angle, at) => {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    result.real[at] = (product.real[at] ?? 0) * cos - (product.imaginary[at] ?? 0) * sin;
    result.imaginary[at] = (product.real[at] ?? 0) * sin + (product.imaginary[at] ?? 0) * cos;
  });
  return result;
}

function fourier(realPart: Value, imaginaryPart: Value | undefined, sign: number): Value {
  const real = numbersOf(realPart);
  const imaginary =
    imaginaryPart === undefined || imaginaryPart === null ? real?.map(() => 0) : numbersOf(imaginaryPart);
  if (!real || !imaginary || real.length !== imaginary.length || real.length > LONGEST) return null;
  if (real.length === 0) return [[], []];
  const input: Complex = { real: Float64Array.from(real), imaginary: Float64Array.from(imaginary) };
  const isPower = (real.length & (real.length - 1)) === 0;
  if (isPower) transformPower(input, sign);
  const output = isPower ? input : transformAny(input, sign);
  const scale = sign > 0 ? real.length : 1;
  return [output.real, output.imaginary].map((part) => Array.from(part, (one) => boxReal(one / scale)));
}

interface FilterForm {
  readonly normalize?: boolean | undefined;
  readonly center?: boolean | undefined;
}

/** A finite impulse response filter; points before and behind the series count as 0. */
function finiteFilter(series: Value, filter: Value, form: FilterForm, { tick }: EvaluationContext): Value {
  const { normalize, center = false } = form;
  const [numbers, weights] = [numbersOf(series), numbersOf(filter)];
  if (!numbers || !weights || weights.length === 0) return null;
  const hasNegative = weights.some((weight) => weight < 0);
  if (hasNegative && normalize === true) return null;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const scale = (normalize ?? !hasNegative) ? sum : 1;
  const ahead = center ? Math.floor((weights.length - 1) / 2) : 0;
  return numbers.map((_, at) => {
    tick(weights.length / PRODUCTS_A_TICK);
    const total = dotProduct(
      weights,
      weights.map((_weight, back) => numbers[at + ahead - back] ?? 0),
    );
    return boxReal(total / scale);
  });
}

/** Solves a system of equations with the largest element first (Gauss); null where there is no single solution. */
function solve(matrix: readonly (readonly number[])[], values: readonly number[]): number[] | null {
  const rows = matrix.map((row, index) => [...row, values[index] ?? 0]);
  for (let column = 0; column < rows.length; column += 1) {
    const pivot = rows
      .slice(column)
      .reduce((best, row) => (Math.abs(row[column] ?? 0) > Math.abs(best[column] ?? 0) ? row : best));
    const at = rows.indexOf(pivot);
    if (Math.abs(pivot[column] ?? 0) < 1e-300) return null;
    [rows[column], rows[at]] = [pivot, rows[column] ?? []];
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
      row.forEach((value, index) => {
        row[index] = value - factor * (pivot[index] ?? 0);
      });
    }
  }
  return rows.map((row, index) => (row.at(-1) ?? 0) / (row[index] ?? 1));
}

/** A polynomial through points, least squares: how well it fits, coefficients from the highest, variances, and the fitted series. */
function fitPolynomial(ySeries: Value, xSeries?: Value, degree = 2): Value {
  const y = numbersOf(ySeries);
  const x = xSeries === undefined || xSeries === null ? y?.map((_, index) => index) : numbersOf(xSeries);
  if (!y || !x || x.length !== y.length || !(degree >= 1 && degree <= 5) || y.length <= degree) return null;
  const powers = Array.from({ length: 2 * degree + 1 }, (_, power) => x.reduce((sum, one) => sum + one ** power, 0));
  const matrix = Array.from({ length: degree + 1 }, (_, row) =>
    Array.from({ length: degree + 1 }, (_other, column) => powers[row + column] ?? 0),
  );
  const sums = Array.from({ length: degree + 1 }, (_, power) =>
    dotProduct(
      x.map((one) => one ** power),
      y,
    ),
  );
  const coefficients = solve(matrix, sums);
  if (!coefficients) return null;
  const fit = x.map((one) => coefficients.reduceRight((sum, coefficient) => sum * one + coefficient, 0));
  const mean = y.reduce((sum, one) => sum + one, 0) / y.length;
  const [spread, rest] = [y.map((one) => one - mean), y.map((one, index) => one - (fit[index] ?? 0))];
  const [squares, missed] = [dotProduct(spread, spread), dotProduct(rest, rest)];
  const freedom = Math.max(1, y.length - 1);
  return [
    boxReal(squares === 0 ? 1 : 1 - missed / squares),
    coefficients.toReversed().map(boxReal),
    boxReal(squares / freedom),
    boxReal(missed / freedom),
    fit.map(boxReal),
  ];
}

/** Fourier transforms, filters and polynomials of series. */
export const SERIES_TRANSFORM: readonly ScalarFunction[] = [
  define('series_fft', ['dynamic', 'dynamic?'], (real, imaginary) => fourier(real, imaginary, -1)),
  define('series_ifft', ['dynamic', 'dynamic?'], (real, imaginary) => fourier(real, imaginary, 1)),
  defineFor(
    'series_fir',
    ['dynamic', 'dynamic', 'bool?', 'bool?'],
    ({ context }) =>
      (series, filter, normalize, center) =>
        finiteFilter(series, filter, { normalize, center }, context),
  ),
  define('series_fit_poly', ['dynamic', 'dynamic?', 'index?'], fitPolynomial),
];

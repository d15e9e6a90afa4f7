import { gunzipSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SERIES_TRANSFORM } from '../../../src/engine/functions/series-transform.ts';
import type { Value } from '../../../src/engine/value.ts';
import { realOfDynamic } from '../../../src/engine/values/real.ts';
import { evaluate, rowsOf } from '../evaluate.ts';

const CONTEXT = { now: 0, random: () => 0.5, spend: () => undefined, tick: () => undefined };

function call(name: string, ...values: Value[]): Value {
  const bound = SERIES_TRANSFORM.find((one) => one.name === name)?.bind(
    values.map(() => 'dynamic'),
    'dynamic',
    [],
    CONTEXT,
  );
  return bound?.(...values) ?? null;
}

const numbers = (value: Value): number[] =>
  Array.isArray(value) ? value.map((one) => realOfDynamic(one as Value) ?? Number.NaN) : [];

describe('Fourier transforms', () => {
  it('come back to the series, whatever its length', () => {
    const list = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 70 });
    fc.assert(
      fc.property(list, (values) => {
        const [real, imaginary] = call('series_fft', values) as Value[];
        const [back] = call('series_ifft', real ?? null, imaginary ?? null) as Value[];
        numbers(back ?? null).forEach((value, index) => {
          expect(value).toBeCloseTo(values[index] ?? 0, 6);
        });
        expect(numbers(real ?? null)[0]).toBeCloseTo(
          values.reduce((sum, one) => sum + one, 0),
          6,
        );
      }),
    );
  });

  it('agree with the sum that defines them', () => {
    const values = [3, 1, 4, 1, 5, 9];
    const [real, imaginary] = call('series_fft', values) as Value[];
    values.forEach((_, k) => {
      const angle = (n: number): number => (-2 * Math.PI * k * n) / values.length;
      expect(numbers(real ?? null)[k]).toBeCloseTo(
        values.reduce((sum, x, n) => sum + x * Math.cos(angle(n)), 0),
        9,
      );
      expect(numbers(imaginary ?? null)[k]).toBeCloseTo(
        values.reduce((sum, x, n) => sum + x * Math.sin(angle(n)), 0),
        9,
      );
    });
    expect(call('series_fft', [1, 2], [1])).toBeNull();
    expect(call('series_fft', ['x'])).toBeNull();
  });
});

describe('filters, polynomials, statistics and compression', () => {
  it.each([
    ['series_fir(dynamic([0, 0, 5, 0, 0]), dynamic([1, 1, 1, 1, 1]))', [0, 0, 1, 1, 1]],
    ['series_fir(dynamic([0, 0, 5, 0, 0]), dynamic([1, 1, 1, 1, 1]), true, true)', [1, 1, 1, 1, 1]],
    ['series_fir(dynamic([0, 0, 2, 2, 3]), dynamic([1, -1]), false, false)', [0, 0, 2, 0, 1]],
    ['series_fir(dynamic([1, 2]), dynamic([1, -1]))', [1, 1]],
    ['series_fir(dynamic([1, 2]), dynamic([1, -1]), true)', null],
    ['series_fir(dynamic([1, 2]), dynamic([]))', null],
    ['series_fir(dynamic(null), dynamic([1]))', null],
    ['series_fft(dynamic([1, 2]))', [3, -1]],
    ['series_ifft(dynamic([3, -1]))', [1, 2]],
    ['series_fit_poly(dynamic([1]))', null],
    ['round(erf(0.5), 12)', 0.520499877813],
    ['erf(0.0)', 0],
    ['erf(-1.0) == -erf(1.0)', true],
    ['erf(10.0)', 1],
    ['erf(real(null))', null],
    ['erfc(0.0)', 1],
    ['erfc(7.0) > 0 and erfc(7.0) < 1e-20', true],
    ['erfc(30.0)', 0],
    ['round(beta_cdf(0.5, 2.0, 2.0), 12)', 0.5],
    ['beta_cdf(1.5, 1.0, 1.0)', 'NaN'],
    ['beta_cdf(0.5, 20000.0, 1.0)', 'NaN'],
    ['round(beta_inv(0.5, 3.0, 3.0), 12)', 0.5],
    ['beta_inv(0.5, -1.0, 3.0)', 'NaN'],
    ['beta_inv(1.5, 1.0, 3.0)', null],
    ['round(beta_pdf(0.5, 2.0, 2.0), 12)', 1.5],
    ['beta_pdf(0.5, real(null), 2.0)', null],
    ['round(welch_test(1.0, 1.0, 10.0, 1.0, 1.0, 10.0), 12)', 1],
    ['round(welch_test(20.82, 7.8674285714, 15.0, 22.98667, 3.8126666667, 15.0), 4)', 0.0214],
    ['welch_test(1.0, 0.0, 10.0, 1.0, 0.0, 10.0)', null],
    [
      'gzip_decompress_from_base64_string(gzip_compress_to_base64_string("abcabcabcabcabcabcabcabcabcabc"))',
      'abcabcabcabcabcabcabcabcabcabc',
    ],
    ['zlib_decompress_from_base64_string(zlib_compress_to_base64_string("é"))', 'é'],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });

  it('find the polynomial that points lie on', async () => {
    const [row] = await rowsOf(
      'print y = dynamic([1, 3, 9, 19, 33]) | extend series_fit_poly(y, dynamic([0, 1, 2, 3, 4]), 2)',
    );
    const coefficients = row?.[2] as readonly number[];
    expect(coefficients.map((one) => Math.round(one * 1e6) / 1e6 + 0)).toEqual([2, 0, 1]);
  });

  it('compress to what others read', async () => {
    const text = 'abc'.repeat(50);
    const gzip = await evaluate(`gzip_compress_to_base64_string("${text}")`);
    const zlib = await evaluate(`zlib_compress_to_base64_string("${text}")`);
    expect(gunzipSync(Buffer.from(String(gzip), 'base64')).toString()).toBe(text);
    expect(inflateSync(Buffer.from(String(zlib), 'base64')).toString()).toBe(text);
    expect(String(gzip).length).toBeLessThan(text.length);
  });
});

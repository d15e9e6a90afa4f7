import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decompose } from '../../../src/engine/functions/series-decompose.ts';
import { evaluate, rowsOf } from '../evaluate.ts';

/** Five weeks of a working week: five days of 10, two of 2. */
const WEEKS = Array.from({ length: 35 }, (_, day) => (day % 7 < 5 ? 10 : 2));
const CONTEXT = { now: 0, random: () => 0.5, spend: () => undefined, tick: () => undefined };
const series = (numbers: readonly (number | null)[]): string => `dynamic(${JSON.stringify(numbers)})`;
const spiked = WEEKS.map((value, day) => (day === 17 ? value + 50 : value + (day % 3) * 0.1));

describe('series_decompose', () => {
  it('finds the week and leaves nothing', async () => {
    const [row] = await rowsOf(`print y = ${series(WEEKS)} | extend series_decompose(y) | project-away y`);
    const [baseline, seasonal, trend, residual] = row as number[][];
    const rounded = (numbers: readonly number[] = []): number[] =>
      numbers.map((one) => Math.round(one * 1e9) / 1e9 + 0);
    expect(rounded(baseline)).toEqual(WEEKS);
    expect(new Set(rounded(trend)).size).toBe(1);
    expect(rounded(residual)).toEqual(WEEKS.map(() => 0));
    expect(rounded(seasonal).slice(0, 7)).toEqual(rounded(seasonal).slice(28));
  });

  it.each([
    [
      `series_decompose(${series([1, 2, 3, 4])}, 0, "linefit")`,
      [
        [1, 2, 3, 4],
        [0, 0, 0, 0],
        [1, 2, 3, 4],
        [0, 0, 0, 0],
      ],
    ],
    [
      `series_decompose(${series([1, 2, 3, 6])}, 0, "none")`,
      [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [1, 2, 3, 6],
      ],
    ],
    [
      `series_decompose(${series([1, 3, 1, 3])}, 2)`,
      [
        [1, 3, 1, 3],
        [-1, 1, -1, 1],
        [2, 2, 2, 2],
        [0, 0, 0, 0],
      ],
    ],
    [
      `series_decompose(${series([2, 2, 2, 9])}, 0, "avg", 1)`,
      [
        [2, 2, 2, 2],
        [0, 0, 0, 0],
        [2, 2, 2, 2],
        [0, 0, 0, 7],
      ],
    ],
  ])('%s', async (call, expected) => {
    const [row] = await rowsOf(`print y = 1 | extend (a, b, c, d) = ${call} | project-away y`);
    expect(row).toEqual(expected);
  });

  it('gives baseline and residual that add up to the series', () => {
    const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        numbers,
        fc.integer({ min: -1, max: 9 }),
        fc.constantFrom('avg', 'linefit', 'none'),
        (values, seasonality, trend) => {
          const parts = decompose(values, { seasonality, trend, testPoints: 0, threshold: 0.6 }, CONTEXT);
          values.forEach((value, index) => {
            expect((parts?.baseline[index] ?? 0) + (parts?.residual[index] ?? 0)).toBeCloseTo(value, 4);
          });
        },
      ),
    );
  });
});

describe('series_decompose_anomalies', () => {
  it('marks what stands out', async () => {
    const [row] = await rowsOf(
      `print y = ${series(spiked)} | extend (f, s, b) = series_decompose_anomalies(y) | project f, s`,
    );
    const [flags, scores] = row as number[][];
    expect(flags?.map((flag, day) => (flag === 1 ? day : -1)).filter((day) => day >= 0)).toEqual([17]);
    expect(scores?.[17]).toBeGreaterThan(5);
  });

  it.each(['tukey', 'ctukey'])('knows the method %s', async (method) => {
    const call = `series_decompose_anomalies(${series(spiked.map((one, day) => (day === 3 ? -90 : one)))}, 3.0, 7, 'linefit', 0, '${method}')`;
    const [row] = await rowsOf(`print (f, s, b) = ${call} | project f[17], f[3], f[4]`);
    expect(row).toEqual([1, -1, 0]);
  });

  it('refuses an unknown method', async () => {
    await expect(
      rowsOf(`print (f, s, b) = series_decompose_anomalies(dynamic([1]), 1.5, -1, 'avg', 0, 'x')`),
    ).rejects.toThrow(/support/);
  });
});

describe('series_decompose_forecast and series_seasonal', () => {
  it.each([
    [`series_decompose_forecast(${series([1, 2, 3, 4, 0, 0])}, 2, 0, "linefit")`, [1, 2, 3, 4, 5, 6]],
    [
      `series_decompose_forecast(${series([...WEEKS, ...new Array<number>(7).fill(0)])}, 7)`,
      [...WEEKS, ...WEEKS.slice(0, 7)],
    ],
    [`series_seasonal(${series([1, 3, 1, 3, 1])}, 2)`, [1, 3, 1, 3, 1]],
    [`series_seasonal(${series(WEEKS)})[6]`, 2],
    [`series_seasonal(${series([1, 2, 3])})`, [0, 0, 0]],
    ['series_seasonal(dynamic(null), 2)', null],
    [`series_decompose_forecast(${series([1, null, 3])}, 0, 0, "linefit")`, [1, 2, 3]],
    ['series_decompose_forecast(dynamic([]), 1)', null],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});

describe('series_outliers', () => {
  it.each([
    [`series_outliers(${series([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])})[5]`, 0],
    [`series_outliers(${series([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100])})[11] > 1.5`, true],
    [`series_outliers(${series([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -100])}, "tukey")[11] < -1.5`, true],
    [`series_outliers(${series([1, 2, null, 100])}, "ctukey", 100.0)[3]`, 0],
    [`series_outliers(${series([1, 2, null, 100])})[2]`, 0],
    [`series_outliers(${series([5, 5, 5])})`, [0, 0, 0]],
    [`series_outliers(${series([1, 2])}, "other")`, null],
    [`series_outliers(${series([1, 2])}, "ctukey", real(null), 99.0, 98.0)`, null],
    ['series_outliers(dynamic(null))', null],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { measuredValue, planMeasurement, startMeasurement } from '../../../src/alerts/collect/measurement.ts';
import { passesThreshold } from '../../../src/alerts/collect/threshold.ts';
import type { Column } from '../../../src/kql/types.ts';
import type { Measure, Threshold, ThresholdOperator } from '../../../src/rules/rule.ts';
import type { Cell } from '../../../src/sources/source.ts';
import { columnsOf } from '../samples.ts';

const LONG = columnsOf({ V: 'long' });

function threshold(measure: Measure, operator: ThresholdOperator = '>', value = 0): Threshold {
  return { measure, column: measure === 'rows' ? null : 'V', operator, value, groupBy: [] };
}

function measured(cells: readonly Cell[], measure: Measure, columns: readonly Column[] = LONG) {
  const plan = planMeasurement(threshold(measure), columns);
  const counted = startMeasurement();
  for (const V of cells) plan.count(counted, { V });
  return { value: measuredValue(plan, counted), ignored: counted.ignored };
}

function passes(cells: readonly Cell[], measure: Measure, operator: ThresholdOperator, value: number, complete = true) {
  const plan = planMeasurement(threshold(measure, operator, value), LONG);
  const counted = startMeasurement();
  for (const V of cells) plan.count(counted, { V });
  return passesThreshold(plan, counted, complete);
}

describe('measures', () => {
  it.each<[Measure, readonly Cell[], number | bigint | null, number]>([
    ['rows', [1, null, 'x'], 3, 0],
    ['distinct', [1, 1, 2, null, ''], 2, 0],
    ['sum', [1, '2', null, true], 3n, 2],
    ['sum', [1.5, 2], 3.5, 0],
    ['sum', ['9007199254740993', 1], 9007199254740994n, 0],
    ['avg', [1, 2, null], 1.5, 1],
    ['min', [3, -1, 2.5], -1, 0],
    ['max', ['9007199254740993', 1], 9007199254740993n, 0],
    ['sum', [null, 'abc', Number.NaN], null, 3],
    ['max', [], null, 0],
    ['sum', ['1.5', '2', ' ', ''], 3.5, 2],
    ['sum', ['+7', '-7', '1e3'], 1000n, 0],
    ['max', ['9'.repeat(401), '9'.repeat(3)], 999n, 1],
    ['max', ['9'.repeat(400)], BigInt('9'.repeat(400)), 0],
  ])('%s of %j', (measure, cells, value, ignored) => {
    expect(measured(cells, measure)).toEqual({ value, ignored });
  });

  it('takes text for a number only in number columns', () => {
    const text = columnsOf({ V: 'string' });
    expect(measured(['7', 8], 'sum', text)).toEqual({ value: 8n, ignored: 1 });
  });

  it('counts distinct values by their canonical form, long ones too', () => {
    const times = columnsOf({ V: 'datetime' });
    expect(measured(['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.0000000Z'], 'distinct', times).value).toBe(1);
    const text = columnsOf({ V: 'string' });
    expect(measured(['x'.repeat(1000), `${'x'.repeat(999)}y`], 'distinct', text).value).toBe(2);
  });
});

describe('passesThreshold', () => {
  it.each<[ThresholdOperator, number, boolean]>([
    ['>', 2, false],
    ['>=', 2, true],
    ['<', 2, false],
    ['<=', 2, true],
    ['==', 2, true],
    ['!=', 2, false],
    ['!=', 3, true],
    ['==', 3, false],
  ])('two rows %s %d: %s', (operator, value, expected) => {
    expect(passes([1, 1], 'rows', operator, value)).toBe(expected);
  });

  it('compares integers beyond 2^53 exactly', () => {
    expect(passes(['9007199254740993'], 'max', '>', 9007199254740992)).toBe(true);
    expect(passes(['9007199254740992'], 'max', '>', 9007199254740992)).toBe(false);
    expect(passes(['9007199254740993'], 'max', '==', 9007199254740992)).toBe(false);
  });

  it('lets zero rows pass only where zero is known', () => {
    expect(passes([], 'rows', '==', 0, true)).toBe(true);
    expect(passes([], 'rows', '<', 1, false)).toBe(false);
    expect(passes([1], 'rows', '>', 0, false)).toBe(true);
  });

  it('never passes on an aggregate over nothing', () => {
    for (const operator of ['>', '>=', '<', '<=', '==', '!='] as const) {
      expect(passes([null], 'sum', operator, 0)).toBe(false);
      expect(passes([], 'avg', operator, 0)).toBe(false);
    }
  });

  it('agrees with a simple model', () => {
    const cell = fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.constant(null), fc.constant('no number'));
    fc.assert(
      fc.property(fc.array(cell), (cells) => {
        const numbers = cells.filter((one) => typeof one === 'number');
        const sum = numbers.reduce((total, one) => total + one, 0);
        const orNull = (value: number) => (numbers.length === 0 ? null : value);
        const got = (measure: Measure) => {
          const { value } = measured(cells, measure);
          return value === null ? null : Number(value);
        };
        expect(got('sum')).toBe(orNull(sum));
        expect(got('avg')).toBe(orNull(sum / numbers.length));
        expect(got('min')).toBe(orNull(Math.min(...numbers)));
        expect(got('max')).toBe(orNull(Math.max(...numbers)));
        expect(measured(cells, 'sum').ignored).toBe(cells.length - numbers.length);
        expect(got('distinct')).toBe(new Set(cells.filter((one) => one !== null)).size);
      }),
    );
  });
});

import type { Column } from '../../kql/types.ts';
import type { Threshold } from '../../rules/rule.ts';
import type { Row } from '../../sources/source.ts';
import { cellOf } from '../cell.ts';
import { hashText } from '../hash-text.ts';
import { canonicalCell } from './canonical-row.ts';
import { isNumericColumn, numberInCell } from './number-cell.ts';

const LONGEST_DISTINCT = 64;

/** How rows are counted: a threshold, prepared for one result. */
export interface MeasurementPlan {
  readonly threshold: Threshold;
  /** Adds one row to a measurement. */
  readonly count: (measurement: Measurement, row: Row) => void;
}

/** What has been counted so far, over all rows or over one group. */
export interface Measurement {
  rows: number;
  /** Rows whose cell was a number. */
  numbers: number;
  /** Rows whose cell was no number, and so was left out of the aggregate. */
  ignored: number;
  integers: bigint;
  reals: number;
  least: number | bigint | null;
  greatest: number | bigint | null;
  readonly distinct: Set<string>;
}

export function startMeasurement(): Measurement {
  return {
    rows: 0,
    numbers: 0,
    ignored: 0,
    integers: 0n,
    reals: 0,
    least: null,
    greatest: null,
    distinct: new Set(),
  };
}

export function planMeasurement(threshold: Threshold, columns: readonly Column[]): MeasurementPlan {
  const { measure, column } = threshold;
  if (measure === 'rows' || column === null) return { threshold, count: countRow };
  if (measure === 'distinct') return { threshold, count: distinctCounter(column, columns) };
  const numeric = isNumericColumn(columns, column);
  return {
    threshold,
    count: (measurement, row) => countNumber(measurement, numberInCell(cellOf(row, column), numeric)),
  };
}

/** The measured value, exact for integers (but for `avg`); null where there was nothing to aggregate. */
export function measuredValue(plan: MeasurementPlan, measurement: Measurement): number | bigint | null {
  if (plan.threshold.measure === 'rows') return measurement.rows;
  if (plan.threshold.measure === 'distinct') return measurement.distinct.size;
  if (measurement.numbers === 0) return null;
  switch (plan.threshold.measure) {
    case 'sum':
      return sumOf(measurement);
    case 'avg':
      return Number(sumOf(measurement)) / measurement.numbers;
    case 'min':
      return measurement.least;
    case 'max':
      return measurement.greatest;
  }
}

function sumOf(measurement: Measurement): number | bigint {
  return measurement.reals === 0 ? measurement.integers : Number(measurement.integers) + measurement.reals;
}

function countRow(measurement: Measurement): void {
  measurement.rows += 1;
}

function countNumber(measurement: Measurement, number: number | bigint | null): void {
  measurement.rows += 1;
  if (number === null) {
    measurement.ignored += 1;
    return;
  }
  measurement.numbers += 1;
  if (typeof number === 'bigint' || Number.isSafeInteger(number)) measurement.integers += BigInt(number);
  else measurement.reals += number;
  if (measurement.least === null || number < measurement.least) measurement.least = number;
  if (measurement.greatest === null || number > measurement.greatest) measurement.greatest = number;
}

function distinctCounter(name: string, columns: readonly Column[]): (measurement: Measurement, row: Row) => void {
  const form = canonicalCell(columns.find((column) => column.name === name)?.type ?? 'dynamic');
  return (measurement, row) => {
    measurement.rows += 1;
    const text = form(cellOf(row, name));
    if (text !== '') measurement.distinct.add(text.length > LONGEST_DISTINCT ? hashText(text) : text);
  };
}

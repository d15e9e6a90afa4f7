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
  /** Adds one row to a tally. */
  readonly count: (tally: Measurement, row: Row) => void;
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
  return { threshold, count: (tally, row) => countNumber(tally, numberInCell(cellOf(row, column), numeric)) };
}

/** The measured value, exact for integers (but for `avg`); null where there was nothing to aggregate. */
export function measuredValue(plan: MeasurementPlan, tally: Measurement): number | bigint | null {
  if (plan.threshold.measure === 'rows') return tally.rows;
  if (plan.threshold.measure === 'distinct') return tally.distinct.size;
  if (tally.numbers === 0) return null;
  switch (plan.threshold.measure) {
    case 'sum':
      return sumOf(tally);
    case 'avg':
      return Number(sumOf(tally)) / tally.numbers;
    case 'min':
      return tally.least;
    case 'max':
      return tally.greatest;
  }
}

function sumOf(tally: Measurement): number | bigint {
  return tally.reals === 0 ? tally.integers : Number(tally.integers) + tally.reals;
}

function countRow(tally: Measurement): void {
  tally.rows += 1;
}

function countNumber(tally: Measurement, number: number | bigint | null): void {
  tally.rows += 1;
  if (number === null) {
    tally.ignored += 1;
    return;
  }
  tally.numbers += 1;
  if (typeof number === 'bigint' || Number.isSafeInteger(number)) tally.integers += BigInt(number);
  else tally.reals += number;
  if (tally.least === null || number < tally.least) tally.least = number;
  if (tally.greatest === null || number > tally.greatest) tally.greatest = number;
}

function distinctCounter(name: string, columns: readonly Column[]): (tally: Measurement, row: Row) => void {
  const form = canonicalCell(columns.find((column) => column.name === name)?.type ?? 'dynamic');
  return (tally, row) => {
    tally.rows += 1;
    const text = form(cellOf(row, name));
    if (text !== '') tally.distinct.add(text.length > LONGEST_DISTINCT ? hashText(text) : text);
  };
}

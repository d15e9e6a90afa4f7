import type { AggregateFunction } from '../value.ts';
import { BITS } from './bits.ts';
import { SCHEMAS } from './build-schema.ts';
import { COLLECTIONS } from './collect.ts';
import { COUNTS } from './count.ts';
import { EXTREMES } from './extreme.ts';
import { PERCENTILES } from './percentile.ts';
import { SKETCHES } from './sketch.ts';
import { SPREADS } from './spread.ts';
import { SUMS } from './sum.ts';
import { TAKE_ANYS } from './take-any.ts';

const ALL: readonly AggregateFunction[] = [
  ...BITS,
  ...COLLECTIONS,
  ...COUNTS,
  ...EXTREMES,
  ...PERCENTILES,
  ...SCHEMAS,
  ...SKETCHES,
  ...SPREADS,
  ...SUMS,
  ...TAKE_ANYS,
];

/** Every aggregate that makes one value of each group, by name. arg_max and its like pick rows: see the compiler. */
export const AGGREGATES: ReadonlyMap<string, AggregateFunction> = new Map(ALL.map((one) => [one.name, one]));

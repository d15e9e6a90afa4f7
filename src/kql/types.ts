/** The scalar types of the query language. */
export const SCALAR_TYPES = [
  'string',
  'datetime',
  'bool',
  'int',
  'long',
  'real',
  'decimal',
  'guid',
  'timespan',
  'dynamic',
] as const;

export type ScalarType = (typeof SCALAR_TYPES)[number];

/** A column of a table or of a result, in KQL's own type names. */
export interface Column {
  readonly name: string;
  readonly type: ScalarType;
}

const TICKS_PER_SECOND = 10_000_000;
const UNIT_NAMES: readonly (readonly [ticks: number, ...names: readonly string[]])[] = [
  [86_400 * TICKS_PER_SECOND, 'd', 'day', 'days'],
  [3600 * TICKS_PER_SECOND, 'h', 'hr', 'hrs', 'hour', 'hours'],
  [60 * TICKS_PER_SECOND, 'm', 'min', 'minute', 'minutes'],
  [TICKS_PER_SECOND, 's', 'sec', 'second', 'seconds'],
  [10_000, 'ms', 'milli', 'millis', 'millisec', 'millisecond', 'milliseconds'],
  [10, 'micro', 'micros', 'microsec', 'microsecond', 'microseconds'],
  [0.01, 'nano', 'nanos', 'nanosecond', 'nanoseconds'],
  [1, 'tick', 'ticks'],
];

/** Units of timespan literals, in lower case, in ticks of 100 ns. */
export const TIMESPAN_UNITS: ReadonlyMap<string, number> = new Map(
  UNIT_NAMES.flatMap(([ticks, ...names]) => names.map((name) => [name, ticks] as const)),
);

import type { Decimal } from './values/decimal.ts';
import type { Integer } from './values/integer.ts';

/**
 * How the engine holds a value; the static type beside it (from the bound tree) tells which of these it is.
 *
 * - string, guid (lower case): string, never null for `string`
 * - bool: boolean
 * - real: number
 * - int, long, datetime, timespan: Integer; datetime counts 100 ns ticks since 2014-01-01T00:00:00Z, timespan counts ticks
 * - decimal: Decimal
 * - dynamic: null, string, boolean, number, bigint, arrays, and bags as Map (order of keys kept, no prototype); inside a dynamic
 *   a whole number is a long and a real with a whole value is a WholeReal, so that 50.0 stays apart from 50
 */
export type Value = null | string | boolean | number | bigint | Decimal | WholeReal | readonly Value[] | Bag;

/** A real without a fraction inside a dynamic. */
export interface WholeReal {
  readonly real: number;
}

export type Bag = ReadonlyMap<string, Value>;

/** Ticks (100 ns) from 0001-01-01, KQL's own origin, to 2014-01-01, ours: datetimes of 1985 to 2042 are plain numbers then. */
export const ORIGIN_TICKS = 635_241_312_000_000_000n;

/** What the evaluation of one query may know of the world. */
export interface EvaluationContext {
  /** The value of now(): ticks since 2014. */
  readonly now: Integer;
  /** Deterministic per query: rand(), new_guid(). */
  random(): number;
  /** Counts made rows, bytes and time; throws KQL_BUDGET when one is spent. To be called in every loop that makes rows. */
  spend(rows: number): void;
  /** Counts work that makes no rows, so that the clock is looked at: for loops longer than their input, 64 products or so for one. */
  tick(work: number): void;
}

/** One scalar function for arguments of given types. */
export type ScalarCall = (...values: readonly Value[]) => Value;

export interface ScalarFunction {
  readonly name: string;
  /**
   * The implementation for these argument types (KQL names, `dynamic` included) and the binder's result type; null: not for these types.
   * `constants` holds the values of arguments known at compile time (undefined otherwise), for regexes, formats and kinds.
   */
  bind(
    types: readonly string[],
    resultType: string,
    constants: readonly (Value | undefined)[],
    context: EvaluationContext,
  ): ScalarCall | null;
}

/** One aggregate over a group. `State` is private to it. */
export interface Aggregation<State = unknown> {
  start(): State;
  /** Takes one row's argument values. */
  add(state: State, values: readonly Value[]): State;
  finish(state: State): Value;
}

export interface AggregateFunction {
  readonly name: string;
  bind(
    types: readonly string[],
    resultType: string,
    constants: readonly (Value | undefined)[],
    context: EvaluationContext,
  ): Aggregation<never> | Aggregation | null;
}

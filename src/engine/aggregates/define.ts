import type { AggregateFunction, Aggregation, Value } from '../value.ts';
import { converter } from '../values/convert.ts';

/** What an aggregate is bound with. */
export interface AggregateBinding {
  readonly types: readonly string[];
  readonly resultType: string;
  readonly constants: readonly (Value | undefined)[];
}

/** An aggregate over rows: where its state starts, what a row adds, what comes out. */
export interface Steps<State> {
  start(): State;
  add(state: State, values: readonly Value[]): State;
  finish(state: State): Value;
}

export function defineAggregate<State>(
  name: string,
  create: (binding: AggregateBinding) => Steps<State> | null,
): AggregateFunction {
  return {
    name,
    bind: (types, resultType, constants) => create({ types, resultType, constants }) as Aggregation | null,
  };
}

export function aggregateAlias(name: string, { bind }: AggregateFunction): AggregateFunction {
  return { name, bind };
}

/** The same aggregate over the rows for which its argument at `position` is true; the argument is not handed on. */
export function conditional(name: string, inner: AggregateFunction, position: number): AggregateFunction {
  const without = <T>(items: readonly T[]): T[] => items.filter((_, index) => index !== position);
  return {
    name,
    bind(types, resultType, constants, context) {
      const toBool = converter(types[position] ?? '', 'bool');
      const steps = inner.bind(without(types), resultType, without(constants), context) as Aggregation | null;
      if (!toBool || !steps) return null;
      const gated: Aggregation = {
        start: () => steps.start(),
        add: (state, values) => (toBool(values[position] ?? null) === true ? steps.add(state, without(values)) : state),
        finish: (state) => steps.finish(state),
      };
      return gated;
    },
  };
}

/** A constant argument as a number; undefined where it is missing or no number. */
export function constantNumber({ constants }: AggregateBinding, position: number): number | undefined {
  const value = constants[position];
  return typeof value === 'number' ? value : undefined;
}

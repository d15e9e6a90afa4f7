import type { AggregateFunction } from '../value.ts';
import { converter } from '../values/convert.ts';
import { type AggregateBinding, conditional, defineAggregate, type Steps } from './define.ts';

/** Running mean and sum of squared deviations (Welford), so that large values keep their digits. */
interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
}

function spread(result: (spread: Spread) => number): (binding: AggregateBinding) => Steps<Spread> | null {
  return ({ types: [type = ''] }) => {
    const convert = converter(type, 'real');
    return (
      convert && {
        start: () => ({ count: 0, mean: 0, squares: 0 }),
        add(state, values) {
          const value = convert(values[0] ?? null);
          if (typeof value !== 'number') return state;
          const count = state.count + 1;
          const mean = state.mean + (value - state.mean) / count;
          return { count, mean, squares: state.squares + (value - state.mean) * (value - mean) };
        },
        finish: result,
      }
    );
  };
}

/** Variances and covariances come with ten digits after the point, as the service gives them; deviations are the roots of these. */
function tenDigits(value: number): number {
  return Number.isFinite(value) && Math.abs(value) < 1e20 ? Number(value.toFixed(10)) : value;
}

function sampleVariance({ count, squares }: Spread): number {
  return count < 2 ? 0 : squares / (count - 1);
}

function populationVariance({ count, squares }: Spread): number {
  return count === 0 ? 0 : squares / count;
}

interface Together {
  readonly count: number;
  readonly meanX: number;
  readonly meanY: number;
  readonly products: number;
}

function together(sample: boolean): (binding: AggregateBinding) => Steps<Together> | null {
  return ({ types: [first = '', second = ''] }) => {
    const [toX, toY] = [converter(first, 'real'), converter(second, 'real')];
    if (!toX || !toY) return null;
    return {
      start: () => ({ count: 0, meanX: 0, meanY: 0, products: 0 }),
      add(state, values) {
        const [x, y] = [toX(values[0] ?? null), toY(values[1] ?? null)];
        if (typeof x !== 'number' || typeof y !== 'number') return state;
        const count = state.count + 1;
        const meanX = state.meanX + (x - state.meanX) / count;
        const meanY = state.meanY + (y - state.meanY) / count;
        return { count, meanX, meanY, products: state.products + (x - state.meanX) * (y - meanY) };
      },
      finish: ({ count, products }) => tenDigits(products / Math.max(1, sample ? count - 1 : count)),
    };
  };
}

function ofSpread(name: string, result: (spread: Spread) => number): AggregateFunction[] {
  const aggregate = defineAggregate(name, spread(result));
  return [aggregate, conditional(`${name}if`, aggregate, 1)];
}

function ofTogether(name: string, sample: boolean): AggregateFunction[] {
  const aggregate = defineAggregate(name, together(sample));
  return [aggregate, conditional(`${name}if`, aggregate, 2)];
}

export const SPREADS: readonly AggregateFunction[] = [
  ...ofSpread('stdev', (state) => Math.sqrt(tenDigits(sampleVariance(state)))),
  // The language has no stdevpif.
  defineAggregate(
    'stdevp',
    spread((state) => Math.sqrt(tenDigits(populationVariance(state)))),
  ),
  ...ofSpread('variance', (state) => tenDigits(sampleVariance(state))),
  ...ofSpread('variancep', (state) => tenDigits(populationVariance(state))),
  ...ofTogether('covariance', true),
  ...ofTogether('covariancep', false),
];

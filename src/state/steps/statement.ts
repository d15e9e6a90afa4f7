import { type NamedValues, placesOf } from './bind.ts';
import type { AskedRows, Built, Recipe } from './steps.ts';

/**
 * A statement that is built and compiled with its first use, and afterwards only filled with values. `build` is given places in the stead
 * of values.
 */
export function compiledOnce<Values extends NamedValues, Row>(
  build: (values: Values) => Built<Row>,
): (values: Values) => AskedRows<Row> {
  const recipe: Recipe<Row> = { build: () => build(placesOf<Values>()) };
  return (values) => ({ kind: 'filled', recipe, values });
}

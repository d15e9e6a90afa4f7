import { HuntwireError } from '../../lib/errors.ts';
import type { SqlValue } from './connection.ts';

/** What a statement is handed when it runs: values by their names. */
export type NamedValues = Readonly<Record<string, SqlValue>>;

/** Stands in a statement for a value that comes when it runs. */
interface Place {
  readonly name: string;
  /** Which of the items the value comes from; null: from the values that all items share. */
  readonly item: number | null;
}

const places = new WeakSet<object>();

/** To build a statement with: each property is the place of the value of its name, and compiles to a parameter. */
export function placesOf<Values extends object>(item: number | null = null): Values {
  return new Proxy({} as Values, {
    get: (_, name) => {
      const place: Place = { name: String(name), item };
      places.add(place);
      return place;
    },
  });
}

/** Fills the places of a statement, in the order in which it wants them. */
export type Binder = (items: readonly NamedValues[], first: number, shared: NamedValues) => SqlValue[];

/** `parameters` are those of a compiled statement: places, and values that are always the same. */
export function createBinder(parameters: readonly unknown[]): Binder {
  const wanted = parameters.map((one) => (isPlace(one) ? one : { value: one as SqlValue }));
  return (items, first, shared) =>
    wanted.map((one) => {
      if ('value' in one) return one.value;
      const value = (one.item === null ? shared : items[first + one.item])?.[one.name];
      if (value === undefined) throw new HuntwireError('INTERNAL', `A statement misses its ${one.name}; report this.`);
      return value;
    });
}

function isPlace(value: unknown): value is Place {
  return typeof value === 'object' && value !== null && places.has(value);
}

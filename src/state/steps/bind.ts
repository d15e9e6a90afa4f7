import { HuntwireError } from '../../lib/errors.ts';

/** What a database can bind. libsql ends the process on a boolean, so booleans are stored as 0 and 1. */
export type SqlValue = string | number | Buffer | null;

/** What a statement is handed when it runs: values by their names. */
export type NamedValues = Readonly<Record<string, SqlValue>>;

/** Which of many items a value comes from; `each`: one from every item, as a list; null: from the values that all items share. */
type ItemOfPlace = number | 'each' | null;

/** Stands in a statement for a value that comes when it runs. */
interface Place {
  readonly name: string;
  readonly item: ItemOfPlace;
}

const places = new WeakSet<object>();

/** To build a statement with: each property is the place of the value of its name, and compiles to a parameter. */
export function placesOf<Values extends object>(item: ItemOfPlace = null): Values {
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
      return valueAt(typeof one.item === 'number' ? items[first + one.item] : shared, one.name);
    });
}

/** As createBinder, for statements that take one list of each column of their items, as `listOf` makes it. */
export function createListBinder(
  parameters: readonly unknown[],
  listOf: (column: string, values: readonly SqlValue[]) => SqlValue,
): (items: readonly NamedValues[], shared: NamedValues) => SqlValue[] {
  const wanted = parameters.map((one) => (isPlace(one) ? one : { value: one as SqlValue }));
  return (items, shared) =>
    wanted.map((one) => {
      if ('value' in one) return one.value;
      if (one.item !== 'each') return valueAt(shared, one.name);
      const values = items.map((item) => valueAt(item, one.name));
      return listOf(one.name, values);
    });
}

function valueAt(values: NamedValues | undefined, name: string): SqlValue {
  const value = values?.[name];
  if (value === undefined) throw new HuntwireError('INTERNAL', `A statement misses its ${name}; report this.`);
  return value;
}

function isPlace(value: unknown): value is Place {
  return typeof value === 'object' && value !== null && places.has(value);
}

import type { CompiledQuery } from 'kysely';
import { type Binder, createBinder, type NamedValues, placesOf } from './bind.ts';
import type { Connection } from './connection.ts';

/** One statement that is compiled once and run often, each time with other values. */
export interface Statement<Values extends NamedValues, Row> {
  rows(values: Values): readonly Row[];
  /** Returns how many rows it changed. */
  run(values: Values): number;
}

/** `build` makes the statement; it is given places in the stead of values. */
export function createStatement<Values extends NamedValues, Row>(
  connection: Connection,
  build: (values: Values) => CompiledQuery<Row>,
): Statement<Values, Row> {
  const query = build(placesOf<Values>());
  const bind = createBinder(query.parameters);
  const statement = connection.prepare(query.sql);
  return {
    rows: (values) => statement.rows(bind([], 0, values)) as Row[],
    run: (values) => statement.run(bind([], 0, values)),
  };
}

/**
 * A query that is built and compiled with its first use, for all connections, and afterwards only filled with values. Building it takes
 * longer than SQLite takes to answer it.
 */
export function compiledOnce<Values extends NamedValues, Row>(
  build: (values: Values) => CompiledQuery<Row>,
): (values: Values) => CompiledQuery<Row> {
  let compiled: { readonly query: CompiledQuery<Row>; readonly bind: Binder } | null = null;
  return (values) => {
    if (compiled === null) {
      const query = build(placesOf<Values>());
      compiled = { query, bind: createBinder(query.parameters) };
    }
    return { ...compiled.query, parameters: compiled.bind([], 0, values) };
  };
}

import type { CompiledQuery } from 'kysely';
import { createBinder, type NamedValues, placesOf } from './bind.ts';
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

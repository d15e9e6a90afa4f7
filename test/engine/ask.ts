import { createKqlEngine, type EngineOptions } from '../../src/engine/kql-engine.ts';
import type { KqlResult } from '../../src/engine/result.ts';
import type { TableSource } from '../../src/engine/table-data.ts';
import type { Value } from '../../src/engine/value.ts';
import type { Column, ScalarType } from '../../src/kql/types.ts';

/** A table of engine values; `asked` keeps which columns were loaded. */
export interface TestTable extends TableSource {
  readonly asked: Set<string>;
}

/** `schema` is `name: type` pairs as in datatable; the columns of `hidden` are in the data only. */
export function tableOf(
  schema: string,
  rows: readonly (readonly Value[])[],
  hidden: Record<string, Value[]> = {},
): TestTable {
  const columns: Column[] = schema.split(',').map((one) => {
    const [name = '', type = ''] = one.split(':').map((part) => part.trim());
    return { name, type: type as ScalarType };
  });
  const asked = new Set<string>();
  return {
    columns,
    asked,
    load(names) {
      for (const name of names) asked.add(name);
      return Promise.resolve({
        rowCount: rows.length,
        column: (name) => {
          const index = columns.findIndex((column) => column.name === name);
          return index < 0 ? (hidden[name] ?? null) : rows.map((row) => row[index] ?? null);
        },
      });
    },
  };
}

export const NOW = Date.UTC(2026, 0, 1, 12);

export function engineOver(tables: Record<string, TableSource> = {}, options: Partial<EngineOptions> = {}) {
  return createKqlEngine({
    schema: { tables: {}, functions: [] },
    tables,
    now: NOW,
    elapsed: () => 0,
    ...options,
  });
}

export function ask(query: string, tables: Record<string, TableSource> = {}, options: Partial<EngineOptions> = {}) {
  return engineOver(tables, options).run(query, { signal: new AbortController().signal });
}

/** The result's cells, row by row. */
export function cells(result: KqlResult): unknown[][] {
  const names = result.columns.map((column) => column.name);
  return [...result.rows()].map((row) => names.map((name) => row[name]));
}

export async function rowsOf(
  query: string,
  tables: Record<string, TableSource> = {},
  options: Partial<EngineOptions> = {},
) {
  return cells(await ask(query, tables, options));
}

import { type RawRow, rowTable } from '../../src/engine/data/row-table.ts';
import { createKqlEngine } from '../../src/engine/kql-engine.ts';
import { columnsOfTable, defenderSchema } from '../../src/kql/defender.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { HuntwireError } from '../../src/lib/errors.ts';
import type { QueryRequest, Row, Source } from '../../src/sources/source.ts';
import { plantedSource } from './planted-source.ts';

export interface TablesOptions {
  /** Rows by table, each with `_ingested` (ISO): a query sees those that have arrived. May grow while the test goes on. */
  readonly tables: Readonly<Record<string, RawRow[]>>;
  readonly now: () => number;
  readonly fails?: (request: QueryRequest) => HuntwireError | null;
}

/** The service as the engine plays it: real queries over rows that arrive while time goes on. */
export function tablesSource(options: TablesOptions): Source {
  const { now } = options;
  return {
    ...plantedSource({ columns: [], rows: () => [], now }),
    async query(request, sink) {
      const failure = options.fails?.(request) ?? null;
      if (failure) throw failure;
      const engine = createKqlEngine({
        schema: defenderSchema(),
        tables: Object.fromEntries(
          Object.entries(options.tables).map(([name, rows]) => [name, arrived(name, rows, now())]),
        ),
        now: now(),
        elapsed: systemClock.monotonic,
      });
      const result = await engine.run(request.query, { signal: request.signal });
      sink.schema(result.columns);
      for (const row of result.rows()) sink.row(row as Row);
      return { rows: result.rowCount, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: now() };
    },
  };
}

function arrived(table: string, rows: readonly RawRow[], now: number) {
  return rowTable(
    columnsOfTable(table) ?? [],
    rows.filter((row) => Date.parse(String(row._ingested)) <= now),
  );
}

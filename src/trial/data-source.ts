import { type DataOptions, openDataFolder } from '../engine/data/folder.ts';
import { createKqlEngine } from '../engine/kql-engine.ts';
import type { LazyTable, TableData, TableSource } from '../engine/table-data.ts';
import { defenderSchema } from '../kql/defender.ts';
import type { Clock } from '../lib/clock.ts';
import type { Row, Source } from '../sources/source.ts';
import { memorySource } from './memory-source.ts';

export interface DataSource extends Source {
  /** What was not read or became null so far, and the like. */
  notes(): readonly string[];
}

/**
 * A source over event files that are read once, for many queries over the same data: what a query has read stays in memory until
 * the source is dropped. `now()` is the clock's time. Throws CONFIG_INVALID where the files cannot be read.
 */
export async function openDataSource(
  paths: string | readonly string[],
  clock: Clock,
  options: DataOptions = {},
): Promise<DataSource> {
  const { tables, notes } = await openDataFolder(paths, options);
  const kept = Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, keepRead(table)]));
  const engine = createKqlEngine({ schema: defenderSchema(), tables: kept, now: clock.now, elapsed: clock.monotonic });
  const source = memorySource(async (request, sink) => {
    const begun = clock.monotonic();
    const result = await engine.run(request.query, { signal: request.signal });
    sink.schema(result.columns);
    for (const row of result.rows()) sink.row(row as Row);
    const elapsedMs = clock.monotonic() - begun;
    return { rows: result.rowCount, truncated: false, bytes: 0, elapsedMs, serviceTime: null };
  });
  return { ...source, notes };
}

/** The columns are learnt once. */
function keepRead(table: LazyTable): LazyTable {
  let opened: Promise<TableSource> | null = null;
  return {
    open: (mentions, signal) => {
      opened ??= table.open(mentions, signal).then(keepLoaded);
      return opened;
    },
  };
}

/** The runs of one rule ask for the same columns again and again. */
function keepLoaded(table: TableSource): TableSource {
  const reads = new Map<string, TableData>();
  return {
    columns: table.columns,
    load: async (columns, signal) => {
      const key = JSON.stringify([...columns].sort());
      const data = reads.get(key) ?? (await table.load(columns, signal));
      reads.set(key, data);
      return data;
    },
  };
}

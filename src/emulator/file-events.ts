import { type AnyTable, isLazy } from '../engine/open-tables.ts';
import { INGESTED, type TableData, type TableSource } from '../engine/table-data.ts';
import type { Value } from '../engine/value.ts';
import { datetimeOfUnix } from '../engine/values/ticks.ts';
import type { EventStore } from './event-store.ts';

/** Event files as the stand-in shows them: a row is seen from its arrival on. */
export function createFileEvents(tables: Readonly<Record<string, AnyTable>>): EventStore {
  let now = Number.NEGATIVE_INFINITY;
  const arrived = Object.entries(tables).map(([name, source]) => [name, arrivedTable(source, () => now)] as const);
  return {
    tables: Object.fromEntries(arrived),
    advance: (time) => {
      now = time;
    },
  };
}

/** Arrivals are read with whatever a query mentions. */
function arrivedTable(table: AnyTable, now: () => number): AnyTable {
  if (!isLazy(table)) return arrivedRows(table, now);
  return {
    open: async (mentions, signal) =>
      arrivedRows(await table.open((name) => name === 'ingestion_time' || mentions(name), signal), now),
  };
}

function arrivedRows(source: TableSource, now: () => number): TableSource {
  return {
    columns: source.columns,
    async load(columns, signal) {
      const data = await source.load(new Set([...columns, INGESTED]), signal);
      return onlyArrived(data, datetimeOfUnix(Math.floor(now())));
    },
  };
}

/** Rows without any time have always been there. */
function onlyArrived(data: TableData, now: number | bigint): TableData {
  const arrivals = data.column(INGESTED) ?? [];
  const kept = [...arrivals.keys()].filter((row) => !isLater(arrivals[row] ?? null, now));
  if (arrivals.length === 0 || kept.length === data.rowCount) return data;
  return {
    rowCount: kept.length,
    column: (name) => {
      const values = data.column(name);
      return values && kept.map((row) => values[row] ?? null);
    },
  };
}

function isLater(arrival: Value, now: number | bigint): boolean {
  return (typeof arrival === 'number' || typeof arrival === 'bigint') && arrival > now;
}

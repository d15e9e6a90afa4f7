import type { Column } from '../../src/kql/types.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { QueryRequest, Row, Source } from '../../src/sources/source.ts';

export interface PlantedRow {
  /** Epoch ms of arrival: what ingestion_time() tells. */
  readonly ingested: number;
  /** Epoch ms from which on queries see the row; its arrival where left out. */
  readonly visible?: number;
  readonly row: Row;
}

export interface PlantedSource extends Source {
  /** Windows asked for, as `[from, to]`; null where the query names none. */
  readonly asked: ([number, number] | null)[];
}

export interface PlantedOptions {
  readonly columns: readonly Column[];
  readonly rows: () => readonly PlantedRow[];
  /** The service's clock. */
  readonly now: () => number;
  /** The failure of a call, or null. */
  readonly fails?: (request: QueryRequest) => HuntwireError | null;
  readonly answer?: (rows: readonly Row[]) => readonly Row[];
  readonly maxRows?: number;
}

const ARRIVED = /ingestion_time\(\) >= datetime\(([^)]+)\) and ingestion_time\(\) < datetime\(([^)]+)\)/;
const HAPPENED = /Timestamp >= datetime\(([^)]+)\) and Timestamp < datetime\(([^)]+)\)/;
/** A sweep asks for rows that came so much later than they happened. */
const LATE = /Timestamp < ingestion_time\(\) - (\d+)([dhms])/;
const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };
/** Every lower bound of the event time that holds for all rows: the lateness, and an ago() that the query itself has. */
const NOT_BEFORE = /Timestamp >=? datetime\(([^)]+)\)(?! and Timestamp)/g;

/** A source in memory: gives back what has arrived by now within the window that the query text names. */
export function plantedSource(options: PlantedOptions): PlantedSource {
  const asked: ([number, number] | null)[] = [];
  const maxRows = options.maxRows ?? 100_000;
  return {
    asked,
    api: 'graph',
    maxRows,
    retentionMs: 30 * 86_400_000,
    retiresOn: null,
    quota: {
      callsPerMinute: null,
      callsPerHour: null,
      runSecondsPerHour: null,
      runSecondsPerDay: null,
      concurrency: 3,
    },
    async query(request, sink) {
      const failure = options.fails?.(request) ?? null;
      if (failure) throw failure;
      const byArrival = ARRIVED.exec(request.query);
      const match = byArrival ?? HAPPENED.exec(request.query);
      const window: [number, number] | null = match ? [Date.parse(match[1] ?? ''), Date.parse(match[2] ?? '')] : null;
      asked.push(window);
      const notBefore = Math.max(
        0,
        ...[...request.query.matchAll(NOT_BEFORE)].map(([, time]) => Date.parse(time ?? '')),
      );
      const [, count = '0', unit = 'd'] = LATE.exec(request.query) ?? [];
      const laterThan = LATE.test(request.query) ? Number(count) * (UNITS[unit] ?? 0) : Number.NEGATIVE_INFINITY;
      const visible = options
        .rows()
        .filter(({ ingested, row }) => ingested - Date.parse(String(row.Timestamp)) > laterThan)
        .filter((row) =>
          isSeen(
            row,
            options.now(),
            byArrival ? row.ingested : Date.parse(String(row.row.Timestamp)),
            window,
            notBefore,
          ),
        );
      const answer = (options.answer ?? ((rows) => rows))(visible.map(({ row }) => row)).slice(0, maxRows);
      sink.schema(options.columns);
      for (const row of answer) sink.row(row);
      return {
        rows: answer.length,
        truncated: answer.length === maxRows,
        bytes: 0,
        elapsedMs: 1,
        serviceTime: options.now(),
      };
    },
    greet: async () => options.now(),
    check: async () => [],
    close: async () => undefined,
  };
}

function isSeen(
  one: PlantedRow,
  now: number,
  time: number,
  window: readonly [number, number] | null,
  notBefore: number,
): boolean {
  const { ingested, visible = ingested, row } = one;
  if (visible > now || (window && (time < window[0] || time >= window[1]))) return false;
  return row.Timestamp === undefined || Date.parse(String(row.Timestamp)) >= notBefore;
}

export function timeout(): HuntwireError {
  return new HuntwireError('SOURCE_TIMEOUT', 'the query took too long', { retryable: true });
}

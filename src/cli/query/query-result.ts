import type { KqlChart } from '../../engine/chart.ts';
import type { Column } from '../../kql/types.ts';
import type { Row } from '../../sources/source.ts';
import type { TraceLine } from '../terminal/print-trace.ts';

/** What came of a query, as `--format json` prints it. */
export interface QueryResult {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly truncated: boolean;
  readonly source: string;
  readonly elapsedMs: number;
}

/** A result, and the chart that the query asks for with `render`. */
export interface QueryAnswer {
  readonly result: QueryResult;
  readonly chart: KqlChart | null;
  /** How many rows each operator let through, and what is to be told of files and query; left out: nobody asked. */
  readonly trace?: QueryTrace;
}

export interface QueryTrace {
  readonly operators: readonly TraceLine[];
  readonly notes: readonly string[];
}

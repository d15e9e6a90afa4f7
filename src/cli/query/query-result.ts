import type { KqlChart } from '../../engine/chart.ts';
import type { Column } from '../../kql/types.ts';
import type { Row } from '../../sources/source.ts';

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
}

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

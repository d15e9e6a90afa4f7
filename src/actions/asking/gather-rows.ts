import type { Column } from '../../kql/types.ts';
import { withJoined } from '../../lib/abort.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import type { QueryRequest, Row, RowSink, Source } from '../../sources/source.ts';

export interface GatheredRows {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** There are more: the limit was reached, or the service cut its answer. */
  readonly truncated: boolean;
}

/** What an answer holds in memory, in characters of its rows as JSON. */
const MOST_CHARACTERS = 8_000_000;

/** The rows of one query, so many at most; of an answer that has more the rest is not read. */
export async function gatherRows(
  source: Pick<Source, 'query'>,
  request: QueryRequest,
  limit: number,
): Promise<GatheredRows> {
  const rows: Row[] = [];
  let columns: readonly Column[] = [];
  let characters = 0;
  const enough = new AbortController();
  const sink: RowSink = {
    schema: (own) => {
      columns = own;
    },
    row: (row) => {
      if (enough.signal.aborted) return;
      characters += JSON.stringify(row).length;
      if (rows.length < limit && characters <= MOST_CHARACTERS) rows.push(row);
      else enough.abort();
    },
  };
  try {
    const { truncated } = await withJoined([request.signal, enough.signal], (signal) =>
      source.query({ ...request, signal }, sink),
    );
    return { columns, rows, truncated: truncated || enough.signal.aborted };
  } catch (thrown) {
    if (!enough.signal.aborted || request.signal.aborted) throw toHuntwireError(thrown);
    return { columns, rows, truncated: true };
  }
}

import type { Column } from '../kql/types.ts';
import { DAY_MS } from '../lib/duration.ts';
import { type Row, type Source, UNLIMITED } from '../sources/source.ts';

/** A source in this process, without limits: for rule tests. */
export function memorySource(query: Source['query']): Source {
  return {
    api: 'local',
    maxRows: Number.MAX_SAFE_INTEGER,
    retentionMs: 3650 * DAY_MS,
    retiresOn: null,
    quota: UNLIMITED,
    query,
    check: async () => [],
    close: async () => undefined,
  };
}

/** The same source, which is asked each text once. */
export function askedOnce(source: Source): Source {
  const answers = new Map<string, Remembered>();
  return {
    ...source,
    query: async (request, sink) => {
      const known = answers.get(request.query) ?? (await remembered(source, request));
      answers.set(request.query, known);
      sink.schema(known.columns);
      for (const row of known.rows) sink.row(row);
      return known.summary;
    },
  };
}

interface Remembered {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly summary: Awaited<ReturnType<Source['query']>>;
}

async function remembered(source: Source, request: Parameters<Source['query']>[0]): Promise<Remembered> {
  let columns: readonly Column[] = [];
  const rows: Row[] = [];
  const schema = (given: readonly Column[]): void => {
    columns = given;
  };
  const summary = await source.query(request, { schema, row: (row) => rows.push(row) });
  return { columns, rows, summary };
}

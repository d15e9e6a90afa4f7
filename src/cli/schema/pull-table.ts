import { quotedName } from '../../kql/literal.ts';
import type { AddedTable } from '../../kql/schemas/added-tables.ts';
import type { Column } from '../../kql/types.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { columnType } from '../../sources/decode/column-types.ts';
import { arrivalOfApi } from '../../sources/registry.ts';
import type { Row, Source, ToldTable } from '../../sources/source.ts';
import { timeAmong } from '../../sources/told-tables.ts';

type AskedSource = Pick<Source, 'api' | 'query'>;

const MOST_COLUMNS = 10_000;

/** A table as its source tells it. Rejects as the source does; where it answers with anything but a schema, with SOURCE_RESPONSE_INVALID. */
export async function pullTable(source: AskedSource, table: string, signal: AbortSignal): Promise<AddedTable> {
  const columns = (await rowsOf(source, `${quotedName(table)} | getschema`, signal)).map(columnOf);
  const read = columns.filter((column) => column !== null);
  if (read.length === 0 || read.length < columns.length) {
    throw new HuntwireError('SOURCE_RESPONSE_INVALID', `${source.api} tells no columns of ${table}.`);
  }
  return { columns: read, time: timeAmong(read), ingestionTime: await isStamped(source, table, signal) };
}

/** One whose columns are known already. */
export async function stampedTable(
  source: AskedSource,
  name: string,
  { columns, time }: ToldTable,
  signal: AbortSignal,
): Promise<AddedTable> {
  return { columns, time, ingestionTime: await isStamped(source, name, signal) };
}

/** Whether its rows have an ingestion time, as far as the source leaves that open. */
async function isStamped(source: AskedSource, table: string, signal: AbortSignal): Promise<boolean> {
  const kept = arrivalOfApi(source.api)?.ingestionTime ?? 'always';
  if (kept !== 'asked') return kept === 'always';
  const query = `${quotedName(table)} | take 100 | where isnull(ingestion_time()) | take 1 | project Found = 1`;
  return (await rowsOf(source, query, signal)).length === 0;
}

async function rowsOf(source: AskedSource, query: string, signal: AbortSignal): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const sink = { schema: () => undefined, row: (row: Row) => void (rows.length < MOST_COLUMNS && rows.push(row)) };
  await source.query({ ruleId: 'schema', query, signal }, sink);
  return rows;
}

/** `ColumnType` is KQL's name, `DataType` the one of .NET. */
function columnOf({ ColumnName, ColumnType, DataType }: Row): Column | null {
  const type = ColumnType ?? DataType;
  return typeof ColumnName === 'string' && typeof type === 'string'
    ? { name: ColumnName, type: columnType(type) }
    : null;
}

import { quotedName } from '../../kql/literal.ts';
import { datetimeLiteral, type TimeRange, timespanLiteral } from '../../kql/window.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { type Sending, sendQuery } from '../calls/send-query.ts';
import { PROBED_MS } from './arrival-book.ts';
import type { ArrivalTable } from './arrival-tables.ts';

type Asked = Pick<ArrivalTable, 'table' | 'timeColumn'>;

/** Counts the rows that arrived in a range and happened more than `latenessMs` before, as far back as the source keeps them. */
export function lateCountQuery(
  { table, timeColumn }: Asked,
  { from, to }: TimeRange,
  { latenessMs, retentionMs }: { readonly latenessMs: number; readonly retentionMs: number },
): string {
  const arrived = `ingestion_time() >= ${datetimeLiteral(from)} and ingestion_time() < ${datetimeLiteral(to)}`;
  const [name, time] = [quotedName(table), quotedName(timeColumn)];
  const kept = `${time} >= ${datetimeLiteral(from - retentionMs)}`;
  return `${name} | where ${kept} and ${arrived} and ${time} < ingestion_time() - ${timespanLiteral(latenessMs)} | count`;
}

/** Whether the table has a row without ingestion time of the time before `now`: 0 or 1. */
export function probeQuery({ table, timeColumn }: Asked, now: number): string {
  const time = quotedName(timeColumn);
  const recent = `${time} >= ${datetimeLiteral(now - PROBED_MS)} and ${time} < ${datetimeLiteral(now)}`;
  return `${quotedName(table)} | where ${recent} and isnull(ingestion_time()) | take 1 | count`;
}

/** Asks for one number. Rejects with the source's error, and with SOURCE_RESPONSE_INVALID where none comes. */
export async function askCount(sending: Sending, query: string, signal: AbortSignal): Promise<number> {
  let count = Number.NaN;
  const sink = {
    schema: () => undefined,
    row: (row: Readonly<Record<string, unknown>>): void => {
      count = Number(row.Count);
    },
  };
  await sendQuery(sending, { ruleId: 'arrivals', query: `// huntwire arrivals\n${query}`, signal }, sink);
  if (Number.isFinite(count)) return count;
  throw new HuntwireError('SOURCE_RESPONSE_INVALID', 'A count came back without a number.');
}

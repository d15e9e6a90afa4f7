import { quotedName } from '../../kql/literal.ts';
import type { TableReference } from '../../kql/prepared.ts';
import { addedTable } from '../../kql/schemas/added-tables.ts';
import { datetimeLiteral } from '../../kql/window.ts';
import { DAY_MS } from '../../lib/duration.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import { sendQuery } from '../calls/send-query.ts';
import type { TimeColumnDeps, TimeColumns } from '../time-columns.ts';

const LIFE_MS = 7 * DAY_MS;
/** Of rows that are older nobody asks. */
const LOOKED_MS = 9 * DAY_MS;

/**
 * Tables of which a schema file says that they have no ingestion time, and of a source that does not keep one for all of them those of which some rows have none. Each is asked once a week.
 * One that could not be asked counts as such: its windows then go by event time, and read a day again. Rejects as learnTimeColumns does.
 */
export async function learnUnstamped(
  references: readonly TableReference[],
  columns: TimeColumns,
  deps: TimeColumnDeps,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const { table } of references) if (addedTable(table)?.ingestionTime === false) found.add(table);
  if (deps.source.arrival?.ingestionTime !== 'asked') return found;
  const seen = new Set<string>();
  for (const { table, timeColumn } of references) {
    const column = Object.hasOwn(columns, table) ? (columns[table] ?? null) : timeColumn;
    if (column === null || seen.has(table) || found.has(table)) continue;
    seen.add(table);
    if (await isUnstamped(table, column, deps)) found.add(table);
  }
  return found;
}

async function isUnstamped(table: string, column: string, deps: TimeColumnDeps): Promise<boolean> {
  const key = `unstamped ${JSON.stringify([deps.tenant, deps.source.api, table])}`;
  const now = deps.clock.now();
  const kept = readKept(await deps.cache.get(key), now);
  if (kept !== null) return kept;
  const answer = await askUnstamped(table, column, deps);
  if (answer === null) return true;
  await deps.cache.set(key, JSON.stringify({ at: now, answer }));
  return answer;
}

function readKept(text: string | null, now: number): boolean | null {
  if (text === null) return null;
  const { at, answer } = JSON.parse(text) as { readonly at: number; readonly answer: boolean };
  return now - at >= 0 && now - at < LIFE_MS ? answer : null;
}

/** Null: it could not be asked. */
async function askUnstamped(table: string, column: string, deps: TimeColumnDeps): Promise<boolean | null> {
  const { ruleId, signal, clock } = deps;
  const since = datetimeLiteral(clock.now() - LOOKED_MS);
  const query = `${quotedName(table)} | where ${quotedName(column)} >= ${since} and isnull(ingestion_time()) | take 1 | project Found = 1`;
  const sink = { schema: () => undefined, row: () => undefined };
  try {
    const end = await sendQuery({ ...deps, monotonic: clock.monotonic }, { ruleId, query, signal }, sink);
    return end.rows > 0;
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (/^(ABORTED|SOURCE_QUOTA|STATE_.*)$/.test(error.code) || signal.aborted) throw error;
    return null;
  }
}

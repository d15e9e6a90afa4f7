import { quotedName } from '../kql/literal.ts';
import type { TableReference } from '../kql/prepared.ts';
import type { Cache } from '../lib/cache.ts';
import type { Clock } from '../lib/clock.ts';
import { DAY_MS, HOUR_MS } from '../lib/duration.ts';
import { toHuntwireError } from '../lib/errors.ts';
import type { Row, Source } from '../sources/source.ts';
import { type Sending, sendQuery } from './calls/send-query.ts';

/** How to ask one tenant for the columns of its tables. */
export interface TimeColumnDeps {
  readonly tenant: string;
  readonly ruleId: string;
  readonly source: Source;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly admit: Sending['admit'];
  readonly called: Sending['called'];
  readonly signal: AbortSignal;
}

/** Time column by table, of those that the settings name and of those that were asked; null: the table has none. */
export type TimeColumns = Readonly<Record<string, string | null>>;

const LIFE_MS = 7 * DAY_MS;
/** A table that could not be asked is asked again after this. */
const FAILED_LIFE_MS = HOUR_MS;
/** In the order of preference. */
const TIME_COLUMNS = ['Timestamp', 'TimeGenerated'] as const;
const LONGEST_SCHEMA = 10_000;
/** Failures that speak of the moment and not of the table: nothing is remembered of them. */
const PASSING: ReadonlySet<string> = new Set(['SOURCE_THROTTLED', 'SOURCE_NETWORK', 'SOURCE_AUTH', 'SOURCE_SERVER']);

/**
 * The time columns of tables that the Defender schema does not have, as their tenant tells them (`T | getschema`), each asked once a
 * week. Rejects with the admission's error where the quota has no room, and with ABORTED.
 */
export async function learnTimeColumns(
  references: readonly TableReference[],
  deps: TimeColumnDeps,
): Promise<TimeColumns> {
  const unsure = references.filter((reference) => !reference.known && reference.timeColumn !== null);
  const configured = deps.source.arrival?.timeColumns ?? {};
  const columns = new Map<string, string | null>();
  for (const { table } of references) {
    const column = Object.hasOwn(configured, table) ? configured[table] : undefined;
    if (column !== undefined) columns.set(table, column);
  }
  for (const table of new Set(unsure.map((reference) => reference.table))) {
    if (columns.has(table)) continue;
    const answer = await timeColumnOf(table, deps);
    if (answer.kind === 'told') columns.set(table, answer.column);
  }
  return Object.fromEntries(columns);
}

type Answer = { readonly kind: 'told'; readonly column: string | null } | { readonly kind: 'unknown' };
const UNKNOWN: Answer = { kind: 'unknown' };

async function timeColumnOf(table: string, deps: TimeColumnDeps): Promise<Answer> {
  const key = `time-column ${JSON.stringify([deps.tenant, deps.source.api, table])}`;
  const now = deps.clock.now();
  const kept = readKept(await deps.cache.get(key), now);
  if (kept) return kept;
  const answer = await askTable(table, deps);
  if (answer === 'later') return UNKNOWN;
  await deps.cache.set(key, JSON.stringify({ at: now, answer }));
  return answer;
}

interface Kept {
  readonly at: number;
  readonly answer: Answer;
}

function readKept(text: string | null, now: number): Answer | null {
  if (text === null) return null;
  const { at, answer } = JSON.parse(text) as Kept;
  const age = now - at;
  return age >= 0 && age < (answer.kind === 'told' ? LIFE_MS : FAILED_LIFE_MS) ? answer : null;
}

/** One metered question. `later`: nothing was learnt, not even that the table cannot be asked. */
async function askTable(table: string, deps: TimeColumnDeps): Promise<Answer | 'later'> {
  const { ruleId, signal, clock } = deps;
  const schema = collectSchema();
  try {
    await sendQuery(
      { ...deps, monotonic: clock.monotonic },
      { ruleId, query: schemaQuery(table), signal },
      schema.sink,
    );
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (/^(ABORTED|SOURCE_QUOTA|STATE_.*)$/.test(error.code) || signal.aborted) throw error;
    return PASSING.has(error.code) ? 'later' : UNKNOWN;
  }
  return schema.answer();
}

function schemaQuery(table: string): string {
  return `${quotedName(table)} | getschema`;
}

/** Takes the rows of a getschema; an answer of any other form leaves the question open. */
function collectSchema(): { readonly sink: Parameters<Source['query']>[1]; answer(): Answer } {
  const datetimes = new Set<string>();
  let isSchema = false;
  let rows = 0;
  return {
    sink: {
      schema: (columns) => {
        isSchema = columns.some((column) => column.name === 'ColumnName');
      },
      row: (row) => {
        rows += 1;
        if (rows <= LONGEST_SCHEMA && isDatetime(row)) datetimes.add(String(row.ColumnName));
      },
    },
    answer: () => {
      if (!isSchema || rows === 0) return UNKNOWN;
      return { kind: 'told', column: TIME_COLUMNS.find((name) => datetimes.has(name)) ?? null };
    },
  };
}

/** `ColumnType` is KQL's name, `DataType` the one of .NET. */
function isDatetime(row: Row): boolean {
  return row.ColumnType === 'datetime' || row.DataType === 'System.DateTime';
}

import { createHash } from 'node:crypto';
import type { Branch } from '../engine/branches.ts';
import { type RawRow, rowTable } from '../engine/data/row-table.ts';
import { createKqlEngine } from '../engine/kql-engine.ts';
import type { KqlResult } from '../engine/result.ts';
import type { TraceStep } from '../engine/trace.ts';
import { columnsOfTable, defenderSchema } from '../kql/defender.ts';
import type { Column, ScalarType } from '../kql/types.ts';
import type { Clock } from '../lib/clock.ts';
import { MINUTE_MS } from '../lib/duration.ts';
import { HuntwireError } from '../lib/errors.ts';
import { suggest } from '../lib/nearest.ts';
import type { RuleTest, RunnableRule } from '../rules/rule.ts';
import type { QueryRequest, Row, RowSink, Source } from '../sources/source.ts';
import { memorySource } from './memory-source.ts';
import { iso, tickAfter } from './ticks.ts';

/** A source over the events of one rule test, with the row counts of the latest query. */
export interface FixtureSource extends Source {
  trace(): readonly TraceStep[];
  /** Which conditions and arms of the latest query rows took. */
  branches(): readonly Branch[];
  /** The query text that the trace's offsets speak of. */
  sent(): string;
}

/** Runs queries in the local engine over the test's tables, whose left-out cells have the defaults of docs/rules.md. */
export function fixtureSource(rule: RunnableRule, test: RuleTest, clock: Clock): FixtureSource {
  const tables = completeTables(rule, test);
  const sources = Object.fromEntries(
    Object.entries(tables).map(([name, { columns, rows, given }]) => [name, rowTable(columns, rows, given)]),
  );
  const fixtures = { functions: test.functions, externaldata: test.externaldata };
  const engine = createKqlEngine({
    schema: defenderSchema(),
    tables: sources,
    now: test.now,
    elapsed: clock.monotonic,
    trace: true,
    fixtures,
  });
  let told: Pick<KqlResult, 'trace' | 'branches'> = { trace: [], branches: [] };
  let sent = '';
  const query = async (request: QueryRequest, sink: RowSink): ReturnType<Source['query']> => {
    sent = request.query;
    const result = await engine.run(request.query, { signal: request.signal });
    told = result;
    sink.schema(result.columns);
    for (const row of result.rows()) sink.row(row as Row);
    return { rows: result.rowCount, truncated: false, bytes: 0, elapsedMs: 0, serviceTime: null };
  };
  return { ...memorySource(query), trace: () => told.trace, branches: () => told.branches, sent: () => sent };
}

export interface CompleteTable {
  readonly columns: readonly Column[];
  /** Names of the cells that its rows have; those of all other columns are empty. */
  readonly given: ReadonlySet<string>;
  readonly rows: readonly RawRow[];
}

/** The test's events with their defaults filled in. Throws RULE_INVALID for a column that the table does not have. */
export function completeTables(rule: RunnableRule, test: RuleTest): Readonly<Record<string, CompleteTable>> {
  return Object.fromEntries(
    Object.entries(test.tables ?? {}).map(([name, rows]) => {
      const columns = columnsOfTable(name) ?? ownColumns(rows);
      refuseUnknown(rule, test, name, columns, rows);
      const known = new Set(columns.map((column) => column.name));
      const filled = FILLED.filter((one) => known.has(one));
      const given = new Set([...filled, ...rows.flatMap((row) => Object.keys(row))]);
      const blank = Object.fromEntries([...given].map((one) => [one, null]));
      const complete = rows.map((row, index) => completeRow(row, { blank, filled, now: test.now, index }));
      return [name, { columns, given, rows: complete }];
    }),
  );
}

/** Rows with `_ingested`, or any name with `_` in front, say when they arrived; that is no column. */
function refuseUnknown(
  rule: RunnableRule,
  test: RuleTest,
  table: string,
  columns: readonly Column[],
  rows: readonly RawRow[],
): void {
  const known = new Set(columns.map((column) => column.name));
  for (const name of rows.flatMap((row) => Object.keys(row))) {
    if (known.has(name) || name.startsWith('_')) continue;
    const message = `${table} has no column "${name}".${suggest(name, known)}`;
    const problem = {
      file: test.file ?? rule.map.file,
      line: test.line,
      column: test.column,
      code: 'RULE_INVALID',
      message,
    };
    throw new HuntwireError('RULE_INVALID', `Test "${test.name}": ${message}`, { problems: [problem] });
  }
}

/** The columns of a table that the schema does not know: what its rows bring. */
function ownColumns(rows: readonly RawRow[]): readonly Column[] {
  const types = new Map<string, ScalarType>();
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) if (!name.startsWith('_')) types.set(name, typeOf(name, value));
  return [...types].map(([name, type]) => ({ name, type }));
}

export function typeOf(name: string, value: unknown): ScalarType {
  if (name === 'Timestamp' || name === 'TimeGenerated' || value instanceof Date) return 'datetime';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'real';
  if (typeof value === 'bigint') return 'long';
  return typeof value === 'object' && value !== null ? 'dynamic' : 'string';
}

/** Columns with a default. */
const FILLED = ['Timestamp', 'TimeGenerated', 'ReportId', 'DeviceId'] as const;

interface Completion {
  /** Every column that any row has. */
  readonly blank: RawRow;
  readonly filled: readonly string[];
  readonly now: number;
  readonly index: number;
}

/** All rows have the same columns in the same order, which makes them quick to read. */
function completeRow(row: RawRow, { blank, filled, now, index }: Completion): RawRow {
  const complete: Record<string, unknown> = { ...blank, ...row };
  for (const name of filled) if (!Object.hasOwn(row, name)) complete[name] = defaultOf(name, row, now, index);
  return complete;
}

function defaultOf(name: string, row: RawRow, now: number, index: number): unknown {
  if (name === 'Timestamp' || name === 'TimeGenerated') return tickAfter(now - MINUTE_MS, index);
  if (name === 'ReportId') return index + 1;
  if (name === 'DeviceId' && typeof row.DeviceName === 'string')
    return createHash('sha1').update(row.DeviceName.toLowerCase()).digest('hex');
  return null;
}

/** When a completed row arrived, in epoch ms: `_ingested`, else its event time. */
export function arrivalOf(row: RawRow): number {
  return Date.parse(iso(row._ingested ?? row.Timestamp ?? row.TimeGenerated));
}

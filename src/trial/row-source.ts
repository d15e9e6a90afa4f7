import type { Column, ScalarType } from '../kql/types.ts';
import { MINUTE_MS } from '../lib/duration.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { RuleTest, RunnableRule } from '../rules/rule.ts';
import type { Cell, Row, Source } from '../sources/source.ts';
import { typeOf } from './fixture-source.ts';
import { memorySource } from './memory-source.ts';
import { tickAfter } from './ticks.ts';

/** A source that answers any query with the given result rows. */
export function rowSource(rule: RunnableRule, given: NonNullable<RuleTest['rows']>, now: number): Source {
  const columns = columnsOf(rule, given);
  const rows = given.map((row, index) => completeRow(row, columns, now, index));
  return memorySource(async (_request, sink) => {
    sink.schema(columns);
    for (const row of rows) sink.row(row);
    return { rows: rows.length, truncated: false, bytes: 0, elapsedMs: 0, serviceTime: null };
  });
}

/** The query's result columns where they are known, and whatever else the rows bring, with the types of their values. */
function columnsOf(rule: RunnableRule, rows: NonNullable<RuleTest['rows']>): readonly Column[] {
  const columns = new Map((rule.prepared.columns ?? []).map((column) => [column.name, column]));
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      if (!columns.has(name)) columns.set(name, { name, type: typeOf(name, value) });
    }
  }
  return [...columns.values()];
}

/** Left-out cells are empty; a left-out event time is a minute before L, a tick later row by row. */
function completeRow(
  given: Readonly<Record<string, unknown>>,
  columns: readonly Column[],
  now: number,
  index: number,
): Row {
  return Object.fromEntries(
    columns.map(({ name, type }) => [
      name,
      Object.hasOwn(given, name) ? asCell(given[name], name) : leftOut(name, type, now, index),
    ]),
  );
}

function leftOut(name: string, type: ScalarType, now: number, index: number): Cell {
  if (name === 'Timestamp' || name === 'TimeGenerated') return tickAfter(now - MINUTE_MS, index);
  return type === 'string' ? '' : null;
}

function asCell(value: unknown, name: string): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => asCell(item, name));
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asCell(inner, name)]));
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new HuntwireError('RULE_INVALID', `A test row's column ${name} holds a ${typeof value}.`);
}

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createKqlEngine } from '../../src/kql/engine/engine.ts';
import type { KqlResult } from '../../src/kql/engine/result.ts';
import type { OutputValue } from '../../src/kql/engine/values/output.ts';
import { HuntwireError } from '../../src/lib/errors.ts';

/** A query and the rows that the real engine returned for it. */
export interface ConformanceCase {
  readonly id: string;
  readonly query: string;
  readonly columns?: readonly string[];
  readonly column_types?: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly hunting_relevant?: boolean;
}

/** How a case went. `refused` is neither a pass nor a wrong answer. */
export type Verdict = 'pass' | 'wrong' | 'refused' | 'failed';

export interface Outcome {
  readonly id: string;
  readonly verdict: Verdict;
  /** Whether only columns and number of rows could be compared. */
  readonly byShape: boolean;
  readonly detail: string;
}

/** The folder of the case files; they are not part of the project. */
export const CASES_FOLDER = resolve(
  process.env.HUNTWIRE_SHARED ?? resolve(import.meta.dirname, '../../../shared'),
  'conformance',
);

export function haveCases(): boolean {
  return existsSync(resolve(CASES_FOLDER, 'engine-cases.jsonl'));
}

export function readCases(file: string): ConformanceCase[] {
  const lines = readFileSync(resolve(CASES_FOLDER, file), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as ConformanceCase);
}

/** A function that runs a query without any stored table. */
export function createRunner(): (query: string) => Promise<KqlResult> {
  const engine = createKqlEngine({
    schema: { tables: {}, functions: [] },
    tables: {},
    now: Date.UTC(2026, 0, 1, 12),
    elapsed: () => performance.now(),
  });
  return (query) => engine.run(query, { signal: new AbortController().signal });
}

/** Results that depend on chance or the clock: there only the shape can be compared. */
export function isByShape(query: string): boolean {
  const code = query.replace(/\/\/[^\n]*/g, '');
  if (/\b(rand|now|ago|new_guid)\s*\(/.test(code) || /\|\s*sample(-distinct)?\b/.test(code)) return true;
  return /\|\s*(take|limit)\s+\d/.test(code) && !/\b(sort|order)\s+by\b/.test(code);
}

export async function judge(one: ConformanceCase, run: (query: string) => Promise<KqlResult>): Promise<Outcome> {
  const byShape = isByShape(one.query);
  try {
    const detail = differenceOf(await run(one.query), one, byShape);
    return { id: one.id, verdict: detail === '' ? 'pass' : 'wrong', byShape, detail };
  } catch (error) {
    const refused = error instanceof HuntwireError && error.code === 'KQL_UNSUPPORTED';
    const detail = error instanceof HuntwireError ? `${error.code} ${error.message}` : String((error as Error).stack);
    return { id: one.id, verdict: refused ? 'refused' : 'failed', byShape, detail };
  }
}

/** What differs, in words; empty where nothing does. */
export function differenceOf(result: KqlResult, one: ConformanceCase, byShape: boolean): string {
  const names = result.columns.map((column) => column.name);
  if (one.columns && names.join('|') !== one.columns.join('|')) return `columns ${names} instead of ${one.columns}`;
  const rows = [...result.rows()].map((row) => result.columns.map(({ name, type }) => normal(row[name] ?? null, type)));
  if (rows.length !== one.rows.length) return `${rows.length} rows instead of ${one.rows.length}`;
  if (byShape) return '';
  const types = result.columns.map((column) => column.type);
  const expected = one.rows.map((row) => row.map((cell, index) => normal(cell, types[index] ?? 'dynamic')));
  const [actual, wanted] = isOrdered(one.query) ? [rows, expected] : [sorted(rows), sorted(expected)];
  const at = actual.findIndex((row, index) => JSON.stringify(row) !== JSON.stringify(wanted[index]));
  return at < 0 ? '' : `row ${at}: ${JSON.stringify(actual[at])} instead of ${JSON.stringify(wanted[at])}`;
}

/** Whether the query says in which order its rows come. */
function isOrdered(query: string): boolean {
  return /\b(sort|order|top)\b[^|]*\bby\b[^|]*$/.test(query.replace(/\|\s*(project|render|extend)[^|]*$/, ''));
}

function sorted(rows: readonly (readonly unknown[])[]): (readonly unknown[])[] {
  return [...rows].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}

/** One spelling for equal values: datetimes without trailing zeros, booleans as such, keys sorted. */
function normal(cell: unknown, type: string): unknown {
  if (cell === null || cell === undefined) return type === 'string' ? '' : null;
  if (type === 'datetime' && typeof cell === 'string') return cell.replace(/\.?0*Z$/, 'Z');
  if (type === 'timespan' && typeof cell === 'string') return cell.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  if (type === 'bool') return cell === 1 ? true : cell === 0 ? false : cell;
  if (type === 'decimal' || type === 'long') return Number(cell);
  if (type === 'real' && typeof cell === 'string') return cell.toLowerCase().replace('infinity', 'inf');
  return type === 'dynamic' ? normalDynamic(cell as OutputValue) : cell;
}

function normalDynamic(value: OutputValue): unknown {
  if (Array.isArray(value)) return value.map(normalDynamic);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, normalDynamic(item)] as const);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

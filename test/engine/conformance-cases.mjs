import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The folder of the case files; they are not part of the project. */
export const CASES_FOLDER = resolve(
  process.env.HUNTWIRE_SHARED ?? resolve(import.meta.dirname, '../../../shared'),
  'conformance',
);

export function haveCases() {
  return existsSync(resolve(CASES_FOLDER, 'engine-cases.jsonl'));
}

export function readCases(file) {
  const lines = readFileSync(resolve(CASES_FOLDER, file), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/** A function that runs a query without any stored table, on an engine handed in: compiled or not. */
export function createRunner(createKqlEngine) {
  const engine = createKqlEngine({
    schema: { tables: {}, functions: [] },
    tables: {},
    now: Date.UTC(2026, 0, 1, 12),
    // Time stands still: a busy machine answers as an idle one does, and rows and bytes are bounded all the same.
    elapsed: () => 0,
  });
  return (query) => engine.run(query, { signal: new AbortController().signal });
}

/** Results that depend on chance or the clock: there only the shape can be compared. */
export function isByShape(query) {
  const code = query.replace(/\/\/[^\n]*/g, '');
  if (/\b(rand|now|ago|new_guid)\s*\(/.test(code) || /\|\s*sample(-distinct)?\b/.test(code)) return true;
  return /\|\s*(take|limit)\s+\d/.test(code) && !/\b(sort|order)\s+by\b/.test(code);
}

/** Rows that chance makes and a filter picks: how many there are is chance, too. */
function isFilteredByChance(query) {
  return /\brand\s*\([^|]*\|[^|]*(\|[^|]*)*\bwhere\b/.test(query);
}

/** Millions of rows of chance have the shape of ten thousands of them, and take a hundred times as long. */
export function withFewerRows(query) {
  return query.replace(/\b(range\s+\w+\s+from\s+1\s+to\s+\d{5,})00(?=\s+step\s+1\b)/g, '$1');
}

/** Runs one case. A refusal is neither a pass nor a wrong answer. */
export async function judge(one, run) {
  const byShape = isByShape(one.query);
  try {
    const detail = differenceOf(await run(byShape ? withFewerRows(one.query) : one.query), one, byShape);
    return { id: one.id, verdict: detail === '' ? 'pass' : 'wrong', byShape, detail };
  } catch (error) {
    const verdict = error.code === 'KQL_UNSUPPORTED' ? 'refused' : 'failed';
    return {
      id: one.id,
      verdict,
      byShape,
      detail: error.code ? `${error.code} ${error.message}` : String(error.stack),
    };
  }
}

/** What differs, in words; empty where nothing does. */
export function differenceOf(result, one, byShape) {
  const names = result.columns.map((column) => column.name);
  if (one.columns && names.join('|') !== one.columns.join('|')) return `columns ${names} instead of ${one.columns}`;
  const types = result.columns.map((column) => column.type);
  const rows = [...result.rows()].map((row) => names.map((name, index) => normal(row[name] ?? null, types[index])));
  if (byShape && isFilteredByChance(one.query)) return '';
  if (rows.length !== one.rows.length) return `${rows.length} rows instead of ${one.rows.length}`;
  if (byShape) return '';
  const expected = one.rows.map((row) => row.map((cell, index) => normal(cell, types[index] ?? 'dynamic')));
  const [actual, wanted] = isOrdered(one.query) ? [rows, expected] : [sorted(rows), sorted(expected)];
  const at = actual.findIndex((row, index) => JSON.stringify(row) !== JSON.stringify(wanted[index]));
  return at < 0 ? '' : `row ${at}: ${JSON.stringify(actual[at])} instead of ${JSON.stringify(wanted[at])}`;
}

/** Whether the query says in which order its rows come. */
function isOrdered(query) {
  return /\b(sort|order|top\s+\S+)\s+by\b[^|]*$/.test(query.replace(/\|\s*(project|render|extend)[^|]*$/, ''));
}

function sorted(rows) {
  return [...rows].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}

/** One spelling for equal values: times without trailing zeros, booleans as such, keys of bags sorted. */
function normal(cell, type) {
  if (cell === null || cell === undefined) return type === 'string' ? '' : null;
  if (type === 'datetime' && typeof cell === 'string') return cell.replace(/(\.\d*?)0*Z$/, '$1Z').replace('.Z', 'Z');
  if (type === 'timespan' && typeof cell === 'string')
    return cell.replace(/(\.\d{1,7}?)0+$/, '$1').replace(/\.0*$/, '');
  if (type === 'bool') return cell === 1 ? true : cell === 0 ? false : cell;
  if (type === 'decimal' || type === 'long') return Number(cell);
  if (type === 'real' && typeof cell === 'string') return cell.toLowerCase().replace('infinity', 'inf');
  return type === 'dynamic' ? normalDynamic(cell) : cell;
}

function normalDynamic(value) {
  if (Array.isArray(value)) return value.map(normalDynamic);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, normalDynamic(item)]);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

import { columnsOfTable } from '../../../kql/defender.ts';
import { HuntwireError } from '../../../lib/errors.ts';
import type { RunnableRule } from '../../../rules/rule.ts';
import type { GivenRow } from './given-row.ts';

/** What a row is to a rule. */
export interface PlacedRow {
  /** Whose event it is; null: a row of the query's result. */
  readonly table: string | null;
  readonly row: GivenRow;
  /** Columns of it that are none there, which nobody looks at. */
  readonly leftOut: readonly string[];
}

interface Candidate {
  readonly table: string | null;
  readonly leftOut: readonly string[];
}

/** An event of the table that has most of its columns, those that can make a hit first; else a row of the result. USAGE for a table that the query does not read. */
export function placeRow(rule: RunnableRule, row: GivenRow, table: string | null): PlacedRow {
  const all = candidatesOf(rule, Object.keys(row));
  const fitting = table === null ? all : all.filter((one) => one.table === table);
  const best = fitting.reduce<Candidate | null>(
    (before, one) => (before && before.leftOut.length <= one.leftOut.length ? before : one),
    null,
  );
  if (best === null) throw notRead(rule, table);
  const kept = Object.entries(row).filter(([name]) => !best.leftOut.includes(name));
  if (kept.length === 0) throw new HuntwireError('USAGE', `The row has no column of ${best.table ?? 'the result'}.`);
  return { ...best, row: Object.fromEntries(kept) };
}

function candidatesOf({ prepared }: RunnableRule, names: readonly string[]): readonly Candidate[] {
  const inOrder = [...prepared.tables].sort((a, b) => Number(b.role === 'driving') - Number(a.role === 'driving'));
  const tables = [...new Set(inOrder.map((one) => one.table))];
  const result = prepared.columns && [{ table: null, leftOut: missing(names, prepared.columns) }];
  return [...tables.map((one) => ({ table: one, leftOut: missing(names, columnsOfTable(one)) })), ...(result ?? [])];
}

/** Of a table that nobody knows every column may be. */
function missing(names: readonly string[], columns: readonly { readonly name: string }[] | null): readonly string[] {
  if (columns === null) return [];
  const known = new Set(columns.map(({ name }) => name));
  return names.filter((name) => !known.has(name));
}

function notRead({ prepared, id }: RunnableRule, table: string | null): HuntwireError {
  const read = [...new Set(prepared.tables.map((one) => one.table))].join(', ');
  const what = table === null ? 'no table' : `not ${table}`;
  return new HuntwireError('USAGE', `The query of ${id} reads ${what}${read === '' ? '' : `, but ${read}`}.`);
}

import { coercionOf } from '../engine/data/coerce.ts';
import { toldOrder } from '../engine/data/dates.ts';
import { INGESTED } from '../engine/table-data.ts';
import type { Column, ScalarType } from '../kql/types.ts';
import { suggest } from '../lib/nearest.ts';
import type { RuleTest, RunnableRule } from '../rules/rule.ts';
import { completeTables } from './fixture-source.ts';
import type { Difference } from './match-alerts.ts';

type Given = Readonly<Record<string, unknown>>;

/** What a test gives that its query can never see as it is meant: tables that it does not read, cells that are none of their column's type. */
export function whatIsUnseen(rule: RunnableRule, test: RuleTest): readonly Difference[] {
  if (test.rows) return brokenCells('rows', rule.prepared.columns ?? [], test.rows);
  const tables = completeTables(rule, test);
  return [
    ...unreadTables(rule, test),
    ...Object.entries(test.tables ?? {}).flatMap(([name, rows]) =>
      brokenCells(`tables.${name}`, tables[name]?.columns ?? [], rows),
    ),
  ];
}

function unreadTables(rule: RunnableRule, test: RuleTest): readonly Difference[] {
  const read = new Set(rule.prepared.tables.map((reference) => reference.table));
  return Object.keys(test.tables ?? {})
    .filter((name) => !read.has(name))
    .map((name) => ({
      path: `tables.${name}`,
      expected: 'a table that the query reads',
      actual: `the query does not read ${name}.${suggest(name, read)}`,
    }));
}

function brokenCells(path: string, columns: readonly Column[], rows: readonly Given[]): readonly Difference[] {
  const typed: readonly Column[] = [...columns, { name: INGESTED, type: 'datetime' }];
  return rows.flatMap((row, index) =>
    typed.flatMap(({ name, type }) => {
      const reason = Object.hasOwn(row, name) ? whyBroken(row[name], type) : null;
      return reason === null
        ? []
        : [{ path: `${path}[${index}].${name}`, expected: `a value of type ${type}`, actual: reason }];
    }),
  );
}

/** Why a cell is no value of its column's type; null where it is one, or empty. */
function whyBroken(cell: unknown, type: ScalarType): string | null {
  if (cell === null || cell === undefined || cell === '') return null;
  const text = typeof cell === 'string' ? `"${cell}"` : String(cell);
  if (type === 'datetime' && typeof cell === 'string' && toldOrder(cell) !== null)
    return `${text} does not say whether the day or the month comes first; write it as 2026-01-31T00:00:00Z`;
  return coercionOf(type)(cell) === null ? `${text} cannot be read` : null;
}

import type { Path } from '../../lib/yaml/parse-yaml.ts';
import type { RuleTest } from '../rule.ts';
import type { RawRows, RawTest } from './raw.ts';
import { type Reading, readInstant, report } from './reading.ts';

export const DEFAULT_TEST_NOW = '2026-01-01T12:00:00Z';

/** `tests`: exactly one of `rows` and `tables`; fixtures belong to `tables`. */
export function readTests(reading: Reading, raw: readonly RawTest[]): readonly RuleTest[] {
  const names = new Set<string>();
  return Object.freeze(
    raw.map((test, index) => {
      const path = ['tests', index];
      if (names.has(test.name)) report(reading, [...path, 'name'], `Another test is already named "${test.name}".`);
      names.add(test.name);
      checkInput(reading, path, test);
      return readTest(reading, path, test);
    }),
  );
}

function checkInput(reading: Reading, path: Path, test: RawTest): void {
  if ((test.rows === undefined) === (test.tables === undefined)) {
    report(reading, path, 'A test needs exactly one of "rows" (results of the query) and "tables" (events).');
  }
  for (const key of ['functions', 'externaldata'] as const) {
    if (test[key] !== undefined && test.tables === undefined) {
      report(reading, [...path, key], `"${key}" has no meaning without "tables": the query does not run.`);
    }
  }
}

function readTest(reading: Reading, path: Path, test: RawTest): RuleTest {
  return Object.freeze({
    name: test.name,
    ...reading.document.keyPlace(path),
    now: readInstant(reading, [...path, 'now'], test.now ?? DEFAULT_TEST_NOW),
    rows: test.rows ? readRows(test.rows) : null,
    tables: test.tables ? readTables(test.tables) : null,
    functions: readTables(test.functions ?? {}),
    externaldata: readTables(test.externaldata ?? {}),
    alerts: readRows(test.alerts),
    ...(test.snapshot && { snapshot: true as const }),
  });
}

function readTables(tables: Readonly<Record<string, RawRows>>): Readonly<Record<string, RawRows>> {
  return Object.freeze(Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, readRows(rows)])));
}

/** Rows as the sources give them: integers beyond 2^53 are decimal text. */
function readRows(rows: RawRows): RawRows {
  return Object.freeze(rows.map((row) => withBigintsAsText(row) as Readonly<Record<string, unknown>>));
}

function withBigintsAsText(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return Object.freeze(value.map(withBigintsAsText));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withBigintsAsText(item)]);
  return Object.freeze(Object.fromEntries(entries));
}

import type { KqlColumn, KqlNode } from '../../kql/ast.ts';
import { argumentsOf } from '../../kql/ast.ts';
import { functionName } from '../compile/calls/call.ts';
import { nameOf } from '../compile/nodes.ts';
import { lookUp, type Scope, type TableStep } from '../compile/scope.ts';
import { type FixtureRow, fixtureRows } from '../fixtures.ts';
import { queryFailed, unsupported } from '../problem.ts';
import { lazyColumn, type TableColumn } from '../runtime/column.ts';
import { findColumn, type Table, withColumns } from '../runtime/table.ts';
import { fixtureCell } from './literal-tables.ts';

/** Functions of the service that know more than the data: the column they look up by default, and the fixture columns that answer. */
const ENRICHMENTS: ReadonlyMap<string, { readonly column: string; readonly keys: readonly string[] }> = new Map([
  ['FileProfile', { column: 'SHA1', keys: ['SHA1', 'SHA256', 'MD5'] }],
  ['DeviceFromIP', { column: 'IP', keys: ['IP', 'IPAddress'] }],
  ['SeenBy', { column: 'DeviceId', keys: ['DeviceId', 'SHA1', 'IP', 'Key'] }],
]);

/** Whether a call means the service's own function; the query may declare one of the same name. */
export function isEnrichment(name: string, scope: Scope): boolean {
  return ENRICHMENTS.has(name) && lookUp(scope.environment, name) === null;
}

/** Adds the columns of the first fixture row that has the row's value in one of its key columns; empty ones where none has. */
export function compileEnrichment(call: KqlNode, columns: readonly KqlColumn[], scope: Scope): TableStep {
  const name = functionName(call);
  const enrichment = ENRICHMENTS.get(name);
  const rows = fixtureRows(scope.compilation.surroundings.fixtures.functions, name);
  if (!enrichment || !rows) {
    throw unsupported(`${name}() without fixtures`, call, 'Give its answers under `functions:` in the test.');
  }
  const [argument] = argumentsOf(call);
  const key = argument ? (argument.value ?? argument.reference?.name ?? nameOf(argument)) : enrichment.column;
  const answers = answersBy(rows, enrichment.keys);
  return (input) =>
    withColumns(input, [...input.columns, ...added(input, columns, keyColumn(input, key, call), answers)]);
}

function keyColumn(input: Table, name: string, call: KqlNode): TableColumn {
  const column = findColumn(input, name);
  if (!column) throw queryFailed(`The column '${name}' does not exist here.`, call);
  return column;
}

function answersBy(rows: readonly FixtureRow[], keys: readonly string[]): ReadonlyMap<string, FixtureRow> {
  const answers = new Map<string, FixtureRow>();
  for (const row of rows) {
    for (const key of keys) {
      const value = Object.hasOwn(row, key) ? String(row[key]).toLowerCase() : '';
      if (value !== '' && !answers.has(value)) answers.set(value, row);
    }
  }
  return answers;
}

/** The binder's columns that the input does not have; `SHA11` is the function's own SHA1 beside the row's. */
function added(
  input: Table,
  columns: readonly KqlColumn[],
  key: TableColumn,
  answers: ReadonlyMap<string, FixtureRow>,
): TableColumn[] {
  const own = columns.filter((column) => !findColumn(input, column.name));
  return own.map(({ name, type }) => {
    const base = name.endsWith('1') && findColumn(input, name.slice(0, -1)) ? name.slice(0, -1) : name;
    return lazyColumn(name, type, () =>
      key.values().map((value) => fixtureCell(answers.get(String(value).toLowerCase()) ?? {}, base, type)),
    );
  });
}

import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf } from '../../../kql/ast.ts';
import { fixtureRows } from '../../fixtures.ts';
import { unsupported } from '../../problem.ts';
import { INGESTED } from '../../table-data.ts';
import type { Value } from '../../value.ts';
import { packed } from '../../values/dynamic.ts';
import { dynamicOfJson } from '../../values/json.ts';
import { constantExpression, type Expression, rowExpression } from '../expression.ts';
import { nameOf } from '../nodes.ts';
import { columnExpression } from '../reference.ts';
import type { Scope } from '../scope.ts';
import { automaticBin, estimatedSize } from './sized-forms.ts';
import { WINDOW_FUNCTIONS } from './window-functions.ts';

type Form = (node: KqlNode, scope: Scope) => Expression;

/** Calls that need more than the values of their arguments: the row's table, the column's name, fixtures. */
export const SPECIAL_FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['ingestion_time', ingestionTime],
  ['column_ifexists', columnIfExists],
  ['columnifexists', columnIfExists],
  ['iscolumnexists', isColumnExists],
  ['pack_all', packAll],
  ['bag_pack_columns', packColumns],
  ['geo_info_from_ip_address', geoInfo],
  ['estimate_data_size', estimatedSize],
  ['bin_auto', automaticBin],
  ['column_names_of', columnNamesOf],
  ...WINDOW_FUNCTIONS,
]);

function ingestionTime(_node: KqlNode, scope: Scope): Expression {
  scope.compilation.hidden.add(INGESTED);
  return rowExpression('datetime', (table) => {
    const values = table.ingested?.values() ?? [];
    return (row) => values[row] ?? null;
  });
}

/** The named column where the input has it, else the other argument. */
function columnIfExists(node: KqlNode, scope: Scope): Expression {
  const [name, fallback] = argumentsOf(node);
  if (!name || !fallback) throw unsupported('column_ifexists() without two arguments', node);
  const wanted = scope.compilation.expression(name, scope).constant;
  if (typeof wanted !== 'string') throw unsupported('column_ifexists() with a computed name', name);
  const column = scope.columns.find((one) => one.name === wanted);
  if (column) return columnExpression(column.name, column.type, node, scope);
  return scope.compilation.expression(fallback, scope);
}

/** Whether the input has the named column, as far as the query tells. */
function isColumnExists(node: KqlNode, scope: Scope): Expression {
  const [name] = argumentsOf(node);
  const wanted = name ? scope.compilation.expression(name, scope).constant : undefined;
  if (typeof wanted !== 'string') throw unsupported('iscolumnexists() with a computed name', node);
  return constantExpression(
    'bool',
    scope.columns.some((column) => column.name === wanted),
  );
}

/** The names of a table's columns, as far as the query tells them. */
function columnNamesOf(node: KqlNode, _scope: Scope): Expression {
  const columns = argumentsOf(node)[0]?.columns;
  if (!columns) throw unsupported('column_names_of() of something else than a table', node);
  return constantExpression(
    'dynamic',
    columns.map(({ name }) => name),
  );
}

/** All columns as a bag; with `true`, without those that are null or empty. */
function packAll(node: KqlNode, scope: Scope): Expression {
  const [skip] = argumentsOf(node);
  const ignoresEmpty = skip ? scope.compilation.expression(skip, scope).constant === true : false;
  return bagOf(null, ignoresEmpty);
}

function packColumns(node: KqlNode, _scope: Scope): Expression {
  return bagOf(
    argumentsOf(node).map((argument) => argument.reference?.name ?? nameOf(argument)),
    false,
  );
}

/** The named columns (all of them for null) as a bag; `ignoresEmpty` leaves out nulls and empty texts. */
export function bagOf(names: readonly string[] | null, ignoresEmpty: boolean): Expression {
  return rowExpression('dynamic', (table) => {
    const columns = table.columns
      .filter((column) => !names || names.includes(column.name))
      .map((column) => ({ name: column.name, type: column.type, values: column.values() }));
    return (row) => {
      const bag = new Map<string, Value>();
      for (const { name, type, values } of columns) {
        const value = values[row] as Value;
        if (!ignoresEmpty || (value !== null && value !== '')) bag.set(name, packed(value, type));
      }
      return bag;
    };
  });
}

/** Where an address is, from fixtures: rows with the address in `IP` (or `ip`, `address`), all else is the answer. */
function geoInfo(node: KqlNode, scope: Scope): Expression {
  const rows = fixtureRows(scope.compilation.surroundings.fixtures.functions, 'geo_info_from_ip_address');
  if (!rows) {
    throw unsupported(
      'geo_info_from_ip_address() without fixtures',
      node,
      'Give its answers under `functions:` in the test.',
    );
  }
  const answers = new Map(rows.map((row) => [String(row.IP ?? row.ip ?? row.address ?? ''), geoAnswer(row)]));
  const [argument] = argumentsOf(node);
  if (!argument) throw unsupported('geo_info_from_ip_address() without an address', node);
  const address = scope.compilation.expression(argument, scope);
  return {
    ...rowExpression('dynamic', (table) => {
      const get = address.bind(table);
      return (row) => answers.get(String(get(row))) ?? null;
    }),
    invariant: address.invariant,
  };
}

function geoAnswer(row: Readonly<Record<string, unknown>>): Value {
  const entries = Object.entries(row).filter(([name]) => !['IP', 'ip', 'address'].includes(name));
  return new Map(entries.map(([name, value]) => [name, dynamicOfJson(value)]));
}

import type { KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import type { Budget } from '../budget.ts';
import { convertValue } from '../compile/calls/library.ts';
import { evaluateOnce } from '../compile/expression.ts';
import { nameOf, required, typeNameOf } from '../compile/nodes.ts';
import type { Scope, TablePlan } from '../compile/scope.ts';
import { shared } from '../compile/shared.ts';
import { type FixtureRow, fixtureRows } from '../fixtures.ts';
import { queryFailed, unsupported } from '../problem.ts';
import { columnOf, emptyValue } from '../runtime/column.ts';
import { tableOf } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { dynamicOfJson } from '../values/json.ts';
import { assignedColumns, assignmentsInOrder } from './assignments.ts';

interface Declared {
  readonly name: string;
  readonly type: string;
}

/** The columns of a row schema: `(a: long, b: string)`. */
export function declaredColumns(schema: KqlNode): Declared[] {
  return itemsOf(schema, 'Columns').map((column) => ({
    name: nameOf(required(column, 'Name')),
    type: typeNameOf(required(column, 'Type')),
  }));
}

/** `datatable(...)[...]`: values row by row. */
export function compileDataTable(node: KqlNode, scope: Scope): TablePlan {
  const columns = declaredColumns(required(node, 'Schema'));
  const cells = itemsOf(node, 'Values').map((item) => scope.compilation.expression(item, scope));
  const width = columns.length || 1;
  if (cells.length % width !== 0)
    throw queryFailed('The number of values is not a multiple of the number of columns.', node);
  const rowCount = cells.length / width;
  return shared(() => {
    scope.compilation.budget.spend(rowCount);
    const made = columns.map(({ name, type }, index) => {
      const values = Array.from({ length: rowCount }, (_, row) => {
        const cell = cells[row * width + index];
        return cell ? convertValue(cell.type, type, evaluateOnce(cell)) : emptyValue(type);
      });
      return columnOf(name, type, values);
    });
    return tableOf(made, rowCount);
  });
}

/** `print a, b = c`: one row. */
export function compilePrint(node: KqlNode, scope: Scope): TablePlan {
  const assignments = assignmentsInOrder(itemsOf(node, 'Expressions'), node.columns ?? [], scope);
  const oneRow = tableOf([], 1);
  return shared(() => tableOf(assignedColumns(assignments, oneRow, scope), 1));
}

/** `range x from a to b step c`: numbers, datetimes or timespans. */
export function compileRange(node: KqlNode, scope: Scope): TablePlan {
  const { open, column } = compileRangeSource(node, scope);
  return shared(() => {
    const source = open();
    const values = source.next(Number.POSITIVE_INFINITY);
    return tableOf([columnOf(column.name, column.type, values)], values.length);
  });
}

/** A range that is read piece by piece. */
export interface RangeSource {
  readonly column: Declared;
  open(): { next(most: number): Value[]; isDone(): boolean };
}

export function compileRangeSource(node: KqlNode, scope: Scope): RangeSource {
  const name = nameOf(required(node, 'Name'));
  const type = node.columns?.[0]?.type ?? 'long';
  const [from, to, step] = ['From', 'To', 'Step'].map((role) => {
    const part = childOf(node, role) ?? required(node, `${role}Expression`);
    return scope.compilation.expression(part, scope);
  });
  if (!from || !to || !step) throw unsupported('a range without a step', node);
  return {
    column: { name: node.columns?.[0]?.name ?? name, type },
    open: () => {
      const first = convertValue(from.type, type, evaluateOnce(from));
      const last = convertValue(to.type, type, evaluateOnce(to));
      return openRange(first, last, evaluateOnce(step), scope.compilation.budget);
    },
  };
}

/** A big integer takes an object of its own. */
const BYTES_OF_BIG = 32;
const BYTES_OF_VALUE = 8;

/** What is asked for is taken off the budget before it is made: a range that is too long fails at once. */
function openRange(first: Value, last: Value, step: Value, budget: Budget): ReturnType<RangeSource['open']> {
  if (!isNumber(first) || !isNumber(last) || !isNumber(step) || Number(step) === 0)
    return { next: () => [], isDone: () => true };
  const isBig = typeof first === 'bigint' || typeof last === 'bigint';
  const add = adder(first, last, step);
  const isPast = (value: number | bigint): boolean => (step > 0 ? value > last : value < last);
  let at: number | bigint = first;
  const left = (): number => Math.max(0, Math.floor((Number(last) - Number(at)) / Number(step)) + 1);
  return {
    isDone: () => isPast(at),
    next(most) {
      const expected = Math.min(most, left());
      budget.spend(expected);
      budget.spendBytes(expected * (isBig ? BYTES_OF_BIG + BYTES_OF_VALUE : BYTES_OF_VALUE));
      const values: Value[] = [];
      for (; values.length < most && !isPast(at); at = add(at)) values.push(at);
      return values;
    },
  };
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isNaN(value));
}

/** Plain numbers while they are exact, big ones otherwise. */
function adder(
  first: number | bigint,
  last: number | bigint,
  step: number | bigint,
): (at: number | bigint) => number | bigint {
  if (typeof first === 'number' && typeof last === 'number' && typeof step === 'number') {
    return (at) => (at as number) + step;
  }
  return (at) => {
    const sum = BigInt(at) + BigInt(step);
    return sum <= Number.MAX_SAFE_INTEGER && sum >= Number.MIN_SAFE_INTEGER ? Number(sum) : sum;
  };
}

/** `externaldata(...)[url]`: rows from fixtures; nothing is fetched. */
export function compileExternalData(node: KqlNode, scope: Scope): TablePlan {
  const columns = declaredColumns(required(node, 'Schema'));
  const addresses = itemsOf(node, 'URIs').map((item) =>
    String(scope.compilation.expression(item, scope).constant ?? ''),
  );
  const rows = addresses.flatMap((address) => externalRows(address, node, scope));
  return shared(() => fixtureTable(columns, rows));
}

function externalRows(address: string, node: KqlNode, scope: Scope): readonly FixtureRow[] {
  const rows = fixtureRows(scope.compilation.surroundings.fixtures.externaldata, address);
  if (rows) return rows;
  throw unsupported(
    `externaldata of '${address}'`,
    node,
    'Nothing is fetched: give its rows under `externaldata:` in the test.',
  );
}

/** JSON rows as a table; cells that a row lacks are empty. */
export function fixtureTable(columns: readonly Declared[], rows: readonly FixtureRow[]): ReturnType<typeof tableOf> {
  const made = columns.map(({ name, type }) =>
    columnOf(
      name,
      type,
      rows.map((row) => fixtureCell(row, name, type)),
    ),
  );
  return tableOf(made, rows.length);
}

export function fixtureCell(row: FixtureRow, name: string, type: string): Value {
  const cell = Object.hasOwn(row, name) ? row[name] : undefined;
  if (cell === undefined || cell === null) return emptyValue(type);
  const value = dynamicOfJson(cell);
  return type === 'dynamic' ? value : convertValue('dynamic', type, value);
}

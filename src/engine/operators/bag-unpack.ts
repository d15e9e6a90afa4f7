import type { KqlNode } from '../../kql/ast.ts';
import { argumentsOf } from '../../kql/ast.ts';
import type { Expression } from '../compile/expression.ts';
import { nameOf, required } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { queryFailed, unsupported } from '../problem.ts';
import { columnOf, emptyValue, type TableColumn, type Values } from '../runtime/column.ts';
import { findColumn, type Table, withColumns } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { dynamicType, isBag } from '../values/dynamic.ts';

interface Unpacking {
  readonly bag: Expression;
  readonly prefix: string;
  readonly conflict: string;
  readonly ignored: ReadonlySet<string>;
}

/** A property that few rows have makes a cell in each of them: so many cost what a row costs. */
const CELLS_A_ROW = 8;
const BYTES_A_CELL = 8;

const POSITIONAL = ['bag', 'OutputColumnPrefix', 'columnsConflict', 'ignoredProperties'];

/** `evaluate bag_unpack(d)`: a column for each property, in the order of their names, behind the other columns. */
export function compileBagUnpack(call: KqlNode, scope: Scope): TableStep {
  const unpacking = compileArguments(call, scope);
  const { budget } = scope.compilation;
  return (input) => {
    const get = unpacking.bag.bind(input);
    const bags = Array.from({ length: input.rowCount }, (_, row) => get(row));
    const names = propertyNames(bags, unpacking.ignored);
    const cells = input.rowCount * (1 + names.length);
    budget.spend(cells / CELLS_A_ROW);
    budget.spendBytes(cells * BYTES_A_CELL);
    const made = names.map((name) => propertyColumn(`${unpacking.prefix}${name}`, bags, name));
    return merged(input, unpacking, made, call);
  };
}

function compileArguments(call: KqlNode, scope: Scope): Unpacking {
  const given = new Map<string, Expression>();
  argumentsOf(call).forEach((argument, index) => {
    const isNamed = argument.kind === 'SimpleNamedExpression';
    const name = isNamed ? nameOf(required(argument, 'Name')) : (POSITIONAL[index] ?? '');
    given.set(name, scope.compilation.expression(argument, scope));
  });
  const bag = given.get('bag');
  if (!bag) throw unsupported('bag_unpack() without a column', call);
  const text = (name: string, fallback: string): string => {
    const value = given.get(name)?.constant;
    return typeof value === 'string' ? value : fallback;
  };
  const ignored = given.get('ignoredProperties')?.constant;
  return {
    bag,
    prefix: text('OutputColumnPrefix', ''),
    conflict: text('columnsConflict', 'error'),
    ignored: new Set(Array.isArray(ignored) ? ignored.filter((one) => typeof one === 'string') : []),
  };
}

function propertyNames(bags: readonly Value[], ignored: ReadonlySet<string>): string[] {
  const names = new Set(bags.flatMap((bag) => (isBag(bag) ? [...bag.keys()] : [])));
  return [...names].filter((name) => !ignored.has(name)).sort();
}

/** The property's values as the one type that they have, else as dynamic. */
function propertyColumn(name: string, bags: readonly Value[], property: string): TableColumn {
  const values = bags.map((bag) => (isBag(bag) ? (bag.get(property) ?? null) : null));
  const type = commonType(values);
  return columnOf(name, type, asType(values, type));
}

function commonType(values: Values): string {
  const types = new Set(values.filter((value) => value !== null).map(dynamicType));
  const [only] = types;
  if (types.size === 1 && only && PLAIN.has(only)) return only;
  return types.size === 2 && types.has('long') && types.has('real') ? 'real' : 'dynamic';
}

const PLAIN: ReadonlySet<string> = new Set(['string', 'long', 'real', 'bool', 'decimal']);

function asType(values: Values, type: string): Values {
  const convert = converter('dynamic', type) ?? ((value: Value) => value);
  return values.map((value) => (value === null ? emptyValue(type) : convert(value)));
}

function merged(input: Table, unpacking: Unpacking, made: readonly TableColumn[], call: KqlNode): Table {
  const source = unpacking.bag.column;
  const madeAs = (name: string): TableColumn | undefined => made.find((column) => column.name === name);
  const clash = input.columns.find((column) => column.name !== source && madeAs(column.name));
  if (clash && unpacking.conflict === 'error') {
    throw queryFailed(
      `bag_unpack() would make a second column '${clash.name}'; give a prefix or columnsConflict.`,
      call,
    );
  }
  // A property of the bag's own name takes the bag's place: recorded.
  const kept = input.columns.flatMap((column) => {
    const other = madeAs(column.name);
    if (column.name === source) return other ? [other] : [];
    return [unpacking.conflict === 'replace_source' && other ? other : column];
  });
  return withColumns(input, [...kept, ...made.filter((column) => !findColumn(input, column.name))]);
}

/** The table with the columns that an explicit output schema declares, in their declared types. */
export function declaredOutput(table: Table, columns: readonly { name: string; type: string }[]): Table {
  const made = columns.map(({ name, type }) => {
    const found = findColumn(table, name);
    if (!found) return columnOf(name, type, new Array(table.rowCount).fill(emptyValue(type)));
    const convert = converter(found.type, type) ?? (() => null);
    return found.type === type ? found : columnOf(name, type, found.values().map(convert));
  });
  return withColumns(table, made);
}

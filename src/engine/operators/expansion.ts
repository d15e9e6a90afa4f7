import type { KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import type { Expression, Getter } from '../compile/expression.ts';
import { keywordOf, nameOf, parametersOf, parameterValue, required, typeNameOf } from '../compile/nodes.ts';
import type { Scope } from '../compile/scope.ts';
import { columnOf, type Selection, type TableColumn } from '../runtime/column.ts';
import { selectRows, type Table, withColumns } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { dynamicType, isArray, isBag } from '../values/dynamic.ts';
import { expressionOf, namesOf } from './assignments.ts';
import { replaceColumns } from './project.ts';
import { compileCount } from './sort.ts';

/** How mv-expand and mv-apply turn one row into many. */
export interface Expansion {
  readonly columns: readonly Expanded[];
  /** Name of the column with each element's position, or null. */
  readonly index: string | null;
  /** Whether a bag gives [key, value] pairs instead of one-property bags. */
  readonly pairs: boolean;
  /** At most so many rows from one row. */
  readonly most: () => number;
}

interface Expanded {
  readonly name: string;
  readonly type: string;
  readonly expression: Expression;
}

export interface ExpandedTable {
  readonly table: Table;
  /** The input row of each output row. */
  readonly origin: Selection;
}

export function compileExpansion(node: KqlNode, scope: Scope): Expansion {
  const parameters = parametersOf(node);
  const limit = childOf(node, 'RowLimitClause');
  const mode = parameterValue(parameters.get('bagexpansion') ?? parameters.get('kind'));
  return {
    columns: compileItems(node, scope),
    index: indexName(node, scope),
    pairs: mode?.toLowerCase() === 'array',
    most: limit ? compileCount(required(limit, 'RowLimit'), scope) : () => unlimited(node),
  };
}

/** The column of `with_itemindex`; beside one of its name it has a number, as any made column has. */
function indexName(node: KqlNode, scope: Scope): string | null {
  const wanted = parameterValue(parametersOf(node).get('with_itemindex'));
  const made = itemsOf(node, 'Expressions').flatMap((item) => explicitName(item) ?? []);
  const taken = new Set([...scope.columns.map(({ name }) => name), ...made]);
  if (wanted === null || !taken.has(wanted)) return wanted;
  let number = 1;
  while (taken.has(`${wanted}${number}`)) number += 1;
  return `${wanted}${number}`;
}

/** The old spelling `mvexpand` gives 128 rows unless told otherwise. */
function unlimited(node: KqlNode): number {
  return keywordOf(node) === 'mvexpand' ? 128 : Number.MAX_SAFE_INTEGER;
}

function compileItems(node: KqlNode, scope: Scope): Expanded[] {
  const items = itemsOf(node, 'Expressions');
  const before = new Set(scope.columns.map((column) => column.id));
  const known = new Set([...items.flatMap((item) => explicitName(item) ?? []), indexName(node, scope)]);
  const fresh = (node.columns ?? []).filter((column) => !before.has(column.id) && !known.has(column.name));
  const given = node.kind === 'MvExpandOperator' ? fresh.map((column) => column.name) : [];
  return items.map((item) => {
    const name = explicitName(item) ?? given.shift() ?? pathName(expressionOf(required(item, 'Expression')));
    return compileItem(item, name ?? 'Column1', scope);
  });
}

function explicitName(item: KqlNode): string | null {
  const named = required(item, 'Expression');
  const value = expressionOf(named);
  return namesOf(named)[0] ?? (value.kind === 'NameReference' ? value.reference?.name || nameOf(value) : null);
}

/** `a.b` becomes `a_b`, as the service names it. */
function pathName(node: KqlNode): string | null {
  if (node.kind === 'NameReference') return node.reference?.name || nameOf(node);
  if (node.kind !== 'PathExpression' && node.kind !== 'ElementExpression') return null;
  const base = pathName(required(node, 'Expression'));
  const selector = required(node, 'Selector');
  const key = selector.kind === 'BracketedExpression' ? required(selector, 'Expression') : selector;
  return base === null ? null : `${base}_${key.value ?? nameOf(key)}`;
}

function compileItem(item: KqlNode, name: string, scope: Scope): Expanded {
  const expression = scope.compilation.expression(expressionOf(required(item, 'Expression')), scope);
  const clause = childOf(item, 'ToTypeOf');
  return { name, type: clause ? typeOfClause(clause) : 'dynamic', expression };
}

function typeOfClause(clause: KqlNode): string {
  const [type] = itemsOf(required(clause, 'TypeOf'), 'Types');
  return type ? typeNameOf(type) : 'dynamic';
}

/**
 * Expands every row: arrays by element, bags by property; several columns side by side, the shorter ones filled with null.
 * A null gives one row with null, an empty array none; any other value is its own only element.
 */
export function expandTable(input: Table, expansion: Expansion, scope: Scope): ExpandedTable {
  const { budget } = scope.compilation;
  const getters = expansion.columns.map((column) => column.expression.bind(input));
  const bytes = BYTES_OF_VALUE * (getters.length + 3);
  const collected = collect(input.rowCount, getters, expansion, (rows) => {
    budget.spend(rows);
    budget.spendBytes(rows * bytes);
  });
  const origin = Int32Array.from(collected.origin);
  const made: TableColumn[] = expansion.columns.map(({ name, type }, column) =>
    columnOf(name, type, (collected.values[column] ?? []).map(castTo(type))),
  );
  if (expansion.index !== null) made.push(columnOf(expansion.index, 'long', collected.positions));
  const base = selectRows(input, origin, budget);
  return { table: withColumns(base, replaceColumns(base.columns, made)), origin };
}

/** Row number, position, and each value, twice while columns are made. */
const BYTES_OF_VALUE = 16;

interface Collected {
  readonly origin: number[];
  readonly positions: number[];
  readonly values: Value[][];
}

function collect(
  rowCount: number,
  getters: readonly Getter[],
  expansion: Expansion,
  spend: (rows: number) => void,
): Collected {
  const collected: Collected = { origin: [], positions: [], values: getters.map(() => []) };
  const most = expansion.most();
  for (let row = 0; row < rowCount; row += 1) {
    const lists = getters.map((get) => elementsOf(get(row), expansion.pairs));
    const length = Math.min(most, Math.max(...lists.map((list) => list.length)));
    spend(length);
    for (let position = 0; position < length; position += 1) {
      collected.origin.push(row);
      collected.positions.push(position);
      for (const [column, list] of lists.entries()) collected.values[column]?.push(list[position] ?? null);
    }
  }
  return collected;
}

function elementsOf(value: Value, pairs: boolean): readonly Value[] {
  if (isArray(value)) return value;
  if (!isBag(value)) return [value];
  return [...value].map(([key, item]) => (pairs ? [key, item] : new Map([[key, item]])));
}

/** `to typeof(...)`: elements of another kind become null; nothing is parsed, but for types that JSON writes as text. */
function castTo(type: string): (value: Value) => Value {
  if (type === 'dynamic') return (value) => value;
  const convert = converter('dynamic', type);
  if (!convert) return () => null;
  const sources = CASTS[type];
  if (!sources) return remembering(convert);
  return (value) => (value !== null && sources.has(dynamicType(value)) ? convert(value) : null);
}

const REMEMBERED = 4096;

/** Elements often repeat; texts that were converted lately are not parsed again. */
function remembering(convert: (value: Value) => Value): (value: Value) => Value {
  const known = new Map<string, Value>();
  return (value) => {
    if (typeof value !== 'string') return convert(value);
    const before = known.get(value);
    if (before !== undefined) return before;
    if (known.size >= REMEMBERED) known.clear();
    const converted = convert(value);
    known.set(value, converted);
    return converted;
  };
}

const NUMBERS: ReadonlySet<string> = new Set(['long', 'int', 'real', 'decimal']);

const CASTS: Readonly<Record<string, ReadonlySet<string>>> = {
  int: NUMBERS,
  long: NUMBERS,
  real: NUMBERS,
  bool: new Set(['bool']),
};

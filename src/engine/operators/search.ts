import type { KqlColumn, KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import { isRestricted } from '../compile/access.ts';
import { bagOf } from '../compile/calls/special-forms.ts';
import { computeValues, type Expression } from '../compile/expression.ts';
import { expectParameters, parametersOf, parameterValue, required, unwrap } from '../compile/nodes.ts';
import { rowScope, type Scope, type TablePlan, type TableStep } from '../compile/scope.ts';
import { shared } from '../compile/shared.ts';
import { unsupported } from '../problem.ts';
import { columnOf, constantColumn, emptyValue, lazyColumn, renamed, type TableColumn } from '../runtime/column.ts';
import { concatenate, findColumn, type Table, tableOf, withColumns } from '../runtime/table.ts';
import { converter } from '../values/convert.ts';
import { filterRows } from './filter.ts';
import { compilePredicate } from './search-predicate.ts';
import { expandWildcard, type Leg, sourceOf, wildcardOf } from './union-legs.ts';

/** `T | search "x"`. */
export function compileSearch(node: KqlNode, scope: Scope): TableStep {
  const source = (scope.input ? sourceOf(scope.input) : null) ?? 'search_arg0';
  const search = compileParts(node, scope);
  return (input) => searched([{ source, plan: () => input }], search);
}

/** `search in (T, U) "x"`, and without `in`: over all tables. */
export function compileSearchOrigin(node: KqlNode, scope: Scope): TablePlan {
  const search = compileParts(node, scope);
  const legs = compileLegs(node, scope);
  return shared(() => searched(legs, search));
}

/** `find in (T, U) where … project …`. */
export function compileFind(node: KqlNode, scope: Scope): TablePlan {
  const search = compileParts(node, scope);
  const legs = compileLegs(node, scope);
  return shared(() => searched(legs, search));
}

interface Search {
  readonly columns: readonly KqlColumn[];
  readonly sourceColumn: string;
  /** The condition over a leg with these columns first; all others count as null. */
  readonly conditionOver: (columns: readonly KqlColumn[]) => Expression;
  /** All columns that the condition or the result may name. */
  readonly known: readonly KqlColumn[];
  readonly scope: Scope;
}

function compileParts(node: KqlNode, scope: Scope): Search {
  const parameters = parametersOf(node);
  expectParameters(node, parameters, ['kind', 'withsource']);
  const columns = node.columns ?? [];
  const kind = parameterValue(parameters.get('kind'))?.toLowerCase();
  const known = knownColumns(node, scope);
  const given = required(node, 'Condition');
  const conditionOver = (own: readonly KqlColumn[]): Expression =>
    compilePredicate(given, kind === 'case_sensitive', rowScope(scope, firstOfEach([...own, ...known])));
  // What is not supported is told before any row is read.
  conditionOver([]);
  return { columns, sourceColumn: columns[0]?.name ?? '$table', conditionOver, known, scope };
}

/** One column of each name. */
function firstOfEach(columns: readonly KqlColumn[]): KqlColumn[] {
  const names = new Set<string>();
  return columns.filter(({ name }) => !names.has(name) && names.add(name));
}

function knownColumns(node: KqlNode, scope: Scope): KqlColumn[] {
  const clause = childOf(node, 'InClause');
  const legs = clause ? itemsOf(clause, 'Expressions') : [];
  const found = [
    ...scope.columns,
    ...(node.columns ?? []).slice(1),
    ...legs.flatMap((leg) => leg.columns ?? []),
    ...mentioned(node),
  ];
  return [...new Map(found.map((column) => [column.name, column])).values()];
}

/** Columns that the condition names: the result does not have to show them. */
function mentioned(node: KqlNode): KqlColumn[] {
  const own =
    node.reference?.kind === 'column' && node.type
      ? [{ name: node.reference.name, type: node.type, id: node.reference.id }]
      : [];
  return [...own, ...node.children.flatMap(mentioned)];
}

function compileLegs(node: KqlNode, scope: Scope): Leg[] {
  const clause = childOf(node, 'InClause');
  if (!clause) return matchingLegs('*', node, scope);
  return itemsOf(clause, 'Expressions').flatMap((item, index) => {
    const leg = unwrap(item);
    const pattern = wildcardOf(leg);
    if (pattern !== null) return matchingLegs(pattern, leg, scope);
    return [{ source: sourceOf(leg) ?? `union_arg${index}`, plan: scope.compilation.table(leg, scope) }];
  });
}

/** The columns that the parser gives such a result are those of all tables, also of those that cannot be seen. */
function matchingLegs(pattern: string, leg: KqlNode, scope: Scope): Leg[] {
  if (isRestricted(scope.environment))
    throw unsupported('find and search over a pattern of names behind restrict', leg);
  return expandWildcard(pattern, leg, scope);
}

function searched(legs: readonly Leg[], search: Search): Table {
  const { budget } = search.scope.compilation;
  const found = legs.map(({ source, plan }) => {
    const table = plan();
    const own = table.columns.map(({ name, type }) => ({ name, type, id: idOf(name, type, search) }));
    const matching = filterRows(completed(table, search.known), search.conditionOver(own), budget);
    return shaped(matching, new Set(table.columns.map((column) => column.name)), source, search);
  });
  const columns = search.columns.map(({ name, type }) => ({ name, type }));
  budget.spend(found.reduce((sum, table) => sum + table.rowCount, 0));
  return concatenate(found, columns);
}

function idOf(name: string, type: string, { known }: Search): number {
  return known.find((column) => column.name === name && column.type === type)?.id ?? -1;
}

/** The leg with empty columns for all that it lacks. */
function completed(table: Table, known: readonly KqlColumn[]): Table {
  const missing = known.filter((column) => !findColumn(table, column.name));
  return withColumns(table, [
    ...table.columns,
    ...missing.map(({ name, type }) => constantColumn(name, type, emptyValue(type), table.rowCount)),
  ]);
}

/** The result's columns: the source, the leg's own, and what is left of the leg in `pack_`. */
function shaped(table: Table, own: ReadonlySet<string>, source: string, search: Search): Table {
  const shown = new Set(search.columns.map((column) => column.name));
  const packed = table.columns.filter(
    (column) => own.has(column.name) && !shown.has(column.name) && !shown.has(`${column.name}_${column.type}`),
  );
  const columns = search.columns.map(({ name, type }, index): TableColumn => {
    if (index === 0) return constantColumn(search.sourceColumn, 'string', source, table.rowCount);
    const found = shownAs(table, name, type, own);
    if (found && (own.has(found.name) || name !== 'pack_')) return inType(found, name, type);
    if (name !== 'pack_') return columnOf(name, type, new Array(table.rowCount).fill(emptyValue(type)));
    return packColumn(table, packed, search);
  });
  return { ...tableOf(columns, table.rowCount), ingested: table.ingested };
}

/** The column that the result calls so: columns of one name and several types are told apart by their type, `x_long`. */
function shownAs(table: Table, name: string, type: string, own: ReadonlySet<string>): TableColumn | null {
  const plain = findColumn(table, name);
  if (plain && own.has(name)) return plain;
  const split = table.columns.find((one) => own.has(one.name) && `${one.name}_${one.type}` === name);
  return split?.type === type ? split : plain;
}

function inType(column: TableColumn, name: string, type: string): TableColumn {
  const convert = column.type === type ? null : converter(column.type, type);
  if (!convert) return renamed(column, name);
  return lazyColumn(name, type, () => column.values().map((value) => convert(value) ?? emptyValue(type)));
}

function packColumn(table: Table, packed: readonly TableColumn[], search: Search): TableColumn {
  const names = packed.map((column) => column.name);
  return lazyColumn('pack_', 'dynamic', () =>
    computeValues(bagOf(names, true), table, search.scope.compilation.budget),
  );
}

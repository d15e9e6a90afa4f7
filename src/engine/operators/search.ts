import type { KqlColumn, KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import { bagOf } from '../compile/calls/special-forms.ts';
import { computeValues, type Expression } from '../compile/expression.ts';
import { expectParameters, parametersOf, parameterValue, required, unwrap } from '../compile/nodes.ts';
import { rowScope, type Scope, type TablePlan, type TableStep } from '../compile/scope.ts';
import { shared } from '../compile/shared.ts';
import { columnOf, constantColumn, emptyValue, lazyColumn, type TableColumn } from '../runtime/column.ts';
import { concatenate, findColumn, type Table, tableOf, withColumns } from '../runtime/table.ts';
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
  /** The condition over the columns of one leg; others count as null. */
  readonly condition: Expression;
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
  const condition = compilePredicate(required(node, 'Condition'), kind === 'case_sensitive', rowScope(scope, known));
  return { columns, sourceColumn: columns[0]?.name ?? '$table', condition, known, scope };
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
  if (!clause) return expandWildcard('*', node, scope);
  return itemsOf(clause, 'Expressions').flatMap((item, index) => {
    const leg = unwrap(item);
    const pattern = wildcardOf(leg);
    if (pattern !== null) return expandWildcard(pattern, leg, scope);
    return [{ source: sourceOf(leg) ?? `union_arg${index}`, plan: scope.compilation.table(leg, scope) }];
  });
}

function searched(legs: readonly Leg[], search: Search): Table {
  const { budget } = search.scope.compilation;
  const found = legs.map(({ source, plan }) => {
    const table = plan();
    const matching = filterRows(completed(table, search.known), search.condition, budget);
    return shaped(matching, new Set(table.columns.map((column) => column.name)), source, search);
  });
  const columns = search.columns.map(({ name, type }) => ({ name, type }));
  budget.spend(found.reduce((sum, table) => sum + table.rowCount, 0));
  return concatenate(found, columns);
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
  const packed = table.columns.filter((column) => own.has(column.name) && !shown.has(column.name));
  const columns = search.columns.map(({ name, type }, index): TableColumn => {
    if (index === 0) return constantColumn(search.sourceColumn, 'string', source, table.rowCount);
    const found = findColumn(table, name);
    if (found && (own.has(name) || name !== 'pack_')) return found;
    if (name !== 'pack_') return columnOf(name, type, new Array(table.rowCount).fill(emptyValue(type)));
    return packColumn(table, packed, search);
  });
  return { ...tableOf(columns, table.rowCount), ingested: table.ingested };
}

function packColumn(table: Table, packed: readonly TableColumn[], search: Search): TableColumn {
  const names = packed.map((column) => column.name);
  return lazyColumn('pack_', 'dynamic', () =>
    computeValues(bagOf(names, true), table, search.scope.compilation.budget),
  );
}

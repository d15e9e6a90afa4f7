import type { KqlColumn, KqlNode } from '../../ast.ts';
import { expectParameters, itemsOf, nameOf, parametersOf, parameterText, unwrap } from '../compile/nodes.ts';
import { once } from '../compile/once.ts';
import type { Environment, Operator, Plan, Scope } from '../compile/scope.ts';
import { storedTable } from '../compile/stored-table.ts';
import { unsupported } from '../problem.ts';
import { constantColumn, renamed, type TableColumn } from '../runtime/column.ts';
import { concatenate, type Table, tableOf, withColumns } from '../runtime/table.ts';
import { wildcard } from './project.ts';

interface Leg {
  readonly source: string;
  readonly plan: Plan;
}

interface UnionOptions {
  readonly inner: boolean;
  /** Name of the column with each row's table, or null. */
  readonly source: string | null;
  readonly fuzzy: boolean;
}

/** `union` in a pipe: the input is its first leg. */
export function compileUnion(node: KqlNode, scope: Scope): Operator {
  const options = optionsOf(node);
  const legs = compileLegs(node, options, scope);
  return (input) => unite([{ source: 'union_arg0', plan: () => input }, ...legs], node.columns ?? [], options, scope);
}

/** `union` at the start of a query. */
export function compileUnionSource(node: KqlNode, scope: Scope): Plan {
  const options = optionsOf(node);
  const legs = compileLegs(node, options, scope);
  return once(() => unite(legs, node.columns ?? [], options, scope));
}

function optionsOf(node: KqlNode): UnionOptions {
  const parameters = parametersOf(node);
  expectParameters(node, parameters, ['kind', 'withsource', 'with_source', 'isfuzzy']);
  return {
    inner: parameterText(parameters.get('kind'))?.toLowerCase() === 'inner',
    source: parameterText(parameters.get('withsource') ?? parameters.get('with_source')),
    fuzzy: parameterText(parameters.get('isfuzzy'))?.toLowerCase() === 'true',
  };
}

function compileLegs(node: KqlNode, options: UnionOptions, scope: Scope): Leg[] {
  return itemsOf(node, 'Expressions').flatMap((item, index) => compileLeg(item, index, options, scope));
}

function compileLeg(item: KqlNode, index: number, options: UnionOptions, scope: Scope): Leg[] {
  const leg = unwrap(item);
  const pattern = wildcardOf(leg);
  if (pattern !== null) return expand(pattern, leg, scope);
  if (options.fuzzy && leg.kind === 'NameReference' && !leg.reference) return [];
  return [{ source: sourceOf(leg) ?? `union_arg${index}`, plan: scope.compilation.table(leg, scope) }];
}

function wildcardOf(leg: KqlNode): string | null {
  if (leg.kind === 'StarExpression') return '*';
  const name = leg.children.find((child) => child.kind === 'WildcardedName');
  return name ? nameOf(name) : null;
}

/** All stored tables and declared views whose names match. */
function expand(pattern: string, leg: KqlNode, scope: Scope): Leg[] {
  const matches = wildcard(pattern);
  const stored = scope.compilation.surroundings.tableNames
    .filter(matches)
    .map((name) => ({ source: name, plan: storedTable(name, leg, scope) }));
  if (declaredViews(scope.environment).some(matches)) throw unsupported('a wildcard that takes in a view', leg);
  return stored;
}

function declaredViews(environment: Environment | null): string[] {
  if (!environment) return [];
  const names = [...environment.names].flatMap(([name, binding]) => {
    const isView = binding.kind === 'function' && binding.declaration.children.some((child) => child.role === 'ViewKeyword');
    return isView ? [name] : [];
  });
  return [...names, ...declaredViews(environment.parent)];
}

/** The name that withsource gives the rows of a leg: its table, or what `as` calls them. */
function sourceOf(leg: KqlNode): string | null {
  if (leg.kind === 'NameReference' && leg.reference?.kind === 'table') return leg.reference.name;
  if (leg.kind !== 'PipeExpression') return null;
  const last = leg.children.find((child) => child.role === 'Operator');
  if (last?.kind === 'AsOperator') return nameOf(last.children.find((child) => child.role === 'Name') ?? last);
  return null;
}

function unite(legs: readonly Leg[], columns: readonly KqlColumn[], options: UnionOptions, scope: Scope): Table {
  const { budget } = scope.compilation;
  const tables = legs.map(({ source, plan }) => withSource(plan(), options.source, source));
  budget.spend(tables.reduce((sum, table) => sum + table.rowCount, 0));
  const outputs = outputColumns(columns, tables, options);
  return concatenate(tables.map((table) => fit(table, outputs)), outputs);
}

function withSource(table: Table, name: string | null, source: string): Table {
  if (name === null) return table;
  return withColumns(table, [constantColumn(name, 'string', source, table.rowCount), ...table.columns]);
}

interface OutputColumn {
  readonly name: string;
  readonly type: string;
}

/** The binder's columns, and those that only the data could tell (after bag_unpack). */
function outputColumns(columns: readonly KqlColumn[], tables: readonly Table[], options: UnionOptions): OutputColumn[] {
  const known: OutputColumn[] = columns.map(({ name, type }) => ({ name, type }));
  if (options.inner) return known;
  const names = new Set(known.map((column) => column.name));
  for (const column of tables.flatMap((table) => table.columns)) {
    if (names.has(column.name) || names.has(`${column.name}_${column.type}`)) continue;
    names.add(column.name);
    known.push({ name: column.name, type: column.type });
  }
  return known;
}

/** Columns of one name and several types are told apart by a suffix: `x_long`, `x_string`. */
function fit(table: Table, outputs: readonly OutputColumn[]): Table {
  const columns = outputs.flatMap((output): TableColumn[] => {
    const exact = table.columns.find((column) => column.name === output.name && typesAgree(column.type, output.type));
    const suffixed = table.columns.find((column) => `${column.name}_${column.type}` === output.name);
    const found = exact ?? suffixed;
    return found ? [renamed(found, output.name)] : [];
  });
  return { ...tableOf(columns, table.rowCount), ingested: table.ingested };
}

function typesAgree(actual: string, output: string): boolean {
  return actual === output || output === 'unknown' || output === 'dynamic';
}

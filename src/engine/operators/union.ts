import type { KqlNode } from '../../kql/ast.ts';
import { itemsOf } from '../../kql/ast.ts';
import { expectParameters, parametersOf, parameterValue, unwrap } from '../compile/nodes.ts';
import type { Scope, TablePlan, TableStep } from '../compile/scope.ts';
import { shared } from '../compile/shared.ts';
import { QueryProblem } from '../problem.ts';
import { constantColumn, renamed, type TableColumn } from '../runtime/column.ts';
import { concatenate, type Table, tableOf, withColumns } from '../runtime/table.ts';
import { expandWildcard, type Leg, sourceOf, wildcardOf } from './union-legs.ts';

export interface UnionOptions {
  readonly inner: boolean;
  /** Name of the column with each row's table, or null. */
  readonly source: string | null;
  readonly fuzzy: boolean;
  /** What said that a leg's table is not there, where that is allowed. One leg has to be there. */
  readonly missing: QueryProblem[];
}

/** `union` in a pipe: the input is its first leg. */
export function compileUnion(node: KqlNode, scope: Scope): TableStep {
  const options = unionOptionsOf(node, OPTIONS);
  const legs = compileLegs(node, options, 1, scope);
  const source = (scope.input ? sourceOf(scope.input) : null) ?? 'union_arg0';
  return (input) => uniteLegs([{ source, plan: () => input }, ...legs], options, scope);
}

/** `union` at the start of a query. */
export function compileUnionOrigin(node: KqlNode, scope: Scope): TablePlan {
  const options = unionOptionsOf(node, OPTIONS);
  const legs = compileLegs(node, options, 0, scope);
  const [missing] = options.missing;
  if (legs.length === 0 && missing) throw missing;
  return shared(() => uniteLegs(legs, options, scope));
}

const OPTIONS: readonly string[] = ['kind', 'withsource', 'with_source', 'isfuzzy'];

export function unionOptionsOf(node: KqlNode, known: readonly string[]): UnionOptions {
  const parameters = parametersOf(node);
  expectParameters(node, parameters, known);
  return {
    inner: parameterValue(parameters.get('kind'))?.toLowerCase() === 'inner',
    source: parameterValue(parameters.get('withsource') ?? parameters.get('with_source')),
    fuzzy: parameterValue(parameters.get('isfuzzy'))?.toLowerCase() === 'true',
    missing: [],
  };
}

function compileLegs(node: KqlNode, options: UnionOptions, first: number, scope: Scope): Leg[] {
  return itemsOf(node, 'Expressions').flatMap((item, index) => compileLeg(item, first + index, options, scope));
}

function compileLeg(item: KqlNode, index: number, options: UnionOptions, scope: Scope): Leg[] {
  const leg = unwrap(item);
  const pattern = wildcardOf(leg);
  if (pattern !== null) return expandWildcard(pattern, leg, scope);
  return legOrMissing(sourceOf(leg) ?? `union_arg${index}`, options, () => scope.compilation.table(leg, scope));
}

/** A leg, or none where its table is not there and that is allowed. */
export function legOrMissing(source: string, options: UnionOptions, compile: () => TablePlan): Leg[] {
  try {
    return [{ source, plan: compile() }];
  } catch (thrown) {
    if (!options.fuzzy || !(thrown instanceof QueryProblem) || !thrown.missingTable) throw thrown;
    options.missing.push(thrown);
    return [];
  }
}

/** The rows of all legs, under the columns of all of them. */
export function uniteLegs(legs: readonly Leg[], options: UnionOptions, scope: Scope): Table {
  const { budget } = scope.compilation;
  const tables = legs.map(({ plan }) => plan());
  budget.spend(tables.reduce((sum, table) => sum + table.rowCount, 0));
  const outputs = outputColumns(tables, options.inner);
  const legsFitted = tables.map((table) => shapeLeg(table, outputs));
  const { source } = options;
  const columns = outputs.map(({ output: name, type }) => ({ name, type }));
  if (source === null) return concatenate(legsFitted, columns);
  const marked = legsFitted.map((table, index) => withSource(table, source, legs[index]?.source ?? ''));
  return concatenate(marked, [{ name: source, type: 'string' }, ...columns]);
}

function withSource(table: Table, name: string, source: string): Table {
  return withColumns(table, [constantColumn(name, 'string', source, table.rowCount), ...table.columns]);
}

/** A column of the legs, and its name in the result. */
interface OutputColumn {
  readonly name: string;
  readonly type: string;
  readonly output: string;
}

/** Columns of one name and several types are told apart by a suffix: `x_long`, `x_string`. */
function outputColumns(tables: readonly Table[], inner: boolean): OutputColumn[] {
  const found = new Map<string, { readonly name: string; readonly type: string; legs: number }>();
  for (const { name, type } of tables.flatMap((table) => table.columns)) {
    const key = `${type} ${name}`;
    const known = found.get(key);
    if (known) known.legs += 1;
    else found.set(key, { name, type, legs: 1 });
  }
  const kept = [...found.values()].filter((column) => !inner || column.legs === tables.length);
  const clashing = new Set(kept.filter((one) => kept.some((other) => other !== one && other.name === one.name)));
  const taken = new Set(kept.filter((one) => !clashing.has(one)).map((one) => one.name));
  return kept.map((one) => ({
    ...one,
    output: clashing.has(one) ? freeName(`${one.name}_${one.type}`, taken) : one.name,
  }));
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let count = 1; taken.has(name); count += 1) name = `${wanted}${count}`;
  return name;
}

function shapeLeg(table: Table, outputs: readonly OutputColumn[]): Table {
  const columns = outputs.flatMap(({ name, type, output }): TableColumn[] => {
    const found = table.columns.find((column) => column.name === name && column.type === type);
    return found ? [renamed(found, output)] : [];
  });
  return { ...tableOf(columns, table.rowCount), ingested: table.ingested };
}

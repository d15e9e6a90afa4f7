import type { KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import { QueryProblem, unsupported } from '../problem.ts';
import { columnOf } from '../runtime/column.ts';
import { groupRows } from '../runtime/group.ts';
import { tableOf } from '../runtime/table.ts';
import { restricted } from './access.ts';
import { expressionColumn } from './expression.ts';
import { describe, nameOf, required } from './nodes.ts';
import { type Declaration, rowScope, type Scope, type TablePlan } from './scope.ts';
import { shared } from './shared.ts';

/** Takes one statement before the final expression into the scope's environment. */
export function declareStatement(statement: KqlNode, scope: Scope): void {
  switch (statement.kind) {
    case 'LetStatement':
      declareLet(statement, scope);
      return;
    case 'SetOptionStatement':
      declareOption(statement, scope);
      return;
    case 'PatternStatement':
      declarePattern(statement, scope);
      return;
    case 'QueryParametersStatement':
      declareParameters(statement, scope);
      return;
    // `alias database a = …`: there is one database, under any name.
    case 'AliasStatement':
      return;
    default:
      throw unsupported(`a ${describe(statement)} in this place`, statement);
  }
}

/** `declare query_parameters(name: type = value)`: nobody gives others, so that each is its default. */
function declareParameters(statement: KqlNode, scope: Scope): void {
  for (const parameter of itemsOf(statement, 'Parameters')) {
    const name = nameOf(required(required(parameter, 'NameAndType'), 'Name'));
    const fallback = childOf(parameter, 'DefaultValue');
    if (!fallback) throw unsupported(`the query parameter '${name}' without a default`, parameter);
    const expression = scope.compilation.expression(required(fallback, 'Value'), scope);
    scope.environment.names.set(name, { kind: 'scalar', expression, rows: scope.rows });
  }
}

function declarePattern(statement: KqlNode, scope: Scope): void {
  const declaration = childOf(statement, 'Pattern');
  if (!declaration) throw unsupported('a pattern without tables', statement);
  const { environment } = scope;
  environment.names.set(nameOf(required(statement, 'Name')), { kind: 'pattern', declaration, environment });
}

/** Options that would change the answer; others only steer the service. */
const ANSWERING_OPTIONS: ReadonlySet<string> = new Set(['query_now', 'truncationmaxrecords', 'truncationmaxsize']);

/** The name under which an environment keeps the value of an option. */
export function optionName(option: string): string {
  return `set ${option}`;
}

function declareOption(statement: KqlNode, scope: Scope): void {
  const name = nameOf(required(statement, 'Name')).toLowerCase();
  if (ANSWERING_OPTIONS.has(name)) throw unsupported(`the option ${name}`, statement);
  const clause = childOf(statement, 'ValueClause');
  const value = clause ? childOf(clause, 'Expression') : null;
  if (!value || !READ_OPTIONS.has(name)) return;
  const expression = scope.compilation.expression(value, scope);
  scope.environment.names.set(optionName(name), { kind: 'scalar', expression, rows: scope.rows });
}

/** Options that bin_auto() reads. */
const READ_OPTIONS: ReadonlySet<string> = new Set(['query_bin_auto_size', 'query_bin_auto_at']);

function declareLet(statement: KqlNode, scope: Scope): void {
  const name = nameOf(required(statement, 'Name'));
  const value = required(statement, 'Expression');
  const { names } = scope.environment;
  if (value.kind === 'FunctionDeclaration') {
    names.set(name, { kind: 'function', declaration: value, environment: scope.environment });
  } else if (value.type === 'graph') {
    names.set(name, { kind: 'graph', plan: scope.compilation.graph(value, scope) });
  } else if (value.kind === 'EntityGroupExpression') {
    names.set(name, { kind: 'entities', entities: itemsOf(value, 'Entities') });
  } else if (value.columns) {
    names.set(name, tableOrAbsent(value, scope));
  } else {
    names.set(name, { kind: 'scalar', expression: scope.compilation.expression(value, scope), rows: scope.rows });
  }
}

/** A table that reads one that is not there fails where it is used: `union isfuzzy=true` goes on without it. */
function tableOrAbsent(value: KqlNode, scope: Scope): Declaration {
  try {
    return { kind: 'table', plan: shared(scope.compilation.table(value, scope)), view: false };
  } catch (thrown) {
    if (!(thrown instanceof QueryProblem) || !thrown.missingTable) throw thrown;
    return {
      kind: 'table',
      view: false,
      get plan(): TablePlan {
        throw thrown;
      },
    };
  }
}

/** Operators that the parser gives no columns: they are those of the rows. */
const WITHOUT_SCHEMA: ReadonlySet<string> = new Set(['GraphToTableOperator', 'EvaluateOperator', 'ConsumeOperator']);

function compileResult(result: KqlNode, scope: Scope): TablePlan {
  const last = result.kind === 'PipeExpression' ? required(result, 'Operator') : result;
  if (result.columns && last.kind !== 'RenderOperator') return scope.compilation.table(result, scope);
  if (WITHOUT_SCHEMA.has(last.kind)) return scope.compilation.table(result, scope);
  if (last.kind === 'RenderOperator') return compileResult(required(result, 'Expression'), scope);
  if (last.kind === 'FacetOperator') return compileFacet(last, required(result, 'Expression'), scope);
  if (last.kind === 'ForkOperator') return compileFork(last, required(result, 'Expression'), scope);
  throw unsupported(`the ${describe(last)} as a query`, last);
}

/** `| fork (…) (…)`: several results from the same rows, of which the first is given. */
function compileFork(fork: KqlNode, before: KqlNode, scope: Scope): TablePlan {
  const input = shared(scope.compilation.table(before, scope));
  const legs = itemsOf(fork, 'Expressions').map((leg) =>
    scope.compilation.operator(required(leg, 'Expression'), rowScope(scope, before.columns ?? [], before)),
  );
  warnOfSeveral(legs.length, scope);
  const [first] = legs;
  if (!first) throw unsupported('fork without a query', fork);
  return () => first(input());
}

/** `| facet by a, b with (…)`: the rows that `with` makes, then counts by each column; the first of them is given. */
function compileFacet(facet: KqlNode, before: KqlNode, scope: Scope): TablePlan {
  const input = shared(scope.compilation.table(before, scope));
  const inner = rowScope(scope, before.columns ?? [], before);
  const clause = childOf(facet, 'WithClause');
  const [column, ...others] = itemsOf(facet, 'Expressions');
  if (!column) throw unsupported('facet without a column', facet);
  warnOfSeveral(others.length + (clause ? 2 : 1), scope);
  if (clause) {
    const step = scope.compilation.operator(required(clause, 'Expression'), inner);
    return () => step(input());
  }
  const expression = scope.compilation.expression(column, inner);
  const { budget } = scope.compilation;
  return () => {
    const rows = input();
    const made = expressionColumn(nameOf(column), expression, rows, budget);
    const { first, groups, count } = groupRows([made], rows.rowCount, budget);
    const counts = new Array<number>(rows.rowCount === 0 ? 0 : count).fill(0);
    for (const group of groups) counts[group] = (counts[group] ?? 0) + 1;
    const values = Array.from(first.slice(0, counts.length), (row) => made.values()[row] ?? null);
    return tableOf(
      [columnOf(made.name, made.type, values), columnOf(`count_${made.name}`, 'long', counts)],
      counts.length,
    );
  };
}

function warnOfSeveral(count: number, scope: Scope): void {
  if (count > 1) scope.compilation.warnings.push(`The query has ${count} results; the first one is given.`);
}

/** Compiles the whole query: its statements, then its one tabular expression. */
export function compileQuery(root: KqlNode, scope: Scope): TablePlan {
  const results: { readonly node: KqlNode; readonly scope: Scope }[] = [];
  let reach = scope;
  for (const statement of itemsOf(root, 'Statements')) {
    if (statement.kind === 'ExpressionStatement')
      results.push({ node: required(statement, 'Expression'), scope: reach });
    else if (statement.kind === 'RestrictStatement') reach = restricted(statement, reach);
    else declareStatement(statement, reach);
  }
  const [first, ...others] = results;
  if (!first) throw unsupported('a query without a result', root);
  const plan = compileResult(first.node, first.scope);
  for (const other of others) compileResult(other.node, other.scope);
  warnOfSeveral(results.length, scope);
  return plan;
}

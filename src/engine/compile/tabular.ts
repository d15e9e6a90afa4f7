import type { KqlNode } from '../../kql/ast.ts';
import { argumentsOf } from '../../kql/ast.ts';
import { compileGraphQuery, isGraph } from '../graph/compile-graph.ts';
import { compileLimited } from '../operators/limited-range.ts';
import { ORIGINS } from '../operators/origins.ts';
import { compileSortedTake } from '../operators/sorted-take.ts';
import { unsupported } from '../problem.ts';
import { functionName } from './calls/call.ts';
import { compilePatternCall } from './calls/pattern.ts';
import { compileUserTable } from './calls/user-function.ts';
import { describe, nameOf, required } from './nodes.ts';
import { lookUp, rowScope, type Scope, type TablePlan } from './scope.ts';
import { shared } from './shared.ts';
import { storedTable } from './stored-table.ts';
import { noteTableFilter } from './table-filter.ts';

/** Compiles an expression that gives a table. */
export function compileTable(node: KqlNode, scope: Scope): TablePlan {
  switch (node.kind) {
    case 'PipeExpression':
      return compilePipe(node, scope);
    case 'ParenthesizedExpression':
      return scope.compilation.table(required(node, 'Expression'), scope);
    case 'MaterializeExpression':
      return shared(scope.compilation.table(required(node, 'Expression'), scope));
    case 'NameReference':
      return compileTableName(node, scope);
    case 'FunctionCallExpression':
      return compileTableCall(node, scope);
    case 'PathExpression':
      return compileQualified(node, scope);
    default:
      return compileSource(node, scope);
  }
}

function compilePipe(node: KqlNode, scope: Scope): TablePlan {
  const before = required(node, 'Expression');
  if (isGraph(before)) return compileGraphQuery(before, required(node, 'Operator'), scope);
  const step = required(node, 'Operator');
  const limited =
    step.kind === 'TakeOperator'
      ? (compileLimited(before, step, scope) ?? compileSortedTake(before, step, scope))
      : null;
  if (limited) return limited;
  const input = shared(scope.compilation.table(before, scope));
  if (step.kind === 'AsOperator') return declareAs(step, input, scope);
  if (step.kind === 'FilterOperator') noteTableFilter(node, scope);
  const operator = scope.compilation.operator(step, rowScope(scope, before.columns ?? [], before));
  return () => operator(input());
}

/** `| as Name`: the rows so far under a name. */
function declareAs(step: KqlNode, input: TablePlan, scope: Scope): TablePlan {
  const name = nameOf(required(step, 'Name'));
  scope.environment.names.set(name, { kind: 'table', plan: input, view: false });
  return input;
}

function compileSource(node: KqlNode, scope: Scope): TablePlan {
  const compile = ORIGINS.get(node.kind);
  if (!compile) throw unsupported(originName(node), node);
  return compile(node, scope);
}

/** `evaluate x()` at the start of a query: the plugin is what is missing. */
function originName(node: KqlNode): string {
  if (node.kind !== 'EvaluateOperator') return `the ${describe(node)}`;
  return `the plugin ${functionName(required(node, 'FunctionCall'))} without an input`;
}

function compileTableName(node: KqlNode, scope: Scope): TablePlan {
  const name = node.reference?.name || nameOf(node);
  const declared = lookUp(scope.environment, name);
  if (node.reference?.kind === 'function' || declared?.kind === 'function') return compileUserTable(node, scope, null);
  if (declared?.kind === 'table') return declared.plan;
  if (declared?.kind === 'scalar') return scalarAsTable(node, scope);
  return storedTable(name, node, scope);
}

/** A single value in tabular position, as `in (x)` allows. */
function scalarAsTable(node: KqlNode, _scope: Scope): TablePlan {
  throw unsupported(`the value '${nameOf(node)}' where a table is expected`, node);
}

/** `table("T")` and calls of functions that give tables. */
function compileTableCall(node: KqlNode, scope: Scope): TablePlan {
  const name = functionName(node);
  const pattern = compilePatternCall(node, null, scope);
  if (pattern) return pattern;
  if (node.reference && !node.reference.builtIn) return compileUserTable(node, scope, null);
  if (name !== 'table') throw unsupported(`the function ${name}() as a table`, node);
  const [argument] = argumentsOf(node);
  const wanted = argument ? scope.compilation.expression(argument, scope).constant : null;
  if (typeof wanted !== 'string') throw unsupported('table() with a computed name', node);
  const declared = lookUp(scope.environment, wanted);
  return declared?.kind === 'table' ? declared.plan : storedTable(wanted, node, scope);
}

/** `database("d").T`: there is one database, so only its table counts. `Pattern("a").T`: the pattern's table. */
function compileQualified(node: KqlNode, scope: Scope): TablePlan {
  const selector = required(node, 'Selector');
  const pattern = compilePatternCall(required(node, 'Expression'), nameOf(selector), scope);
  if (pattern) return pattern;
  return scope.compilation.table(selector, scope);
}

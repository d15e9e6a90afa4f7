import type { KqlNode } from '../../../kql/ast.ts';
import { HuntwireError } from '../../../lib/errors.ts';
import { QueryProblem, queryFailed, unsupported } from '../../problem.ts';
import type { Table } from '../../runtime/table.ts';
import type { ScalarCall, ScalarFunction, Value } from '../../value.ts';
import { constantExpression, type Expression, type Getter, rowExpression } from '../expression.ts';
import { describe } from '../nodes.ts';
import { columnOver, onceAText } from '../over-column.ts';
import type { Scope } from '../scope.ts';

/** Functions whose value differs from call to call: never folded, never computed once for all rows. */
const VOLATILE: ReadonlySet<string> = new Set(['rand', 'new_guid']);

/** The call of a registry function; refused at compile time where it is unknown or not made for these types. */
export function callExpression(
  named: { readonly name: string; readonly found: ScalarFunction | null },
  args: readonly Expression[],
  type: string,
  node: KqlNode,
  scope: Scope,
): Expression {
  if (!named.found) throw unsupported(`the function ${named.name}()`, node);
  const bound = bindFunction(named.found, args, type, node, scope);
  const volatile = VOLATILE.has(named.name);
  const invariant = !volatile && args.every((arg) => arg.invariant);
  if (!volatile && args.every((arg) => arg.constant !== undefined)) {
    return constantExpression(
      type,
      withPlace(node, () => bound(...args.map((arg) => arg.constant as Value))),
    );
  }
  const rebinds = args.some((arg) => arg.invariant && arg.constant === undefined);
  const found = named.found;
  const over = volatile ? undefined : columnOver(args);
  const bind = (table: Table): Getter => {
    const call = rebinds ? rebound(found, args, type, scope, bound) : bound;
    const getters = args.map((arg) => arg.bind(table));
    return onceAText(placed(node, getterOf(call, getters)), table, over);
  };
  const free = args.every((arg) => arg.invariant || arg.free === true);
  const expression: Expression = { ...rowExpression(type, bind), invariant, free, over };
  return invariant ? memoized(expression) : expression;
}

function bindFunction(
  found: ScalarFunction,
  args: readonly Expression[],
  type: string,
  node: KqlNode,
  scope: Scope,
): ScalarCall {
  const types = args.map((arg) => arg.type);
  const constants = args.map((arg) => arg.constant);
  const bound = withPlace(node, () => found.bind(types, type, constants, scope.compilation.evaluation));
  if (bound) return bound;
  throw unsupported(`${found.name} over (${types.join(', ')})`, node);
}

/** Values that subqueries gave count as constants too: regexes and lists are then prepared once. */
function rebound(
  found: ScalarFunction,
  args: readonly Expression[],
  type: string,
  scope: Scope,
  fallback: ScalarCall,
): ScalarCall {
  const constants = args.map((arg) => (arg.invariant ? (arg.constant ?? arg.bind(EMPTY)(0)) : undefined));
  const types = args.map((arg) => arg.type);
  return found.bind(types, type, constants, scope.compilation.evaluation) ?? fallback;
}

const EMPTY: Table = { columns: [], rowCount: 0, ingested: null };

function memoized(expression: Expression): Expression {
  let known: Getter | null = null;
  return {
    ...expression,
    bind(table) {
      if (known) return known;
      const value = expression.bind(table)(0);
      known = () => value;
      return known;
    },
  };
}

/** One closure per number of arguments: no array is made per row. */
function getterOf(call: ScalarCall, args: readonly Getter[]): Getter {
  const [first, second, third] = args;
  if (!first) return () => call();
  if (!second) return (row) => call(first(row));
  if (!third) return (row) => call(first(row), second(row));
  if (args.length === 3) return (row) => call(first(row), second(row), third(row));
  return (row) => call(...args.map((get) => get(row)));
}

function placed(node: KqlNode, get: Getter): Getter {
  return (row) => {
    try {
      return get(row);
    } catch (thrown) {
      throw atNode(thrown, node);
    }
  };
}

function withPlace<T>(node: KqlNode, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw atNode(thrown, node);
  }
}

/** A function's own complaint gets the place of the call. */
function atNode(thrown: unknown, node: KqlNode): unknown {
  if (thrown instanceof QueryProblem) return thrown.span ? thrown : new QueryProblem(thrown.code, thrown.message, node);
  if (thrown instanceof HuntwireError && thrown.code === 'KQL_FAILED') {
    return new QueryProblem(thrown.code, thrown.message, node);
  }
  if (thrown instanceof RangeError || thrown instanceof TypeError || thrown instanceof SyntaxError) {
    return queryFailed(`${describe(node)}: ${thrown.message}`, node);
  }
  return thrown;
}

import { childOf, itemsOf, type KqlNode } from '../ast.ts';
import { changesIn } from './changing.ts';
import { type Environment, enterCall, remember, resolve } from './environment.ts';
import { type Flow, setFlow } from './flow.ts';
import { invokeFlow } from './invoke-flow.ts';
import { joinFlow } from './join-flow.ts';
import { isJoin, operatorFlow } from './operator-flow.ts';
import { tableLeg, type UnionLeg, unionFlow } from './table-flow.ts';
import type { TableUse } from './table-uses.ts';
import { tablesRead, type UseIndex } from './tables-read.ts';

/** What the analysis of rows knows beside the tree. */
export interface FlowContext {
  readonly index: UseIndex;
  /** Whether the table is only looked up. */
  isContext(use: TableUse): boolean;
}

const INNER: Readonly<Record<string, string>> = {
  ParenthesizedExpression: 'Expression',
  MaterializeExpression: 'Expression',
  ToTableExpression: 'Expression',
  ExpressionStatement: 'Expression',
  FunctionBody: 'Expression',
};

/** How the rows of a tabular expression come from tables. */
export function rowFlow(node: KqlNode, environment: Environment, context: FlowContext): Flow {
  return remember(environment, 'flow', node, () => findFlow(node, environment, context));
}

function findFlow(node: KqlNode, environment: Environment, context: FlowContext): Flow {
  const inner = childOf(node, INNER[node.kind] ?? '');
  if (inner && INNER[node.kind]) return rowFlow(inner, environment, context);
  if (node.kind === 'PipeExpression') return pipeFlow(node, environment, context);
  if (node.kind === 'UnionOperator') return unionLegs(node, [], environment, context);
  const uses = context.index.at(node, environment);
  if (uses.length > 0) return mergedUses(node, uses, context);
  const bound = resolve(node, environment) ?? enterCall(node, environment, null);
  if (bound) return rowFlow(bound.node, bound.environment, context);
  return setFlow(node.columns ? 'its rows come from no table with new events' : 'its source cannot be told');
}

function mergedUses(node: KqlNode, uses: readonly TableUse[], context: FlowContext): Flow {
  const legs = uses.map((use) => tableLeg(use, node, context.isContext(use)));
  return legs.length === 1 && legs[0] ? legs[0].flow : unionFlow(legs, node.columns ?? []);
}

function pipeFlow(node: KqlNode, environment: Environment, context: FlowContext): Flow {
  const left = childOf(node, 'Expression');
  const operator = childOf(node, 'Operator');
  if (!left || !operator) return setFlow('its source cannot be told');
  if (operator.kind === 'AsOperator') nameRows(operator, left, environment);
  const input = rowFlow(left, environment, context);
  if (operator.kind === 'UnionOperator')
    return unionLegs(operator, legsOf(left, environment, context), environment, context);
  if (isJoin(operator)) return joinWithRight(node, operator, input, environment, context);
  if (operator.kind === 'InvokeOperator') return invokedRows(node, operator, environment, context);
  const given = left.columns ?? [];
  const looksUp = readsOnlyContext(operator, environment, context);
  return operatorFlow({ operator, input, given, looksUp, changes: changesIn(environment, context.index) });
}

/** `as Name` makes the rows so far a variable. */
export function nameRows(operator: KqlNode, left: KqlNode, environment: Environment): void {
  const id = childOf(operator, 'Name')?.reference?.id;
  if (id !== undefined) environment.variables.set(id, { node: left, environment });
}

function joinWithRight(
  node: KqlNode,
  operator: KqlNode,
  left: Flow,
  environment: Environment,
  context: FlowContext,
): Flow {
  const right = childOf(operator, 'Expression');
  if (!right) return setFlow('its source cannot be told');
  return joinFlow({
    operator,
    left,
    right: rowFlow(right, environment, context),
    looksUp: readsOnlyContext(right, environment, context),
    changes: changesIn(environment, context.index)(right),
    leftColumns: childOf(node, 'Expression')?.columns ?? [],
    rightColumns: right.columns ?? [],
    output: node.columns ?? [],
  });
}

function invokedRows(node: KqlNode, operator: KqlNode, environment: Environment, context: FlowContext): Flow {
  const call = childOf(operator, 'Function');
  const left = childOf(node, 'Expression');
  if (!call || !left) return setFlow('its source cannot be told');
  const input = rowFlow(left, environment, context);
  const entered = enterCall(call, environment, { node: left, environment });
  const body = entered ? rowFlow(entered.node, entered.environment, context) : null;
  return invokeFlow({ pipe: node, operator, given: left.columns ?? [], call, input, body });
}

/** Whether nothing below the node reads rows that could themselves make a hit. */
export function readsOnlyContext(node: KqlNode, environment: Environment, context: FlowContext): boolean {
  return [...tablesRead(node, environment, context.index)].every((use) => context.isContext(use));
}

function legsOf(node: KqlNode, environment: Environment, context: FlowContext): readonly UnionLeg[] {
  const uses = context.index.at(node, environment);
  if (uses.length > 0) return uses.map((use) => tableLeg(use, node, context.isContext(use)));
  return [{ flow: rowFlow(node, environment, context), columns: node.columns ?? [] }];
}

function unionLegs(
  operator: KqlNode,
  first: readonly UnionLeg[],
  environment: Environment,
  context: FlowContext,
): Flow {
  const legs = itemsOf(operator, 'Expressions').flatMap((leg) => legsOf(leg, environment, context));
  return unionFlow([...first, ...legs], operator.columns ?? []);
}

import { satisfy } from './conditions.mjs';
import { constantOf } from './constants.mjs';
import { joined } from './join.mjs';
import { argumentsOf, childOf, itemsOf, nameOf, unwrap } from './nodes.mjs';
import { assign } from './push.mjs';
import { expand, invoke, parse, unpack } from './reshape.mjs';
import { wishAt } from './slots.mjs';
import { summarize } from './summarize.mjs';
import { restrict, rootOf, wantPart } from './wish.mjs';

/** Walks a tabular expression from its end to its tables, so that a row with these wishes comes out of it; tables get their rows. */
export function demand(expression, wishes, context) {
  const node = unwrap(expression);
  if (context.depth > 200) return;
  context.depth += 1;
  const handler = SOURCES[node.kind];
  if (handler) handler(node, wishes, context);
  context.depth -= 1;
}

const SOURCES = {
  PipeExpression: (node, wishes, context) => {
    const [input, operator] = [childOf(node, 'Expression'), childOf(node, 'Operator')];
    if (!input || !operator) return;
    const handler = OPERATORS[operator.kind];
    const before = handler ? handler(operator, wishes, context, input) : wishes;
    if (before) demand(input, before, context);
  },
  NameReference: demandName,
  MaterializeExpression: (node, wishes, context) => demand(childOf(node, 'Expression'), wishes, context),
  FunctionCallExpression: (node, wishes, context) => {
    if (node.body) return context.inCall(node, (body) => demand(body, wishes, context));
    const [argument] = argumentsOf(node);
    if (nameOf(node) === 'table' && argument) context.tableRow(String(constantOf(argument, context)), wishes);
    else if (argument) demand(argument, wishes, context);
  },
  UnionOperator: (node, wishes, context) => demandLeg(node, wishes, context, null),
  SearchOperator: (node, wishes, context) => demandLeg(childOf(node, 'DataScope') ?? node, wishes, context, null),
  ExternalDataExpression: (node, wishes, context) => context.externalRow(node, wishes),
  DataTableExpression: demandDataTable,
};

function demandName(node, wishes, context) {
  const name = nameOf(node);
  const bound = context.lets.get(name);
  if (bound && bound !== node) demand(bound, wishes, context);
  else if (node.reference?.kind === 'table') context.tableRow(node.reference.name, wishes);
}

/** One leg of a union a pass: its wishes may be shared with others. */
function demandLeg(union, wishes, context, input) {
  const legs = [...(input ? [input] : []), ...itemsOf(union, 'Expressions')];
  if (legs.length > 0) demand(legs[context.choose(legs.length)], wishes, context);
}

/** A wish for a cell of a literal table is a wish for one of its rows. */
function demandDataTable(node, wishes, context) {
  const columns = itemsOf(childOf(node, 'Schema'), 'Columns').map(nameOf);
  const values = itemsOf(node, 'Values');
  const rows = columns.length > 0 ? Math.floor(values.length / columns.length) : 0;
  if (rows === 0) return;
  const row = context.choose(rows);
  for (const [at, name] of columns.entries()) {
    const value = constantOf(values[row * columns.length + at], context);
    if (wishes.has(name) && value !== undefined) restrict(wishes.get(name), [value]);
  }
}

const OPERATORS = {
  FilterOperator: (operator, wishes, context) => {
    satisfy(childOf(operator, 'Condition'), wishes, true, context);
    return wishes;
  },
  ExtendOperator: (operator, wishes, context) => assign(itemsOf(operator, 'Expressions'), wishes, context),
  ProjectOperator: (operator, wishes, context) => assign(itemsOf(operator, 'Expressions'), wishes, context),
  ProjectRenameOperator: (operator, wishes, context) => assign(itemsOf(operator, 'Expressions'), wishes, context),
  DistinctOperator: (operator, wishes, context) => assign(itemsOf(operator, 'Expressions'), wishes, context),
  SummarizeOperator: summarize,
  MakeSeriesOperator: summarize,
  CountOperator: (_operator, wishes, context) => {
    const count = wishes.get('Count');
    if (count) context.repeat(rootOf(count).least ?? 1);
    return new Map();
  },
  JoinOperator: (operator, wishes, context, input) => joined(operator, wishes, context, input),
  LookupOperator: (operator, wishes, context, input) => joined(operator, wishes, context, input),
  UnionOperator: (operator, wishes, context, input) => {
    demandLeg(operator, wishes, context, input);
    return null;
  },
  MvExpandOperator: (operator, wishes, context) => expand(itemsOf(operator, 'Expressions'), wishes, context),
  MvApplyOperator: (operator, wishes, context) => {
    const inner = childOf(operator, 'ContextSubquery') ?? childOf(operator, 'Subquery');
    if (inner) applyInner(childOf(inner, 'Expression') ?? inner, wishes, context);
    return expand(itemsOf(operator, 'Expressions'), wishes, context);
  },
  ParseOperator: parse,
  ParseWhereOperator: parse,
  InvokeOperator: invoke,
  EvaluateOperator: unpack,
  SearchOperator: (operator, wishes, context) => {
    for (const text of context.textsIn(operator)) wantPart(wishAt(wishes, context.searchColumn), 'has', text);
    return wishes;
  },
  PartitionOperator: (operator, wishes, context) => {
    applyInner(operator, wishes, context);
    return wishes;
  },
};

/** Operators of a subquery that stands inside another operator, last first. */
function applyInner(node, wishes, context) {
  const pipe = unwrap(node);
  if (pipe.kind === 'PipeExpression') {
    OPERATORS[childOf(pipe, 'Operator')?.kind]?.(childOf(pipe, 'Operator'), wishes, context, null);
    return applyInner(childOf(pipe, 'Expression'), wishes, context);
  }
  if (OPERATORS[pipe.kind] && pipe.kind !== 'PartitionOperator') OPERATORS[pipe.kind](pipe, wishes, context, null);
  else
    for (const child of pipe.children)
      if (/Operator$|Subquery$|PipeExpression/.test(child.kind)) applyInner(child, wishes, context);
}

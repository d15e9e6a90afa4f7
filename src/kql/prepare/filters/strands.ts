import { childOf, itemsOf, type KqlColumn, type KqlNode } from '../../ast.ts';
import { constantOf } from '../constant.ts';
import { type Closure, type Environment, enterCall, remember, resolve } from '../environment.ts';
import { calledName } from '../nodes.ts';
import { isJoin, passesRows, renamesOf } from '../operator-flow.ts';
import { nameRows } from '../row-flow.ts';
import type { TableUse } from '../table-uses.ts';
import type { UseIndex } from '../tables-read.ts';
import { bounded, noteDefinitions, type Sight } from './bounds.ts';
import { boundedLookup, gatheredLookup, joinedLookup } from './lookup-limits.ts';
import { rangedLookup } from './series-range.ts';
import { closed, distinct, followed, movedTo, type Strand, TIME_NAMES } from './strand.ts';

/** What following strands needs beside the tree, and what it finds on its way. */
export interface Following extends Sight {
  readonly index: UseIndex;
  /** The time column of a table, or null. */
  timeOf(use: TableUse): string | null;
  /** Whether the table is only looked up: its time is followed by name also behind operators that make one row of several. */
  isContext(use: TableUse): boolean;
  /** Set where rows are put into bins of time. */
  binned: boolean;
  /** Set where there are more strands than anybody writes: then not all of them were followed. */
  tooMany: boolean;
}

const MOST_STRANDS = 500;

const INNER: Readonly<Record<string, string>> = {
  ParenthesizedExpression: 'Expression',
  MaterializeExpression: 'Expression',
  ToTableExpression: 'Expression',
  ExpressionStatement: 'Expression',
  FunctionBody: 'Expression',
};

/** The strands that meet in an expression: those of its rows where it has any, and of all that is looked up on the way. */
export function strandsOf(node: KqlNode, environment: Environment, following: Following): readonly Strand[] {
  if (node.kind === 'FunctionDeclaration' || node.text !== '') return NONE;
  return remember(environment, 'strands', node, () => {
    const found = distinct(findStrands(node, environment, following));
    if (found.length <= MOST_STRANDS) return found;
    following.tooMany = true;
    return found.slice(0, MOST_STRANDS);
  });
}

const NONE: readonly Strand[] = [];

function findStrands(node: KqlNode, environment: Environment, following: Following): readonly Strand[] {
  const inner = INNER[node.kind] ? childOf(node, INNER[node.kind] ?? '') : null;
  if (inner) return strandsOf(inner, environment, following);
  if (node.kind === 'PipeExpression') return pipeStrands(node, environment, following);
  if (node.kind === 'UnionOperator') return unionStrands(node, [], environment, following);
  const uses = following.index.at(node, environment);
  if (uses.length > 0) return uses.map((use) => startOf(use, node, following));
  const bound = resolve(node, environment) ?? enterCall(node, environment, null);
  if (bound) return strandsOf(bound.node, bound.environment, following);
  noteBins(node, environment, following);
  return strandsBelow(node, environment, following);
}

/** All that an operator or a value looks up; none of it is the time of a row of this pipe. */
function strandsBelow(node: KqlNode, environment: Environment, following: Following): readonly Strand[] {
  const found: Strand[] = [];
  for (const child of node.children) for (const one of strandsOf(child, environment, following)) found.push(one);
  return found.length === 0 ? NONE : closed(found);
}

function startOf(use: TableUse, node: KqlNode, following: Following): Strand {
  const name = following.timeOf(use);
  const column = node.columns?.find((one) => one.name === name);
  const isOpen = !use.known || use.expanded;
  if (name === null || (!column && !isOpen)) return { use, time: null, bounds: [], unclear: [] };
  const twin = node.columns?.find((one) => one.name !== name && TIME_NAMES.includes(one.name))?.id ?? null;
  return {
    use,
    time: { name, id: use.expanded ? null : (column?.id ?? null), twin, former: [], behind: null },
    bounds: [],
    unclear: [],
  };
}

const BINS = new Set(['bin', 'bin_at', 'bin_auto', 'floor']);

function noteBins(node: KqlNode, environment: Environment, following: Following): void {
  if (node.kind === 'MakeSeriesOperator') following.binned = true;
  if (node.kind !== 'FunctionCallExpression' || !node.reference?.builtIn) return;
  if (node.type !== 'datetime' && node.type !== 'unknown') return;
  const name = calledName(node);
  const isBin = BINS.has(name) || /^(start|end)of(day|week|month|year)$/.test(name);
  if (isBin && constantOf(node, environment) === null) following.binned = true;
}

function pipeStrands(node: KqlNode, environment: Environment, following: Following): readonly Strand[] {
  const left = childOf(node, 'Expression');
  const operator = childOf(node, 'Operator');
  if (!left || !operator) return [];
  if (operator.kind === 'AsOperator') nameRows(operator, left, environment);
  const input = strandsOf(left, environment, following);
  if (operator.kind === 'UnionOperator') return unionStrands(operator, input, environment, following);
  if (operator.kind === 'InvokeOperator') return invokedStrands(left, operator, environment, following);
  noteBins(operator, environment, following);
  noteDefinitions(operator, environment, following);
  const below = strandsBelow(operator, environment, following);
  if (isJoin(operator)) {
    return [...joined(input, node, left, operator), ...lookedUp(node, operator, environment, following), ...below];
  }
  if (!passesRows(operator)) return [...gathered(input, operator, left, environment, following), ...below];
  const renamed = renamesOf(operator);
  const within = (one: Strand) => (following.isContext(one.use) ? boundedLookup : bounded);
  const passed =
    operator.kind === 'FilterOperator' ? input.map((one) => within(one)(one, operator, environment, following)) : input;
  return [...passed.map((strand) => followed(strand, operator, renamed)), ...below];
}

/** Behind an operator that makes rows of several, only a context table's time is still of use, as far back as it reaches. */
function gathered(
  input: readonly Strand[],
  operator: KqlNode,
  left: KqlNode,
  environment: Environment,
  following: Following,
): readonly Strand[] {
  return input.flatMap((strand) =>
    following.isContext(strand.use)
      ? gatheredLookup(rangedLookup(strand, operator, environment, following), operator, left.columns ?? [])
      : movedTo(strand, undefined, operator),
  );
}

/** Tables that a join looks up, whose time may still be asked for behind it. */
function lookedUp(pipe: KqlNode, operator: KqlNode, environment: Environment, following: Following): readonly Strand[] {
  const right = childOf(operator, 'Expression');
  const strands = right ? strandsOf(right, environment, following) : [];
  return strands.flatMap((strand) =>
    right && following.isContext(strand.use) ? joinedLookup(strand, pipe, right, operator) : [],
  );
}

function columnNamed(columns: readonly KqlColumn[] | null, name: string | undefined): KqlColumn | undefined {
  return columns?.find((column) => column.name === name);
}

function unionStrands(
  operator: KqlNode,
  first: readonly Strand[],
  environment: Environment,
  following: Following,
): readonly Strand[] {
  const legs = itemsOf(operator, 'Expressions').flatMap((leg) => strandsOf(leg, environment, following));
  return [...first, ...legs].map((strand) =>
    movedTo(strand, columnNamed(operator.columns, strand.time?.name), operator),
  );
}

/** Columns of the left side keep their places in the output of a join. */
function joined(input: readonly Strand[], node: KqlNode, left: KqlNode, operator: KqlNode): readonly Strand[] {
  return input.map((strand) => {
    if (strand.time?.id === null) return movedTo(strand, columnNamed(node.columns, strand.time.name), operator);
    const place = left.columns?.findIndex((one) => one.id === strand.time?.id) ?? -1;
    return movedTo(strand, place < 0 ? undefined : node.columns?.[place], operator);
  });
}

function invokedStrands(
  left: KqlNode,
  operator: KqlNode,
  environment: Environment,
  following: Following,
): readonly Strand[] {
  const call = childOf(operator, 'Function');
  const input: Closure = { node: left, environment };
  const body = call ? enterCall(call, environment, input) : null;
  if (call && body) {
    const given = call.children.flatMap((child) => strandsOf(child, environment, following));
    return [...strandsOf(body.node, body.environment, following), ...closed(given)];
  }
  const passed = strandsOf(left, environment, following).map((strand) => followed(strand, operator, new Map()));
  return [...passed, ...strandsBelow(operator, environment, following)];
}

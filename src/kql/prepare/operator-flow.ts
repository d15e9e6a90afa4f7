import { childOf, itemsOf, type KqlColumn, type KqlNode, walk } from '../ast.ts';
import { type Changes, madeOfChanging } from './changing.ts';
import { entityBehind } from './entity-rows.ts';
import { fansBehind, type Made } from './fan-out.ts';
import { asSet, type Flow, type KeyPart, mapLookups, NO_LOOKUP, reaching, throughColumns } from './flow.ts';
import { madeColumns } from './made-columns.ts';
import { calledName } from './nodes.ts';

/** How an operator treats rows; the default of all that are not named here: a set without a key. */
type Treatment = 'row' | 'fan-out' | 'sort' | 'cut' | 'choose' | 'group' | 'distinct';

const TREATMENTS: Readonly<Record<string, Treatment>> = {
  FilterOperator: 'row',
  SearchOperator: 'row',
  ExtendOperator: 'row',
  ProjectOperator: 'row',
  ProjectAwayOperator: 'row',
  ProjectKeepOperator: 'row',
  ProjectRenameOperator: 'row',
  ProjectReorderOperator: 'row',
  ProjectByNamesOperator: 'row',
  ParseOperator: 'row',
  ParseWhereOperator: 'row',
  ParseKvOperator: 'row',
  SerializeOperator: 'row',
  AsOperator: 'row',
  RenderOperator: 'row',
  AssertSchemaOperator: 'row',
  MvExpandOperator: 'fan-out',
  MvApplyOperator: 'fan-out',
  SortOperator: 'sort',
  TakeOperator: 'cut',
  SampleOperator: 'cut',
  TopOperator: 'choose',
  SummarizeOperator: 'group',
  MakeSeriesOperator: 'group',
  DistinctOperator: 'distinct',
};

/** Functions whose value depends on other rows. */
const ACROSS_ROWS = new Set([
  'prev',
  'next',
  'row_number',
  'row_cumsum',
  'row_rank',
  'row_rank_dense',
  'row_rank_min',
  'row_window_session',
]);

export function isJoin(operator: KqlNode): boolean {
  return operator.kind === 'JoinOperator' || operator.kind === 'LookupOperator';
}

/** An operator that is no join, and what stands before it. */
export interface Operation {
  readonly operator: KqlNode;
  readonly input: Flow;
  /** Columns of the rows so far. */
  readonly given: readonly KqlColumn[];
  /** Whether the operator's own expressions read context tables only, or none. */
  readonly looksUp: boolean;
  readonly changes: Changes;
}

/** The flow behind an operator. */
export function operatorFlow({ operator, input, given, looksUp, changes }: Operation): Flow {
  const renamed = renamesOf(operator);
  const lookups = mapLookups(input, reaching(operator, renamed));
  const made: Made = { columns: madeColumns(operator, given), changes };
  const fans = fansBehind(operator, input, lookups.fans, made);
  const changing = [...lookups.changing, ...madeOfChanging(made.columns, input.changing, changes)];
  const entity = input.entity && lookups.entity && entityBehind(lookups.entity, input.entity, made);
  const behind = { ...input, ...lookups, fans, changing, entity, key: throughColumns(input.key, operator, renamed) };
  const flow = treat(operator, behind);
  if (!looksUp) return asSet(flow, 'it compares events with other events');
  return readsOtherRows(operator) ? asSet(flow, 'it compares a row with its neighbours') : flow;
}

/** `input` is what came in, with the columns that go out. */
function treat(operator: KqlNode, input: Flow): Flow {
  const name = operatorName(operator);
  switch (TREATMENTS[operator.kind]) {
    case 'row':
      return input;
    case 'fan-out':
      return { ...input, unique: null };
    case 'sort':
      return { ...input, sorted: true };
    case 'cut':
      return input.sorted ? asSet(input, `it sorts and then keeps some rows with ${name}`) : input;
    case 'choose':
      return asSet(input, `${name} compares rows`);
    case 'group':
      return asSet(gatheredBy(groupColumns(operator), input), `${name} counts over rows`);
    case 'distinct':
      return asSet(gatheredBy(operator.columns ?? [], input), `${name} compares rows`);
    default:
      return asSet(
        { ...input, unique: null, entity: partedEntity(operator, input), key: unpackKey(operator, input.key) },
        `${name} may depend on several rows`,
      );
  }
}

/** One row for each value of the columns; of an entity as long as one of its ids goes on. */
function gatheredBy(columns: readonly KqlColumn[], input: Flow): Flow {
  const unique = columns.map((column) => column.id);
  const { entity, changing } = input;
  return { ...input, ...NO_LOOKUP, unique, entity, changing, key: [byColumns(columns)], sorted: false };
}

/** `partition` gives rows of the entity where nothing in it does more than choose some. */
function partedEntity(operator: KqlNode, { entity }: Flow): Flow['entity'] {
  if (operator.kind !== 'PartitionOperator') return null;
  const body = [...walk(operator)].filter((node) => node !== operator && node.kind.endsWith('Operator'));
  return body.every((node) => passesRows(node) || TREATMENTS[node.kind] === 'choose') ? entity : null;
}

/** The operator as it is written, for messages. */
export function operatorName(operator: KqlNode): string {
  return operator.children.find((child) => child.text !== '')?.text ?? 'an operator';
}

/** Of the plug-ins only these give each row back with what it had. */
function unpackKey(operator: KqlNode, key: readonly KeyPart[] | null): readonly KeyPart[] | null {
  const call = operator.kind === 'EvaluateOperator' ? childOf(operator, 'FunctionCall') : null;
  return call && ['bag_unpack', 'ipv4_lookup', 'ipv6_lookup'].includes(calledName(call)) ? key : null;
}

/** Whether each row behind the operator is still one row in front of it. */
export function passesRows(operator: KqlNode): boolean {
  return ['row', 'fan-out', 'sort', 'cut'].includes(TREATMENTS[operator.kind] ?? '');
}

/** Columns that an operator passes on under a new name: old id to new id. */
export function renamesOf(operator: KqlNode): ReadonlyMap<number, number> {
  const renames = new Map<number, number>();
  for (const one of itemsOf(operator, 'Expressions')) {
    if (one.kind !== 'SimpleNamedExpression') continue;
    const from = childOf(one, 'Expression');
    const to = childOf(one, 'Name')?.reference?.id;
    if (from?.kind === 'NameReference' && from.reference?.kind === 'column' && to !== undefined) {
      renames.set(from.reference.id, to);
    }
  }
  return renames;
}

function groupColumns(operator: KqlNode): readonly KqlColumn[] {
  const clause = childOf(operator, 'ByClause');
  const count = clause ? itemsOf(clause, 'Expressions').length : 0;
  return (operator.columns ?? []).slice(0, count);
}

/** Times are left out: a bin of time moves with the window. */
function byColumns(columns: readonly KqlColumn[]): KeyPart {
  const [times, others] = [true, false].map((isTime) =>
    columns.filter(({ type }) => (type === 'datetime') === isTime).map(({ id }) => id),
  );
  return { kind: 'by', ids: others ?? [], ...(times && times.length > 0 && { bins: times }) };
}

function readsOtherRows(operator: KqlNode): boolean {
  for (const node of walk(operator)) {
    if (node.reference?.kind === 'function' && node.reference.builtIn && ACROSS_ROWS.has(node.reference.name))
      return true;
  }
  return false;
}

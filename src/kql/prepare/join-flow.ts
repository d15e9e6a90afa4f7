import { childOf, itemsOf, type KqlColumn, type KqlNode } from '../ast.ts';
import {
  asSet,
  type Fan,
  type Flow,
  type KeyPart,
  type Lookups,
  mapAll,
  mapKey,
  mapLookups,
  mapSome,
  type NextId,
} from './flow.ts';
import { nameText, parameterText } from './nodes.ts';

export interface Join {
  readonly operator: KqlNode;
  readonly left: Flow;
  readonly right: Flow;
  /** Whether the right side reads context tables only. */
  readonly looksUp: boolean;
  /** Whether the right side may give something else in another run. */
  readonly changes: boolean;
  readonly leftColumns: readonly KqlColumn[];
  readonly rightColumns: readonly KqlColumn[];
  readonly output: readonly KqlColumn[];
}

const STREAM_KINDS = ['inner', 'leftouter', 'leftsemi', 'leftanti', 'leftantisemi', 'anti'];
const LEFT_ONLY = ['leftsemi', 'leftanti', 'leftantisemi', 'anti'];
const RIGHT_ONLY = ['rightsemi', 'rightanti', 'rightantisemi'];

/** `join` and `lookup`: a stream where events on the left meet looked-up rows on the right, else a set. */
export function joinFlow(join: Join): Flow {
  const kind = kindOf(join.operator);
  const reason = setReason(join, kind);
  const flow = { ...join.left, ...lookedUp(join, kind), sorted: false, key: joinKey(join, kind) };
  const withRight = join.looksUp ? flow : { ...flow, drivers: [...join.left.drivers, ...join.right.drivers] };
  return reason === null ? withRight : asSet(withRight, reason);
}

/**
 * What the right side adds to each row of the left: at most one row, rows of one entity, of which the newest stands for all, or rows
 * that differ.
 */
function lookedUp(join: Join, kind: string): Lookups {
  const left = mapLookups(join.left, byPlace(join.leftColumns, join.output));
  if (LEFT_ONLY.includes(kind)) return left;
  const keys = comparedColumns(join);
  const right = rightPlaces(join, keys);
  const fans = [...left.fans, ...mapLookups(join.right, right).fans];
  const newest = [...left.newest, ...mapSome(join.right.newest, right)];
  const changing = [...left.changing, ...mapSome(changingRight(join, kind, keys), right)];
  const kept = { fans, newest, changing, unique: left.unique, entity: null };
  if (join.right.unique?.every((id) => keys.includes(id))) return kept;
  const { entity } = join.right;
  if (entity?.ids.some((id) => keys.includes(id))) {
    return { ...kept, unique: null, newest: [...newest, ...mapSome(entity.time === null ? [] : [entity.time], right)] };
  }
  return { ...kept, unique: null, fans: [...fans, fanOf(join, right)] };
}

/** By the right side's identity where all of it goes on; else by all its columns but times. */
function fanOf({ right, rightColumns }: Join, next: NextId): Fan {
  const own = right.key?.flatMap((part) => (part.kind === 'by' ? part.ids : [...part.ids.values()])) ?? [];
  const plain = rightColumns.filter((column) => column.type !== 'datetime').map((column) => column.id);
  const isKnown = own.length > 0 && (right.key?.every(isWhole) ?? false);
  return { key: isKnown ? mapAll(own, next) : null, columns: mapSome(plain, next), changing: [] };
}

/** What is looked up may change, but for what is compared with the left side and always equal to it. */
function changingRight({ right, rightColumns, looksUp, changes }: Join, kind: string, keys: readonly number[]) {
  if (!looksUp || !changes) return right.changing;
  return rightColumns.map(({ id }) => id).filter((id) => kind !== 'inner' || !keys.includes(id));
}

function isWhole(part: KeyPart): boolean {
  return part.kind === 'by' ? part.ids.length > 0 : part.ids.has('time') && part.ids.has('report');
}

/** The right side's columns that are compared with the left's. */
function comparedColumns({ operator, rightColumns }: Join): readonly number[] {
  const clause = childOf(operator, 'ConditionClause') ?? childOf(operator, 'LookupClause');
  return clause ? itemsOf(clause, 'Expressions').flatMap((one) => comparedIn(one, rightColumns)) : [];
}

/** A bare name is a column of both sides; `$left.A == $right.B` names one of each. */
function comparedIn(node: KqlNode, columns: readonly KqlColumn[]): readonly number[] {
  if (node.kind === 'NameReference') {
    return columns.filter((column) => column.name === nameText(node)).map((column) => column.id);
  }
  if (node.kind === 'PathExpression') {
    return columns.filter((column) => column.id === node.reference?.id).map((column) => column.id);
  }
  if (!/^(Equal|And|Parenthesized)Expression$/.test(node.kind)) return [];
  return node.children.flatMap((child) => comparedIn(child, columns));
}

/** Where the right side's columns stand in the output; `lookup` leaves those out that it compared. */
function rightPlaces({ leftColumns, rightColumns, output }: Join, keys: readonly number[]): NextId {
  const behind = output.slice(leftColumns.length);
  const rest =
    rightColumns.length === behind.length ? rightColumns : rightColumns.filter(({ id }) => !keys.includes(id));
  return rest.length === behind.length ? byPlace(rest, behind) : () => undefined;
}

/** The default of `join` keeps one left row of those with equal keys; the default of `lookup` keeps all. */
function kindOf(operator: KqlNode): string {
  const given = parameterText(operator, /^kind$/i);
  return given || (operator.kind === 'LookupOperator' ? 'leftouter' : 'innerunique');
}

function setReason(join: Join, kind: string): string | null {
  if (!join.looksUp) return 'it joins events with events';
  return STREAM_KINDS.includes(kind) ? null : `join kind=${kind} drops or repeats rows of the left side`;
}

function joinKey(join: Join, kind: string): readonly KeyPart[] | null {
  if (RIGHT_ONLY.includes(kind)) return fromSide(join.right.key, join.rightColumns, join.output);
  const left = fromSide(join.left.key, join.leftColumns, join.output);
  if (LEFT_ONLY.includes(kind) || join.looksUp) return left;
  const right = rightKey(join);
  return left && right ? [...left, ...right] : null;
}

/** After `lookup` the right side's columns lack those that were compared, so their places tell nothing. */
function rightKey(join: Join): readonly KeyPart[] | null {
  if (join.output.length !== join.leftColumns.length + join.rightColumns.length) return null;
  return fromSide(join.right.key, join.rightColumns, join.output.slice(join.leftColumns.length));
}

/** A side's columns keep their order in the output, but may get new names and ids. */
function fromSide(
  key: readonly KeyPart[] | null,
  side: readonly KqlColumn[],
  output: readonly KqlColumn[],
): readonly KeyPart[] | null {
  return mapKey(key, byPlace(side, output));
}

function byPlace(side: readonly KqlColumn[], output: readonly KqlColumn[]): NextId {
  const places = new Map(side.map((column, index) => [column.id, output[index]?.id]));
  return (id) => places.get(id);
}

import type { KqlColumn, KqlNode } from '../ast.ts';
import { asSet, type Flow, type KeyPart, mapKey } from './flow.ts';
import { parameterText } from './nodes.ts';

export interface Join {
  readonly operator: KqlNode;
  readonly left: Flow;
  readonly right: Flow;
  /** Whether the right side reads context tables only. */
  readonly looksUp: boolean;
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
  const fansOut = join.left.fansOut || !LEFT_ONLY.includes(kind);
  const flow = { ...join.left, fansOut, sorted: false, key: joinKey(join, kind) };
  const withRight = join.looksUp ? flow : { ...flow, drivers: [...join.left.drivers, ...join.right.drivers] };
  return reason === null ? withRight : asSet(withRight, reason);
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
  const places = new Map(side.map((column, index) => [column.id, output[index]?.id]));
  return mapKey(key, (id) => places.get(id));
}

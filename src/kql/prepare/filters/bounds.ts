import { childOf, itemsOf, type KqlNode } from '../../ast.ts';
import { type Closure, type Environment, remember } from '../environment.ts';
import { innermost, nameText } from '../nodes.ts';
import { isTimeCall } from '../reach.ts';
import { type Bound, type Strand, TIME_NAMES, type TimeTrack, type UnclearFilter } from './strand.ts';
import { type TimeLimits, timeLimits } from './time-limits.ts';
import { definitionOf, holdsBelow, isIngestionTime, type Standpoint } from './time-terms.ts';

/** What telling the bounds of a condition needs beside the names in scope. */
export interface Sight {
  /** Whether `ingestion_time()` is the time that windows go by. */
  readonly byIngestion: boolean;
  /** What stands behind the columns that operators compute, by their ids: filled on the way. */
  readonly definitions: Map<number, Closure>;
}

/** Computed columns: a later condition on one is a condition on what it was computed of. */
export function noteDefinitions(operator: KqlNode, environment: Environment, { definitions }: Sight): void {
  if (operator.kind !== 'ExtendOperator' && operator.kind !== 'ProjectOperator') return;
  for (const item of itemsOf(operator, 'Expressions')) {
    const name = nameText(childOf(item, 'Name'));
    const value = childOf(item, 'Expression');
    const column = operator.columns?.find((one) => one.name === name);
    if (item.kind !== 'SimpleNamedExpression' || !value || !column) continue;
    const known = definitionOf(innermost(value), { environment, definitions });
    const isRenamed = operator.kind === 'ProjectOperator' && innermost(value).reference?.kind === 'column';
    if (known || !isRenamed) definitions.set(column.id, known ?? { node: value, environment });
  }
}

/** The strand with what the conjuncts of a `where` say of its time. */
export function bounded(strand: Strand, operator: KqlNode, environment: Environment, sight: Sight): Strand {
  const condition = childOf(operator, 'Condition');
  if (!condition) return strand;
  const bounds: Bound[] = [];
  const unclear: UnclearFilter[] = [];
  for (const node of conjuncts(condition)) {
    const bound = boundOf(node, strand, environment, sight);
    if (bound) bounds.push(bound);
    const place = { environment, definitions: sight.definitions };
    const isTold = isClear(bound) || (bound === null && asksForArrival(limitsOf(node, environment, sight)));
    if (isTold || !comparesWithNow(node, strand.time, place)) continue;
    const { shift } = environment;
    unclear.push({ start: node.start + shift, end: node.end + shift });
  }
  if (bounds.length === 0 && unclear.length === 0) return strand;
  return { ...strand, bounds: [...strand.bounds, ...bounds], unclear: [...strand.unclear, ...unclear] };
}

function isClear(bound: Bound | null): boolean {
  return bound !== null && bound.limits.lower !== 'open' && bound.limits.upper !== 'open';
}

/** Whether rows that arrived so lately are wanted: that is told of rows of any table, whatever columns it has. */
function asksForArrival(limits: TimeLimits | null): boolean {
  return limits !== null && isIngestionTime(limits.subject) && limits.lower !== 'open' && limits.upper === null;
}

/** Whether a time of a row and a value that is another in each run stand in one condition. */
function comparesWithNow(node: KqlNode, time: TimeTrack | null, place: Standpoint): boolean {
  const holds = (test: (one: KqlNode) => boolean): boolean => holdsBelow(node, place, test, areRows);
  return holds((one) => isEventTime(one, time)) && holds(changesWithTime);
}

/** What rows that a condition looks up are asked for is not what the row itself is asked for. */
function areRows({ columns }: KqlNode): boolean {
  return columns !== null;
}

/** Behind a union, the time column of other tables says nothing of a table's own rows. */
function isEventTime(node: KqlNode, time: TimeTrack | null): boolean {
  if (isIngestionTime(node)) return true;
  const { reference } = node;
  if (node.kind !== 'NameReference' || reference?.kind !== 'column' || !TIME_NAMES.includes(reference.name))
    return false;
  return time === null || time.id === null || reference.name === time.name || reference.id === time.twin;
}

function changesWithTime(node: KqlNode): boolean {
  return node.kind === 'ToScalarExpression' || isTimeCall(node);
}

function conjuncts(condition: KqlNode): readonly KqlNode[] {
  const node = innermost(condition);
  if (node.kind !== 'AndExpression') return [node];
  return ['Left', 'Right'].flatMap((role) => {
    const side = childOf(node, role);
    return side ? conjuncts(side) : [];
  });
}

function boundOf(node: KqlNode, { time }: Strand, environment: Environment, sight: Sight): Bound | null {
  const limits = time && limitsOf(node, environment, sight);
  const obstacle = limits ? obstacleOf(limits, time, sight) : undefined;
  if (!limits || obstacle === undefined) return null;
  const { shift } = environment;
  return { start: node.start + shift, end: node.end + shift, node, shift, limits, obstacle };
}

function limitsOf(node: KqlNode, environment: Environment, { definitions }: Sight): TimeLimits | null {
  return remember(environment, 'limits', node, () => timeLimits(node, { environment, definitions }));
}

/** What a comparison says of the strand's time, wherever in a condition it stands; null: nothing. */
export function saidOf(node: KqlNode, strand: Strand, environment: Environment, sight: Sight): TimeLimits | null {
  const limits = strand.time && limitsOf(node, environment, sight);
  return limits && isTimeOf(strand, limits, sight) ? limits : null;
}

/** Whether the limits are those of the strand's time. */
export function isTimeOf({ time }: Strand, limits: TimeLimits, sight: Sight): boolean {
  return time !== null && obstacleOf(limits, time, sight) !== undefined;
}

/** undefined: what is compared is no time of the strand's table. */
function obstacleOf(
  { subject, isPlain }: TimeLimits,
  time: TimeTrack,
  { byIngestion }: Sight,
): string | null | undefined {
  const isArrival = isIngestionTime(subject);
  const isTwin = !isArrival && time.twin !== null && subject.reference?.id === time.twin;
  if (!isArrival && !isTwin && !isColumn(subject, time)) return undefined;
  if (!isPlain) return 'it asks for what is computed of the time';
  if (time.behind) return `it stands behind \`${time.behind}\``;
  if (isArrival && !byIngestion) return 'it asks for the time of arrival, and the window goes by that of the event';
  return isTwin ? `it asks for ${nameText(subject)}, and the window goes by ${time.name}` : null;
}

/** Of a table of unknown columns, the binder makes one of each name that nothing else explains. */
function isColumn(subject: KqlNode, time: TimeTrack): boolean {
  const id = subject.reference?.id;
  if (time.id !== null) return id === time.id || (id !== undefined && time.former.includes(id));
  return subject.type === 'unknown' && nameText(subject) === time.name;
}

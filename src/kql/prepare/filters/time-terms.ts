import { argumentsOf, childOf, type KqlNode } from '../../ast.ts';
import { farthestMs, periodMs, roundedTo } from '../call-constant.ts';
import { constantOf } from '../constant.ts';
import { type Closure, type Environment, enterCall, resolve } from '../environment.ts';
import { calledName, innermost } from '../nodes.ts';

/** Where an expression stands: the names in scope, and what stands behind the columns that the query computes, by their ids. */
export interface Standpoint {
  readonly environment: Environment;
  readonly definitions: ReadonlyMap<number, Closure>;
}

/** A time of the row, moved by a constant. */
export interface TimeTerm {
  /** The column, or the call of `ingestion_time()`. */
  readonly subject: KqlNode;
  readonly addedMs: number;
  /** Whether it is the time just as the row has it, perhaps under another name. */
  readonly isPlain: boolean;
  /** false where it is rounded; `addedMs` is then the most that it is moved by. */
  readonly exact: boolean;
}

/** The time that an expression gives, also through columns that were computed before; null where it gives none of the row's. */
export function timeTerm(side: KqlNode, place: Standpoint): TimeTerm | null {
  const node = innermost(side);
  const defined = definitionOf(node, place);
  const behind = defined && timeTerm(defined.node, { ...place, environment: defined.environment });
  if (behind) return { ...behind, isPlain: behind.isPlain && innermost(defined.node).kind === 'NameReference' };
  if (isTimeColumn(node) || isIngestionTime(node)) return { subject: node, addedMs: 0, isPlain: true, exact: true };
  if (node.kind === 'AddExpression') return sumTerm(node, 1, place);
  if (node.kind === 'SubtractExpression') return sumTerm(node, -1, place);
  return node.kind === 'FunctionCallExpression' && node.reference?.builtIn ? calledTerm(node, place) : null;
}

function isTimeColumn(node: KqlNode): boolean {
  const isColumn = node.kind === 'NameReference' && node.reference?.kind === 'column';
  return isColumn && (node.type === 'datetime' || node.type === 'unknown');
}

export function isIngestionTime(node: KqlNode): boolean {
  return (
    node.kind === 'FunctionCallExpression' && node.reference?.builtIn === true && calledName(node) === 'ingestion_time'
  );
}

/** The expression behind a column that the query computes, with its names. */
export function definitionOf(node: KqlNode, { definitions }: Standpoint): Closure | null {
  if (node.kind !== 'NameReference' || node.reference?.kind !== 'column') return null;
  return definitions.get(node.reference.id) ?? null;
}

function sumTerm(node: KqlNode, sign: 1 | -1, place: Standpoint): TimeTerm | null {
  const sides = [childOf(node, 'Left'), childOf(node, 'Right')];
  // Of a time whose type is not known the binder takes `Time + 5h` for a span.
  const isUntold = node.type === 'unknown' || sides.some((side) => side?.type === 'unknown');
  if (node.type !== 'datetime' && !isUntold) return null;
  for (const [time, other] of sign === 1 ? [sides, sides.toReversed()] : [sides]) {
    const distance = other && constantOf(other, place.environment);
    const term = time && distance?.kind === 'span' ? timeTerm(time, place) : null;
    if (term && distance?.kind === 'span')
      return { ...term, isPlain: false, addedMs: term.addedMs + sign * distance.ms };
  }
  return null;
}

function calledTerm(call: KqlNode, place: Standpoint): TimeTerm | null {
  const name = calledName(call);
  const given = argumentsOf(call);
  if (name === 'datetime_add') return addedTerm(given, place);
  const [first, ...others] = given;
  const term = first ? timeTerm(first, place) : null;
  if (!term) return null;
  if (name === 'todatetime') return { ...term, isPlain: false };
  if (name === 'bin' || name === 'floor') return { ...term, isPlain: false, exact: false };
  const rounded = roundedTo(name);
  if (!rounded || others.length > 0) return null;
  const moved = rounded.edge === 'end' ? farthestMs(rounded.period, -1) : 0;
  return { ...term, isPlain: false, addedMs: term.addedMs - moved, exact: false };
}

function addedTerm([unit, amount, time]: readonly KqlNode[], place: Standpoint): TimeTerm | null {
  const term = time ? timeTerm(time, place) : null;
  const name = unit ? constantOf(unit, place.environment) : null;
  const count = amount ? constantOf(amount, place.environment) : null;
  if (!term || name?.kind !== 'text' || count?.kind !== 'number' || periodMs(name.value) === null) return null;
  const period = name.value.toLowerCase();
  const addedMs = term.addedMs - farthestMs(period, -count.value);
  return { ...term, isPlain: false, addedMs, exact: term.exact && farthestMs(period, 1) === periodMs(period) };
}

/** Whether a test holds somewhere in an expression, in what its names stand for, or in a function that it calls; not below what `stops`. */
export function holdsBelow(
  start: KqlNode,
  place: Standpoint,
  test: (node: KqlNode) => boolean,
  stops: (node: KqlNode) => boolean = () => false,
): boolean {
  const seen = new Set<KqlNode>();
  const open: Closure[] = [{ node: start, environment: place.environment }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, environment } = next;
    if (seen.has(node)) continue;
    seen.add(node);
    if (test(node)) return true;
    if (stops(node)) continue;
    const named = definitionOf(node, place) ?? resolve(node, environment) ?? enterCall(node, environment, null);
    if (named) open.push(named);
    for (const child of node.children) open.push({ node: child, environment });
  }
  return false;
}

import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf } from '../../../kql/ast.ts';
import { type Expression, evaluateOnce } from '../../compile/expression.ts';
import { nameOf } from '../../compile/nodes.ts';
import type { Scope, TablePlan, TableStep } from '../../compile/scope.ts';
import { unsupported } from '../../problem.ts';
import { findColumn } from '../../runtime/table.ts';
import { type GroupKey, groupKey } from '../../values/group-key.ts';
import {
  asNumber,
  binning,
  compileSliding,
  linesTable,
  type Slice,
  type SlidingCall,
  type SlidingLine,
  slicesOf,
  spanOf,
} from './sliding.ts';

/** The arguments behind the length of a period: one cohort, dimensions, a table of ids that are not new. */
interface CohortCall {
  readonly call: SlidingCall;
  readonly cohort: Expression | null;
  readonly known: TablePlan | null;
  readonly node: KqlNode;
}

/**
 * `new_activity_metrics(id, time, start, end, window, cohort, dimension…, lookback)`: who was first seen in a period, beside every
 * period from it on: how many of them were seen there, and how many there are newer than the cohort.
 */
export function compileNewActivity(node: KqlNode, scope: Scope): TableStep {
  const args = argumentsOf(node);
  const others = args.slice(5);
  const isColumn = (one: KqlNode): boolean => one.reference?.kind === 'column';
  const table = others.find((one) => one.columns !== null);
  const value = others.find((one) => one.columns === null && !isColumn(one));
  const call = compileSliding(node, 1, scope, [...args.slice(0, 5), ...others.filter(isColumn)]);
  const metrics: CohortCall = {
    call,
    cohort: value ? scope.compilation.expression(value, scope) : null,
    known: table ? scope.compilation.table(table, scope) : null,
    node,
  };
  if (!call.span || (metrics.cohort && metrics.cohort.type !== call.time.type))
    throw unsupported('this form of new_activity_metrics()', node);
  return (input) => {
    const known = knownIds(metrics, nameOf(args[0] ?? node));
    const lines = slicesOf(input, call).flatMap((slice) => cohortLines(slice, metrics, known));
    return linesTable(lines, call, node);
  };
}

function knownIds({ known, call }: CohortCall, name: string): ReadonlySet<GroupKey> {
  const table = known?.();
  const column = table && (findColumn(table, call.id.column ?? name) ?? table.columns[0]);
  return new Set(column?.values().map((value) => groupKey(value, call.id.type)) ?? []);
}

function cohortLines(slice: Slice, metrics: CohortCall, known: ReadonlySet<GroupKey>): SlidingLine[] {
  const { call, cohort } = metrics;
  const starts = periodStarts(metrics);
  const periods = idsOfPeriods(slice, metrics, starts);
  const first = firstSeen(periods, known);
  const wanted = cohort ? asNumber(evaluateOnce(cohort)) : null;
  const { budget } = call.context.compilation;
  return starts.flatMap((from, at) => {
    if (wanted !== null && from !== wanted) return [];
    const ids = [...(periods[at] ?? [])].filter((id) => first.get(id) === at);
    return starts.slice(at).map((to, ahead) => {
      const seen = periods[at + ahead] ?? new Set();
      budget.tick(ids.length + seen.size);
      const retained = ids.filter((id) => seen.has(id)).length;
      const newer = [...seen].filter((id) => (first.get(id) ?? -1) >= at + Math.min(ahead, 1)).length;
      return lineOf(slice, { from, to, newer, retained, size: ids.length }, call);
    });
  });
}

interface Pair {
  readonly from: number;
  readonly to: number;
  readonly newer: number;
  readonly retained: number;
  readonly size: number;
}

function lineOf(
  { dimensions }: Slice,
  { from, to, newer, retained, size }: Pair,
  { time, context }: SlidingCall,
): SlidingLine {
  context.compilation.budget.spend(1);
  const column = (time.column ?? '').toLowerCase();
  const counts = {
    [`from_${column}`]: from,
    [`to_${column}`]: to,
    dcount_new_values: newer,
    dcount_retained_values: retained,
    dcount_churn_values: size - retained,
    retention_rate: retained / size,
    churn_rate: (size - retained) / size,
  };
  return { at: from, dimensions, counts };
}

/** The starts of the periods of the span, with those in which nobody was seen. */
function periodStarts({ call, node }: CohortCall): number[] {
  const [start, end] = spanOf(call);
  const [length] = call.own;
  const step = length ? asNumber(evaluateOnce(length)) : Number.NaN;
  if (!(step > 0) || !Number.isFinite(start)) throw unsupported('a window of this kind', node);
  const starts: number[] = [];
  for (let at = start; at <= end; at += step) {
    call.context.compilation.budget.spend(1);
    starts.push(at);
  }
  return starts;
}

function idsOfPeriods({ appearances }: Slice, { call, node }: CohortCall, starts: readonly number[]): Set<GroupKey>[] {
  const [start, end] = spanOf(call);
  const [length] = call.own;
  if (!length) throw unsupported('a window of this kind', node);
  const bin = binning(call, length, node);
  const places = new Map(starts.map((at, place) => [at, place]));
  const periods = starts.map(() => new Set<GroupKey>());
  for (const { id, time } of appearances) {
    if (time >= start && time <= end) periods[places.get(Number(bin(time))) ?? -1]?.add(id);
  }
  return periods;
}

/** In which period each id was seen first; -1 for those that were known before. */
function firstSeen(periods: readonly Set<GroupKey>[], known: ReadonlySet<GroupKey>): ReadonlyMap<GroupKey, number> {
  const first = new Map<GroupKey, number>();
  periods.forEach((ids, at) => {
    for (const id of ids) if (!first.has(id)) first.set(id, known.has(id) ? -1 : at);
  });
  return first;
}

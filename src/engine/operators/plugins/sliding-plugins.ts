import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf } from '../../../kql/ast.ts';
import { evaluateOnce } from '../../compile/expression.ts';
import type { Scope, TableStep } from '../../compile/scope.ts';
import { commonKeys } from '../../functions/sketch.ts';
import { unsupported } from '../../problem.ts';
import { columnOf } from '../../runtime/column.ts';
import { tableOf, withColumns } from '../../runtime/table.ts';
import type { GroupKey } from '../../values/group-key.ts';
import type { Integer } from '../../values/integer.ts';
import {
  type Appearance,
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

/** So many appearances that are looked at count as one piece of work. */
const COMPARED_A_TICK = 64;

type Lines = (slice: Slice, bin: (time: number) => Integer) => SlidingLine[];

/** A plugin that gives lines for each slice; `size` tells which of its own arguments is the length of a bin. */
function compileLines(
  node: KqlNode,
  own: number,
  size: number,
  scope: Scope,
  linesFor: (call: SlidingCall) => Lines,
): TableStep {
  const call = compileSliding(node, own, scope);
  const length = call.own[size];
  if (!length) throw unsupported('this form of the plugin', node);
  const bin = binning(call, length, node);
  return (input) => {
    const lines = linesFor(call);
    return linesTable(
      slicesOf(input, call).flatMap((slice) => lines(slice, bin)),
      call,
      node,
    );
  };
}

/** The ids of each bin, bins in their order. */
function idsByBin(appearances: readonly Appearance[], bin: (time: number) => Integer): Map<Integer, Set<GroupKey>> {
  const bins = new Map<Integer, Set<GroupKey>>();
  for (const { time, id } of appearances) {
    const at = bin(time);
    const ids = bins.get(at) ?? new Set();
    bins.set(at, ids.add(id));
  }
  return bins;
}

function within(appearances: readonly Appearance[], from: number, to: number): Appearance[] {
  return appearances.filter(({ time }) => time >= from && time <= to);
}

/** `activity_engagement(id, time, start, end, inner, outer)`: who was active in a bin, beside who was in the outer span that it ends. */
export function compileActivityEngagement(node: KqlNode, scope: Scope): TableStep {
  return compileLines(node, 2, 0, scope, (call) => {
    const [start, end] = spanOf(call);
    const [inner, outer] = call.own.map((one) => asNumber(evaluateOnce(one)));
    return ({ dimensions, appearances }, bin) => {
      const bins = [...idsByBin(within(appearances, start, end), bin)];
      return bins.map(([at, ids]) => {
        scope.compilation.budget.tick(1 + bins.length / COMPARED_A_TICK);
        const since = Number(at) + (inner ?? 0) - (outer ?? 0);
        const all = new Set(
          bins.filter(([other]) => other <= at && Number(other) >= since).flatMap(([, some]) => [...some]),
        );
        const counts = {
          dcount_activities_inner: ids.size,
          dcount_activities_outer: all.size,
          activity_ratio: ids.size / all.size,
        };
        return { at, dimensions, counts };
      });
    };
  });
}

/** `activity_metrics(id, time, start, end, bin)`: who is new in a bin, and how many of the bin before came back. */
export function compileActivityMetrics(node: KqlNode, scope: Scope): TableStep {
  return compileLines(node, 1, 0, scope, (call) => {
    const [start, end] = spanOf(call);
    return ({ dimensions, appearances }, bin) => {
      let before: ReadonlySet<GroupKey> | null = null;
      return [...idsByBin(within(appearances, start, end), bin)].map(([at, ids]) => {
        const returned: number = before ? [...ids].filter((id) => before?.has(id)).length : 0;
        const rate: number = before ? returned / before.size : 1;
        before = ids;
        const counts = {
          dcount_values: ids.size,
          dcount_newvalues: ids.size - returned,
          retention_rate: rate,
          churn_rate: 1 - rate,
        };
        return { at, dimensions, counts };
      });
    };
  });
}

/** `sliding_window_counts(id, time, start, end, lookback, bin)`: rows and ids of the bins that a lookback covers, for every bin. */
export function compileSlidingCounts(node: KqlNode, scope: Scope): TableStep {
  return compileLines(node, 2, 1, scope, (call) => {
    const [start, end] = spanOf(call);
    const [lookback = 0, size = 1] = call.own.map((one) => asNumber(evaluateOnce(one)));
    const back = Math.max(1, Math.floor(lookback / size));
    const { budget } = scope.compilation;
    return ({ dimensions, appearances }, bin) => {
      const lines: SlidingLine[] = [];
      const last = Math.min(end, (appearances.at(-1)?.time ?? start) + back * size);
      const first = Number.isFinite(start) ? start : Number(bin(appearances[0]?.time ?? 0));
      for (let at = first; at <= last; at += size) {
        budget.tick(1 + appearances.length / COMPARED_A_TICK);
        const seen = within(appearances, at - (back - 1) * size, Math.min(at + size - 1, end));
        if (seen.length === 0) continue;
        const ids = new Set(seen.map(({ id }) => id));
        lines.push({ at, dimensions, counts: { count: seen.length, dcount: ids.size } });
      }
      return lines;
    };
  });
}

/** `active_users_count(id, time, start, end, lookback, period, periods, bin)`: ids that were seen in so many periods of a lookback. */
export function compileActiveUsers(node: KqlNode, scope: Scope): TableStep {
  return compileLines(node, 4, 3, scope, (call) => {
    const [start, end] = spanOf(call);
    const [lookback = 0, period = 1, least = 1] = call.own.map((one) => asNumber(evaluateOnce(one)));
    return ({ dimensions, appearances }, bin) => {
      const active = within(appearances, start, end).filter(({ id, time }) => {
        scope.compilation.budget.tick(appearances.length / COMPARED_A_TICK);
        const recent = appearances.filter((one) => one.id === id && one.time > time - lookback && one.time <= time);
        return new Set(recent.map((one) => Math.floor(one.time / period))).size >= least;
      });
      return [...idsByBin(active, bin)].map(([at, ids]) => ({
        at,
        dimensions,
        counts: { dcount: ids.size, dcount_values: ids.size },
      }));
    };
  });
}

/** `dcount_intersect(hll, hll…)`: how many values the first sets have in common, from one set on. */
export function compileDcountIntersect(node: KqlNode, scope: Scope): TableStep {
  const sketches = argumentsOf(node).map((argument) => scope.compilation.expression(argument, scope));
  return (input) => {
    const getters = sketches.map((sketch) => sketch.bind(input));
    const rows = Array.from({ length: input.rowCount }, (_, row) => getters.map((get) => get(row)));
    const made = sketches.map((_, index) =>
      columnOf(
        `s${index}`,
        'long',
        rows.map((row) => commonKeys(row.slice(0, index + 1))),
      ),
    );
    return input.columns.length === 0 ? tableOf(made, input.rowCount) : withColumns(input, [...input.columns, ...made]);
  };
}

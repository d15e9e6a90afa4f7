import type { KqlNode } from '../../../kql/ast.ts';
import { evaluateOnce } from '../../compile/expression.ts';
import type { Scope, TableStep } from '../../compile/scope.ts';
import { unsupported } from '../../problem.ts';
import type { GroupKey } from '../../values/group-key.ts';
import type { Integer } from '../../values/integer.ts';
import {
  asNumber,
  binning,
  compileSliding,
  linesTable,
  type Slice,
  type SlidingLine,
  slicesOf,
  spanOf,
} from './sliding.ts';

/**
 * `session_count(id, time, start, end, bin, lookback, dimension…)`: how many sessions begin in each bin. A session begins with an
 * appearance when the id's last one lies further back than the lookback; appearances up to the start only tell what goes on.
 * Bins are those of bin(): so the documentation's chart shows it, and so its values are.
 */
export function compileSessionCount(node: KqlNode, scope: Scope): TableStep {
  const call = compileSliding(node, 2, scope);
  const [size, lookback] = call.own;
  if (!size || !lookback || !call.span) throw unsupported('this form of session_count()', node);
  const bin = binning({ ...call, span: null }, size, node);
  return (input) => {
    const [start, end] = spanOf(call);
    const reach = asNumber(evaluateOnce(lookback));
    const lines = slicesOf(input, call).flatMap((slice) => {
      const begun = beginnings(slice, reach).filter((time) => time > start && time <= end);
      return linesOf(begun.map(bin), slice);
    });
    return linesTable(lines, call, node);
  };
}

/** The times at which sessions begin, in their order. */
function beginnings({ appearances }: Slice, reach: number): number[] {
  const last = new Map<GroupKey, number>();
  return appearances.flatMap(({ id, time }) => {
    const before = last.get(id);
    last.set(id, time);
    return before === undefined || time - before > reach ? [time] : [];
  });
}

function linesOf(bins: readonly Integer[], { dimensions }: Slice): SlidingLine[] {
  const counts = new Map<Integer, number>();
  for (const at of bins) counts.set(at, (counts.get(at) ?? 0) + 1);
  return [...counts].map(([at, count]) => ({ at, dimensions, counts: { count_sessions: count } }));
}

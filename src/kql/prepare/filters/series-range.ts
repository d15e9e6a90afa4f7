import { childOf, itemsOf, type KqlNode } from '../../ast.ts';
import type { Environment } from '../environment.ts';
import { isTimeOf, type Sight } from './bounds.ts';
import type { Strand } from './strand.ts';
import { lowerLimit } from './time-limits.ts';

const OBSTACLE = 'it is the range of `make-series`';

/** Of a table that is looked up: rows before the range of a `make-series` are in no series, as if a `where` had left them out. */
export function rangedLookup(strand: Strand, operator: KqlNode, environment: Environment, sight: Sight): Strand {
  const time = childIn(operator, ['OnClause', 'Expression']);
  const clause = childOf(operator, 'RangeClause');
  const first = clause && beginOf(clause);
  if (!time || !clause || !first) return strand;
  const limits = lowerLimit(time, first, { environment, definitions: sight.definitions });
  if (!limits || !isTimeOf(strand, limits, sight)) return strand;
  const { shift } = environment;
  const span = { start: clause.start + shift, end: clause.end + shift };
  if (limits.lower === 'open') return { ...strand, unclear: [...strand.unclear, span] };
  return { ...strand, bounds: [...strand.bounds, { ...span, node: clause, shift, limits, obstacle: OBSTACLE }] };
}

/** `from A to B step C`, or `in range(A, B, C)`. */
function beginOf(clause: KqlNode): KqlNode | null {
  const given = childOf(clause, 'Arguments');
  if (!given) return childIn(clause, ['MakeSeriesFromClause', 'Expression']);
  return itemsOf(given, 'Expressions')[0] ?? null;
}

function childIn(node: KqlNode, roles: readonly string[]): KqlNode | null {
  return roles.reduce<KqlNode | null>((found, role) => found && childOf(found, role), node);
}

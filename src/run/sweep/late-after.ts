import type { LateCoverage } from '../../state/store.ts';
import type { Coverage } from '../coverage.ts';
import type { RunInput } from '../run-input.ts';
import { isSwept } from './sweep-view.ts';

/**
 * The coverage of late arrivals after a run: what a sweep has made of it, else what it was. It begins with the first run, as does what a
 * rule promises; undefined: the rule is not swept.
 */
export function lateAfter(
  { rule, state, planned, sweep, backfill }: RunInput,
  closed: Coverage,
): LateCoverage | undefined {
  if (sweep) return closed;
  if (!isSwept(rule)) return undefined;
  if (backfill) return state?.late;
  return state?.late ?? { frontier: planned.logicalTime, ledger: [], sliceMs: null };
}

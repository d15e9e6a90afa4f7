import type { RuleState } from '../../state/store.ts';
import { ranWith } from '../rule-edits.ts';
import type { RunInput } from '../run-input.ts';
import { isPending } from './ledger.ts';

/**
 * The L of a rule's first window after a run that leaves this frontier; left out: not known. What a set waits for is asked at its own L
 * too, however far its windows reach back, when the rule becomes a stream.
 */
export function firstTimeAfter(
  { state, rule }: Pick<RunInput, 'state' | 'rule'>,
  frontier: number | null,
): Pick<RuleState, 'firstTime'> {
  if (frontier === null) return {};
  if (!state || state.frontier === null) return { firstTime: frontier };
  const becameStream = rule.effectiveShape === 'stream' && ranWith(state)?.effectiveShape === 'set';
  const waiting = becameStream ? state.ledger.filter(isPending).map(({ logicalTime }) => logicalTime) : [];
  const firstTime = waiting.length > 0 ? Math.min(...waiting) : state.firstTime;
  return firstTime !== undefined && firstTime <= frontier ? { firstTime } : {};
}

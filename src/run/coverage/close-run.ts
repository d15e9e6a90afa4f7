import { closeBackfill } from '../backfill/close-backfill.ts';
import { type Coverage, closeWindow, type WindowOutcome } from '../coverage.ts';
import type { ConditionInput } from '../rule-conditions.ts';
import type { RunInput } from '../run-input.ts';
import type { WindowSettings } from '../windows.ts';

/** What a run leaves of the coverage that it was made for. */
export function closeRun(
  input: RunInput,
  outcome: WindowOutcome,
  settings: WindowSettings,
): ReturnType<typeof closeWindow> {
  if (input.backfill) return closeBackfill(input, outcome, settings);
  const { sweep, rule, edited, planned } = input;
  const own = sweep ?? { rule, coverage: edited.coverage };
  return closeWindow(own.rule, own.coverage, planned, outcome, settings);
}

/** The ledgers of a rule around a run that leaves this coverage. */
export function ledgersAround(
  { state, sweep, edited }: RunInput,
  { ledger: after }: Coverage,
): Pick<ConditionInput, 'ledger' | 'otherLedger'> {
  const late = state?.late?.ledger ?? [];
  if (sweep) return { ledger: { before: late, after }, otherLedger: edited.coverage.ledger };
  return { ledger: { before: state?.ledger ?? [], after }, otherLedger: late };
}

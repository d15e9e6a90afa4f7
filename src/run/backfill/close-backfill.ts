import type { BackfillProgress } from '../../state/store.ts';
import { closeWindow, type WindowOutcome } from '../coverage.ts';
import type { RunInput } from '../run-input.ts';
import { logicalGrid, timetableOf } from '../schedule.ts';
import { delayOf, type WindowSettings } from '../windows.ts';
import { progressAfter } from './backfill-progress.ts';
import { fillLedger } from './fill-ledger.ts';

/** What a window of a backfill leaves of the rule's own coverage: what it has searched is no gap any more, what it could not stays as it was. */
export function closeBackfill(
  { rule, edited, planned }: Pick<RunInput, 'rule' | 'edited' | 'planned'>,
  outcome: WindowOutcome,
  settings: WindowSettings,
): ReturnType<typeof closeWindow> {
  const before = edited.coverage;
  if (outcome.kind === 'failed') return { coverage: before, gaps: [] };
  const grid = logicalGrid(timetableOf(rule), delayOf(rule, settings));
  const filled = { ...before, ledger: fillLedger(rule, before.ledger, planned.core, grid) };
  const { coverage, gaps } = closeWindow(rule, filled, planned, outcome, settings);
  return { coverage: { ...coverage, frontier: before.frontier }, gaps };
}

/** The backfill of a rule after a run: of an ordinary one as it was. */
export function backfillAfter(
  { state, planned, backfill }: RunInput,
  outcome: WindowOutcome,
): BackfillProgress | undefined {
  if (!backfill) return state?.backfill;
  const told = outcome.kind === 'failed' ? outcome : ({ kind: 'answered' } as const);
  return progressAfter(backfill.progress, planned.logicalTime, told);
}

import type { KeyState } from '../../alerts/memory.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { BackfillProgress, BackfillWish, RuleState } from '../../state/store.ts';
import type { PlannedWindow } from '../coverage.ts';
import { type BackfillPlace, nextBackfill, startBackfill } from './backfill-progress.ts';

/** What a run of a backfill needs beside its window. */
export interface BackfillInput {
  readonly progress: BackfillProgress;
  /** What became of hits before that is told now. */
  readonly retold: ReadonlySet<KeyState>;
}

export interface BackfillPlan {
  readonly planned: PlannedWindow;
  readonly backfill: BackfillInput;
  /** The rule as the backfill runs it. */
  readonly rule: RunnableRule;
}

/** Plans the next window of the backfill that is wished for, else of the one in the state; null where none is left. */
export function planBackfill(
  rule: RunnableRule,
  state: RuleState | null,
  wish: BackfillWish | undefined,
  place: Omit<BackfillPlace, 'frontier'>,
): BackfillPlan | null {
  const own = { ...place, frontier: state?.frontier ?? null };
  const progress = wish ? startBackfill(rule, wish, state?.backfill, own) : state?.backfill;
  const planned = progress ? nextBackfill(rule, progress, own) : null;
  if (!progress || !planned) return null;
  const alert = progress.noLimit ? { ...rule.alert, limit: Number.MAX_SAFE_INTEGER } : rule.alert;
  return { planned, backfill: { progress, retold: retoldBy(progress) }, rule: { ...rule, alert } };
}

function retoldBy({ noLimit, retell }: BackfillProgress): ReadonlySet<KeyState> {
  return new Set<KeyState>([...(noLimit ? (['overflow'] as const) : []), ...(retell ? (['excepted'] as const) : [])]);
}

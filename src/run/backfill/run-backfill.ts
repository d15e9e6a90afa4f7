import { SECOND_MS } from '../../lib/duration.ts';
import type { HuntwireError } from '../../lib/errors.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { BackfillWish } from '../../state/store.ts';
import { classOf } from '../outcome.ts';
import type { RunReport } from '../run-rule.ts';
import { timetableOf } from '../schedule.ts';
import type { RunDeps, Tenant } from '../tenant.ts';
import { type Turn, takeTurn } from '../turn.ts';

export interface BackfillOptions {
  readonly signal: AbortSignal;
  /** Told after each window that was asked. */
  readonly onWindow: (report: RunReport) => void;
  /** Told when the quota makes it wait, with the ms for how long. */
  readonly onWait: (waitMs: number) => void;
}

/** How often a window is asked whose failure may pass and says nothing of it. */
const MOST_TRIES = 3;
const RETRY_MS = 5 * SECOND_MS;

/** Takes one turn of the backfill and gives what came of it; null: nothing is left. */
export type BackfillStep = (wish: BackfillWish | undefined) => Promise<RunReport | null>;

/**
 * Searches past time, window by window, each committed with how far it got: who stops it loses nothing. Gives what ended it before its
 * end; null: it is done. Rejects with USAGE where there is nothing to ask, with ABORTED and STATE_ errors.
 */
export async function runBackfill(
  { tenant, rule }: { readonly tenant: Tenant; readonly rule: RunnableRule },
  wish: BackfillWish,
  options: BackfillOptions,
  deps: RunDeps,
): Promise<HuntwireError | null> {
  const turn: Turn = { tenant, rule, timetable: timetableOf(rule), kind: 'backfill', scheduledAt: null };
  const { signal } = options;
  const admit = (): Promise<number> => admitted(tenant, options, deps);
  const step: BackfillStep = (wished) =>
    takeTurn({ ...turn, ...(wished && { wish: wished }) }, { admit, signal, dryRun: false }, deps);
  return stepThrough(step, wish, options, deps);
}

/** As `runBackfill`, however a turn is taken. */
export async function stepThrough(
  step: BackfillStep,
  wish: BackfillWish,
  { signal, onWindow }: Pick<BackfillOptions, 'signal' | 'onWindow'>,
  { clock }: Pick<RunDeps, 'clock'>,
): Promise<HuntwireError | null> {
  let report = await step(wish);
  for (let tries = 1; report; report = await step(undefined)) {
    onWindow(report);
    const { answer } = report;
    tries = answer.kind === 'failed' ? tries + 1 : 1;
    if (answer.kind === 'failed') {
      if (endsIt(answer, tries)) return answer.error;
      await clock.sleep(RETRY_MS, signal);
    }
    signal.throwIfAborted();
  }
  return null;
}

/** What speaks against a window leaves that one out in the end; what a person must repair, and what goes on too long, ends it all. */
function endsIt(
  { error, counts }: { readonly error: HuntwireError; readonly counts: boolean },
  tries: number,
): boolean {
  if (counts) return false;
  return classOf(error).standing === 'blocked' || !error.retryable || tries > MOST_TRIES;
}

/** What is left of the quota is for the rules that run. */
async function admitted(tenant: Tenant, { signal, onWait }: BackfillOptions, { clock }: RunDeps): Promise<number> {
  for (;;) {
    const admission = await tenant.meter.admit('backlog');
    if (admission.kind === 'go') return admission.call;
    if (admission.reason !== 'concurrency') onWait(admission.waitMs);
    await clock.sleep(admission.waitMs, signal);
  }
}

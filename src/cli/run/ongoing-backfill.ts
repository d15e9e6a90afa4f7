import type { Host } from '../../app/host.ts';
import type { App } from '../../app.ts';
import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import { stepThrough } from '../../run/backfill/run-backfill.ts';
import type { Errand } from '../../run/desk/errands.ts';
import { requireRunHere } from '../../run/desk/run-here.ts';
import type { RunReport } from '../../run/run-rule.ts';
import { type BackfillDocument, type BackfillSum, backfillDocument } from '../backfill/backfill-document.ts';

/** A backfill among the turns of a process that runs. */
export interface OngoingBackfill {
  readonly sum: BackfillSum;
  readonly stop: AbortController;
  /** Never rejects. */
  readonly done: Promise<void>;
  /** What came of it, and when by monotonic time; null: it goes on. */
  end: { readonly stopped: HuntwireError | null; readonly at: number } | null;
}

export type BackfillGround = Pick<App, 'tenants' | 'store' | 'runs'>;
export type BackfillMeans = Pick<Host, 'clock' | 'log'>;

/** Begins one: its windows are errands of the tenant's desk. */
export function beginBackfill(app: BackfillGround, host: BackfillMeans, sum: BackfillSum): OngoingBackfill {
  const stop = new AbortController();
  const { signal } = stop;
  const { tenant, rule: ruleId, wish } = sum;
  const about = { tenant, ruleId, from: iso(wish.from), to: iso(wish.to) };
  host.log.info('backfill began', { ...about, windows: sum.windows });
  const step = (wished: typeof wish | undefined): Promise<RunReport | null> =>
    asked(app, tenant, { ruleId, kind: 'backfill', ...(wished && { wish: wished }) }, signal);
  const ended = (stopped: HuntwireError | null): void => {
    ongoing.end = { stopped, at: host.clock.monotonic() };
    const { asked: windows, leftOut, rows, alerts } = sum;
    const outcome = stopped ? { code: stopped.code, reason: stopped.message } : {};
    host.log.info('backfill ended', { ...about, windows, leftOut, rows, alerts, ...outcome });
  };
  const ongoing: OngoingBackfill = {
    sum,
    stop,
    end: null,
    done: stepThrough(step, wish, { signal, onWindow: sum.add }, host).then(ended, (thrown) =>
      ended(signal.aborted ? toHuntwireError(signal.reason) : toHuntwireError(thrown)),
    ),
  };
  return ongoing;
}

/** One window. Where the tenant is handed over, its next desk is asked. */
async function asked(
  app: BackfillGround,
  name: string,
  errand: Errand,
  signal: AbortSignal,
): Promise<RunReport | null> {
  for (;;) {
    const tenant = app.tenants.find((one) => one.name === name);
    if (!tenant) throw new HuntwireError('ABORTED', `Tenant ${name} is not run any more.`);
    const errands = requireRunHere(tenant);
    try {
      return await errands.ask(errand, signal);
    } catch (thrown) {
      const isHandedOver = !app.tenants.includes(tenant) && toHuntwireError(thrown).code === 'ABORTED';
      if (signal.aborted || !isHandedOver) throw thrown;
    }
  }
}

export function ongoingDocument({ sum, end }: OngoingBackfill): BackfillDocument {
  return backfillDocument({ ...sum, running: end === null, stopped: end?.stopped ?? null });
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

import type { RunnerOffers, RunsAsked } from '../../actions/running/offers.ts';
import { withLink } from '../../alerts/alert-link.ts';
import type { Host } from '../../app/host.ts';
import type { Reload } from '../../app/reload.ts';
import type { App } from '../../app.ts';
import { requireDuration } from '../../lib/duration.ts';
import { requireRunHere } from '../../run/desk/run-here.ts';
import { runOnce } from '../../run/once.ts';
import { chosen } from '../choose-rules.ts';
import { runAskedEntry } from '../run-asked-entry.ts';
import { runDocument } from '../run-document.ts';
import type { Backfills } from './backfills.ts';
import { runRulesNow } from './run-now.ts';

/** The parts of a process that runs which do what it offers. */
export interface OfferedBy {
  readonly reload: Reload;
  readonly backfills: Backfills;
}

/** Who asks, for the audit. */
interface OfferMeans extends OfferedBy, Pick<Host, 'clock'> {
  readonly by: string;
}

/** What a process that runs can do for who asks. */
export function offersOf(app: App, { clock, reload, backfills, by }: OfferMeans): RunnerOffers {
  return {
    reload: async () => {
      const { at, outcome, changes, problems } = await reload('action', by);
      return { at: new Date(at).toISOString(), outcome, changes, problems };
    },
    runRules: async (asked, signal) => {
      if (asked.dryRun === true) return rehearseRules(app, asked, { clock }, signal);
      await app.store.noteAudit(runAskedEntry(asked.rule ?? [], { who: by, at: clock.now() }));
      return runRulesNow(app, asked, { clock }, signal);
    },
    backfillRule: (asked, signal) => backfills.ask(asked, signal, by),
  };
}

/** What commits nothing is done beside the runs of the schedule. */
async function rehearseRules(
  { tenants, runs, config }: App,
  { rule: ids = [], wait = '30s' }: RunsAsked,
  { clock }: Pick<Host, 'clock'>,
  signal: AbortSignal,
): Promise<unknown> {
  const startedAt = new Date(clock.now()).toISOString();
  const deadline = clock.monotonic() + requireDuration(wait, 'wait');
  const rules = chosen(
    tenants.flatMap((tenant) => tenant.rules),
    ids,
  );
  const wanted = new Set(rules.map(({ id }) => id));
  for (const tenant of tenants) requireRunHere(tenant);
  const reports = await Promise.all(
    tenants.map((tenant) => {
      const own = tenant.rules.filter(({ id }) => wanted.has(id));
      return runOnce(tenant, { rules: own, dryRun: true, deadline, signal, onReport: () => undefined }, runs);
    }),
  );
  const alerts = reports.flat().flatMap((report) => report.alerts);
  return {
    startedAt,
    endedAt: new Date(clock.now()).toISOString(),
    runs: reports.flat().map(({ run }) => runDocument(run)),
    deliveries: [],
    alerts: alerts.map((alert) => withLink(alert, config.links.alert)),
  };
}

import type { RunnerOffers, RunsAsked } from '../../actions/running/offers.ts';
import { withLink } from '../../alerts/alert-link.ts';
import type { Host } from '../../app/host.ts';
import type { Reload } from '../../app/reload.ts';
import type { App } from '../../app.ts';
import { requireDuration } from '../../lib/duration.ts';
import type { AskedTenant } from '../../run/desk/errands.ts';
import { requireRunHere } from '../../run/desk/run-here.ts';
import { runOnce } from '../../run/once.ts';
import { chosen } from '../choose-rules.ts';
import { runAskedEntry } from '../run-asked-entry.ts';
import { runDocument } from '../run-document.ts';
import type { Backfills } from './backfills.ts';
import type { Others } from './relays/ask-others.ts';
import { reloadOthers } from './relays/reload-all.ts';
import { type RunsDocument, runAmong } from './relays/run-among.ts';
import { runRulesNow } from './run-now.ts';

/** The parts of a process that runs which do what it offers. */
export interface OfferedBy {
  readonly reload: Reload;
  readonly backfills: Backfills;
}

/** Who asks, for the audit. */
interface OfferMeans extends OfferedBy, Pick<Host, 'clock' | 'process'> {
  readonly by: string;
  /** Null: this process does all of it, or does it for another one. */
  readonly others: Others | null;
  /** Of what is done for another process: it has noted who asked. */
  readonly isNoted: boolean;
}

/** What a process that runs can do for who asks. */
export function offersOf(app: App, means: OfferMeans): RunnerOffers {
  const { clock, backfills, by, others, isNoted } = means;
  const here = (tenants: readonly AskedTenant[], asked: RunsAsked, signal: AbortSignal): Promise<RunsDocument> => {
    const { runs, config } = app;
    if (asked.dryRun === true) return rehearseRules({ tenants, runs, config }, asked, { clock }, signal);
    return runRulesNow({ tenants, runs }, asked, { clock }, signal);
  };
  return {
    reload: (signal) => reloadAmong(means, signal),
    runRules: async (asked, signal) => {
      if (asked.dryRun !== true && !isNoted)
        await app.store.noteAudit(runAskedEntry(asked.rule ?? [], { who: by, at: clock.now() }));
      if (!others) return here(app.tenants, asked, signal);
      return runAmong(app, asked, { others, by, signal, here: (tenants, own) => here(tenants, own, signal) });
    },
    backfillRule: (asked, signal) => backfills.ask(asked, signal, by),
  };
}

async function reloadAmong({ reload, by, others, process }: OfferMeans, signal: AbortSignal): Promise<unknown> {
  const [record, rest] = await Promise.all([reload('action', by), others && reloadOthers(others, by, signal)]);
  const { at, outcome, changes, problems } = record;
  const own = { machine: process.machine, pid: process.pid, outcome, problems };
  return { at: new Date(at).toISOString(), outcome, changes, problems, ...(rest && { processes: [own, ...rest] }) };
}

/** What commits nothing is done beside the runs of the schedule. */
async function rehearseRules(
  { tenants, runs, config }: Pick<App, 'tenants' | 'runs' | 'config'>,
  { rule: ids = [], wait = '30s' }: RunsAsked,
  { clock }: Pick<Host, 'clock'>,
  signal: AbortSignal,
): Promise<RunsDocument> {
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

import type { RunsAsked } from '../../../actions/running/offers.ts';
import type { App } from '../../../app.ts';
import { toHuntwireError } from '../../../lib/errors.ts';
import type { AskedTenant } from '../../../run/desk/errands.ts';
import { emptyRun } from '../../../run/empty/empty-run.ts';
import type { RelayAsked } from '../../../state/relay.ts';
import { chosen } from '../../choose-rules.ts';
import { runDocument } from '../../run-document.ts';
import { askOthers, type Others, relayedDocument } from './ask-others.ts';

/** The document of `run_rule`, as far as several are put together. */
export interface RunsDocument {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly runs: readonly unknown[];
  readonly deliveries: readonly unknown[];
  /** Of a dry run. */
  readonly alerts?: readonly unknown[];
}

export interface AmongDeps {
  readonly others: Others;
  readonly by: string;
  readonly signal: AbortSignal;
  /** Runs these rules for tenants of this process. */
  readonly here: (tenants: readonly AskedTenant[], asked: RunsAsked) => Promise<RunsDocument>;
}

/** The rules that are asked for, each tenant's by the process that runs it, and what came of all of them. */
export async function runAmong(
  app: Pick<App, 'tenants' | 'runs'>,
  asked: RunsAsked,
  deps: AmongDeps,
): Promise<RunsDocument> {
  const all = app.tenants.flatMap(({ rules }) => rules);
  const ids = chosen(all, asked.rule ?? []).map(({ id }) => id);
  const concerned = app.tenants.filter((tenant) => rulesOf(tenant, ids).length > 0);
  const near = concerned.filter(({ errands }) => errands !== undefined);
  const far = concerned.filter((tenant) => !near.includes(tenant));
  const known = new Set(near.flatMap((tenant) => rulesOf(tenant, ids)));
  const own = near.length > 0 ? deps.here(near, { ...asked, rule: [...known] }) : null;
  const [here, ...elsewhere] = await Promise.all([own, runElsewhere(app, far, { asked, ids }, deps)]);
  return together([...(here ? [here] : []), ...elsewhere.flat()]);
}

function rulesOf({ rules }: AskedTenant, ids: readonly string[]): readonly string[] {
  return rules.filter(({ id, status }) => status !== 'disabled' && ids.includes(id)).map(({ id }) => id);
}

interface RunsWanted {
  readonly asked: RunsAsked;
  readonly ids: readonly string[];
}

async function runElsewhere(
  { runs }: Pick<App, 'runs'>,
  tenants: readonly AskedTenant[],
  { asked, ids }: RunsWanted,
  { others, by, signal }: AmongDeps,
): Promise<readonly RunsDocument[]> {
  const relays = tenants.map(
    (tenant): RelayAsked => ({
      to: { tenant: tenant.name },
      action: 'run_rule',
      input: { ...asked, rule: rulesOf(tenant, ids) },
      by,
    }),
  );
  const startedAt = new Date(runs.clock.now()).toISOString();
  const outcomes = await askOthers(others, relays, signal);
  return tenants.map((tenant, at) => {
    try {
      return relayedDocument(outcomes[at] ?? { kind: 'lost' }, `tenant ${tenant.name}`) as RunsDocument;
    } catch (thrown) {
      if (asked.dryRun === true) throw thrown;
      const { code, message } = toHuntwireError(thrown);
      const endedAt = new Date(runs.clock.now()).toISOString();
      const none = rulesOf(tenant, ids).map((ruleId) => {
        const about = { runId: runs.newRunId(), ruleId, outcome: 'failed', error: { code, message } } as const;
        return runDocument(emptyRun(tenant, about, runs.clock.now()));
      });
      return { startedAt, endedAt, runs: none, deliveries: [] };
    }
  });
}

function together(parts: readonly RunsDocument[]): RunsDocument {
  const alerts = parts.flatMap((part) => part.alerts ?? []);
  return {
    startedAt: parts.map(({ startedAt }) => startedAt).sort()[0] ?? '',
    endedAt:
      parts
        .map(({ endedAt }) => endedAt)
        .sort()
        .at(-1) ?? '',
    runs: parts.flatMap(({ runs }) => runs),
    deliveries: parts.flatMap(({ deliveries }) => deliveries),
    ...(parts.some((part) => part.alerts !== undefined) && { alerts }),
  };
}

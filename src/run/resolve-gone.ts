import { makeHealthAlert, subjectKindOf } from '../alerts/map/health-alert.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { HealthRecord } from '../state/outbox-store.ts';
import { abandonedAlerts } from './firing/abandoned-alerts.ts';
import { healthMessagesOf } from './firing/messages.ts';
import { moveRenamed } from './opening/move-renamed.ts';
import { sumUpRemoved } from './silences/sum-up.ts';
import type { RunDeps, Tenant } from './tenant.ts';

/** A condition that nobody would ever look at again, and why. */
interface Gone {
  readonly record: HealthRecord;
  readonly rule: RunnableRule | null;
  readonly reason: string;
}

/** A tenant whose rules are all there, or of which some were left out, so that one that is not there need not be gone. */
export type StartedTenant = Pick<Tenant, 'name' | 'rules'> & { readonly leavesOut?: boolean };

type Tenants = readonly StartedTenant[];

type GoneDeps = Pick<
  RunDeps,
  'store' | 'clock' | 'log' | 'healthTargets' | 'routeHealth' | 'targetNames' | 'committed'
>;

/**
 * Moves, at start, the states of renamed rules. Resolves the conditions and the firing alerts of rules that were deleted, renamed or disabled, and of tenants that were
 * removed or renamed; of these tells what silences hid in them, too.
 */
export async function resolveGone(tenants: Tenants, deps: GoneDeps): Promise<void> {
  const everywhere = (): boolean => true;
  await moveRenamed(tenants, deps);
  await resolveConditions(tenants, everywhere, deps);
  const names = tenants.map(({ name }) => name);
  await sumUpRemoved(names, deps.clock.now(), deps);
  await endAlerts(tenants, everywhere, deps);
}

/** As `resolveGone`, of tenants that are not there any more; those that are do it by themselves. */
export async function resolveGoneTenants(tenants: Tenants, deps: GoneDeps): Promise<void> {
  const names = tenants.map(({ name }) => name);
  const elsewhere = (tenant: string): boolean => !names.includes(tenant);
  await resolveConditions(tenants, elsewhere, deps);
  await sumUpRemoved(names, deps.clock.now(), deps);
  await endAlerts(tenants, elsewhere, deps);
}

/** As `resolveGone`, of the rules of one tenant, whatever other tenants there are. */
export async function resolveGoneRules(tenant: StartedTenant, deps: GoneDeps): Promise<void> {
  const here = (name: string): boolean => name === tenant.name;
  await resolveConditions([tenant], here, deps);
  await endAlerts([tenant], here, deps);
}

async function endAlerts(tenants: Tenants, isMeant: (tenant: string) => boolean, deps: GoneDeps): Promise<void> {
  for await (const { reasons, ...ends } of abandonedAlerts(tenants, isMeant, deps)) {
    await deps.store.commitHealth({ ...ends, health: [] });
    deps.committed();
    for (const reason of reasons) deps.log.info(reason, { resolved: ends.ended.length });
  }
}

async function resolveConditions(
  tenants: Tenants,
  isMeant: (tenant: string) => boolean,
  deps: GoneDeps,
): Promise<void> {
  const open = (await deps.store.openHealth()).filter(({ tenant }) => isMeant(tenant));
  const gone = open.flatMap((record) => goneOf(record, tenants) ?? []);
  if (gone.length === 0) return;
  const alerts = gone.map(({ record, rule, reason }) =>
    makeHealthAlert({
      ...record,
      rule,
      status: 'resolved',
      revision: record.revision + 1,
      time: deps.clock.now(),
      message: reason,
    }),
  );
  const health = gone.map(({ record: { tenant, code, subject } }) => ({ tenant, code, subject, record: null }));
  // What a silence hid nobody knows of.
  const told = alerts.filter((_, at) => !gone[at]?.record.isHidden);
  await deps.store.commitHealth({ alerts: told, messages: healthMessagesOf(told, deps), health });
  deps.committed();
  for (const { record, reason } of gone) deps.log.info(reason, { tenant: record.tenant, code: record.code });
}

/** Conditions of targets are the outbox's business. */
function goneOf(record: HealthRecord, tenants: Tenants): Gone | null {
  const { code, subject } = record;
  if (subjectKindOf(code) === 'target') return null;
  const tenant = tenants.find(({ name }) => name === record.tenant);
  if (!tenant) {
    return {
      record,
      rule: null,
      reason: `The tenant ${record.tenant} is no longer configured: it was removed or renamed.`,
    };
  }
  if (subjectKindOf(code) !== 'rule') return null;
  const rule = tenant.rules.find(({ id }) => id === subject);
  if (!rule && tenant.leavesOut) return null;
  if (!rule)
    return { record, rule: null, reason: `The rule ${subject} is no longer there: it was deleted or renamed.` };
  return rule.status === 'disabled' ? { record, rule, reason: `The rule ${subject} is disabled.` } : null;
}

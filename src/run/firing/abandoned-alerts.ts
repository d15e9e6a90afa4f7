import type { Alert } from '../../alerts/alert.ts';
import type { FiringOfRule } from '../../alerts/firing.ts';
import { makeResolved } from '../../alerts/map/resolved-alert.ts';
import type { Message } from '../../state/outbox-store.ts';
import type { Store } from '../../state/store.ts';
import type { RunDeps, Tenant } from '../tenant.ts';
import { messagesOf } from './messages.ts';
import { stillThere } from './told-targets.ts';

/** Ends that no run will find, as one commit beside others. */
export interface AbandonedAlerts {
  readonly alerts: readonly Alert[];
  readonly messages: readonly Message[];
  readonly ended: readonly string[];
  readonly reasons: readonly string[];
}

type Tenants = readonly (Pick<Tenant, 'name' | 'rules'> & { readonly leavesOut?: boolean })[];

interface Left {
  readonly record: FiringOfRule;
  readonly reason: string;
}

/** So many are read and told at once. */
const AT_ONCE = 200;

/** Alerts that are firing of rules that were deleted, renamed, disabled or put to the test, and of tenants that were removed or renamed; of the tenants that are meant. */
export async function* abandonedAlerts(
  tenants: Tenants,
  isMeant: (tenant: string) => boolean,
  deps: Pick<RunDeps, 'store' | 'clock' | 'targetNames'>,
): AsyncGenerator<AbandonedAlerts> {
  const left = (await deps.store.allFiring()).flatMap((record) => {
    const reason = isMeant(record.tenant) ? whyLeft(record, tenants) : null;
    return reason === null ? [] : [{ record, reason }];
  });
  for (let first = 0; first < left.length; first += AT_ONCE)
    yield await endsOf(left.slice(first, first + AT_ONCE), deps);
}

async function endsOf(
  left: readonly Left[],
  deps: { readonly store: Pick<Store, 'newestAlerts'> } & Pick<RunDeps, 'clock' | 'targetNames'>,
): Promise<AbandonedAlerts> {
  const documents = await deps.store.newestAlerts(left.map(({ record }) => record.alertId));
  const byId = new Map(documents.map((alert) => [alert.id, alert]));
  const time = deps.clock.now();
  const told = left.flatMap(({ record, reason }) => {
    const last = byId.get(record.alertId);
    if (!last) return [];
    const end = {
      kind: 'abandoned',
      revision: record.revision + 1,
      time,
      since: record.toldAt,
      held: {},
      reason,
      run: null,
    } as const;
    return [{ alert: makeResolved(last, end), ways: stillThere(record.targets, deps) }];
  });
  return {
    alerts: told.map(({ alert }) => alert),
    messages: told.flatMap(({ alert, ways }) => messagesOf(alert, ways)),
    ended: left.map(({ record }) => record.alertId),
    reasons: [...new Set(left.map(({ reason }) => reason))],
  };
}

function whyLeft({ tenant, ruleId }: FiringOfRule, tenants: Tenants): string | null {
  const found = tenants.find(({ name }) => name === tenant);
  if (!found) return `The tenant ${tenant} is no longer configured: it was removed or renamed.`;
  const rule = found.rules.find(({ id }) => id === ruleId);
  if (!rule && found.leavesOut) return null;
  if (!rule) return `The rule ${ruleId} is no longer there: it was deleted or renamed.`;
  if (rule.status === 'disabled') return `The rule ${ruleId} is disabled.`;
  return rule.status === 'testing' ? `The rule ${ruleId} is in testing, where it tells nothing.` : null;
}

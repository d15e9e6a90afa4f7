import type { Action } from '../../../actions/action.ts';
import { checkInput } from '../../../actions/check-input.ts';
import { ACTIONS } from '../../../actions/registry.ts';
import type { App } from '../../../app.ts';
import type { Caller } from '../../../http/action-routes.ts';
import { HuntwireError } from '../../../lib/errors.ts';
import type { Log } from '../../../lib/log.ts';
import type { AskedTenant } from '../../../run/desk/errands.ts';
import type { TakenRelay } from '../../../state/relay.ts';
import { askOthers, type Others, relayedDocument } from './ask-others.ts';

/** Actions that are about one tenant and need the process that runs it, which knows what of its quota is left and what goes on. */
const OF_A_TENANT: readonly string[] = ['run_query', 'backfill_rule'];
/** What one process does for another. */
const RELAYED: readonly string[] = [...OF_A_TENANT, 'run_rule', 'reload'];

/** The tenant that an action is about, where another process runs it; null: it is done here, or refused here. */
export function tenantElsewhere(tenants: readonly AskedTenant[], { slug }: Action, input: unknown): string | null {
  if (!OF_A_TENANT.includes(slug)) return null;
  const name = typeof input === 'object' && input !== null && 'tenant' in input ? input.tenant : undefined;
  const found = name === undefined && tenants.length === 1 ? tenants[0] : tenants.find((one) => one.name === name);
  return found && !found.errands ? found.name : null;
}

interface Elsewhere {
  readonly action: Action;
  readonly input: unknown;
  readonly caller: Caller;
  readonly log: Log;
}

/** Has the process do it that runs the tenant. What is wrong with the input is told here. */
export async function performElsewhere(
  others: Others,
  tenant: string,
  { action, input: given, caller: { by, signal }, log }: Elsewhere,
): Promise<unknown> {
  const { slug } = action;
  checkInput(slug, action.input, given);
  log.info('another process is asked to do what was asked for here', { action: slug, tenant, by });
  const input = { ...(given as object), tenant };
  const [outcome = { kind: 'lost' }] = await askOthers(others, [{ to: { tenant }, action: slug, input, by }], signal);
  return relayedDocument(outcome, `tenant ${tenant}`);
}

/** The app as whoever asks for a tenant of it sees it: with no other. */
export function appFor({ to }: TakenRelay, app: App): App {
  if (!('tenant' in to)) return app;
  const tenants = { get: () => app.tenants.filter(({ name }) => name === to.tenant) };
  return Object.create(app, { tenants }) as App;
}

export function relayedAction({ action: slug }: TakenRelay): Action {
  const action = RELAYED.includes(slug) ? ACTIONS.get(slug) : undefined;
  if (!action) throw new HuntwireError('ACTION_NOT_OFFERED', `No process does ${slug} for another.`);
  return action;
}

import type { ActionDeps, MeteredSource } from '../../actions/action-deps.ts';
import { admitWithin } from '../../actions/asking/admit-within.ts';
import { performAction } from '../../actions/perform-action.ts';
import type { Host } from '../../app/host.ts';
import type { App } from '../../app.ts';
import type { ActionRouteDeps } from '../../http/action-routes.ts';
import { MINUTE_MS } from '../../lib/duration.ts';
import { noteCall } from '../../run/calls/note-call.ts';
import { sendCall } from '../../run/calls/send-query.ts';
import type { AskedTenant } from '../../run/desk/errands.ts';
import { requireRunHere } from '../../run/desk/run-here.ts';
import type { Lane } from '../../sources/quota/lanes.ts';
import { openNamedTarget } from '../action/open-named-target.ts';
import { chooseTenant } from '../choose-tenant.ts';
import { type OfferedBy, offersOf } from './offers-of.ts';
import { type Apart, createApart } from './perform-apart.ts';
import type { Others } from './relays/ask-others.ts';
import { performElsewhere, tenantElsewhere } from './relays/perform-elsewhere.ts';

const PATIENCE_MS = MINUTE_MS;

/** How a process that runs does actions. */
export interface PerformerOptions {
  readonly apart?: Apart;
  /** Who else shares the work: what is about a tenant of another process is done by that one. Left out: nobody. */
  readonly others?: Others | null;
  /** What is done for another process, which has noted who asked. */
  readonly isNoted?: boolean;
}

/** Does actions in a process that runs: on its store, its tenants and their meters, and with the configuration and rules that it has at the time. */
export function createPerformer(
  app: App,
  host: Host & OfferedBy,
  { apart = createApart(app.config.file), others = null, isNoted = false }: PerformerOptions = {},
): ActionRouteDeps['perform'] {
  const { store, deliveries } = app;
  const { clock, random, log } = host;
  return async (action, input, caller) => {
    const tenant = others && tenantElsewhere(app.tenants, action, input);
    if (others && tenant) return performElsewhere(others, tenant, { action, input, caller, log });
    return performAction(action, input, {
      ...{ ...caller, clock, random, log, config: app.config },
      reading: (work) => work(store),
      writing: (work) => work(store),
      noteAsked: (asked) => store.noteAudit({ ...asked, who: caller.by, at: clock.now(), before: null }),
      offers: offersOf(app, { ...host, by: caller.by, others, isNoted }),
      wakeDeliveries: deliveries.poke,
      openTarget: async (name) => openNamedTarget(name, app.config, host),
      openTenant: async (name, lane) =>
        meteredHere(chooseTenant(app.tenants, name), lane, { clock, signal: caller.signal }),
      rehearse: (slug, given) => apart(slug, given, caller.signal),
      rulesOf: async (name) => app.tenants.find((tenant) => tenant.name === name)?.rules ?? [],
    });
  };
}

/** The source of a tenant on the meter of its runs, whose calls the service's clock learns from, too. */
function meteredHere(tenant: AskedTenant, lane: Lane, deps: Pick<ActionDeps, 'clock' | 'signal'>): MeteredSource {
  requireRunHere(tenant);
  const { name, source, meter } = tenant;
  const sending = {
    source,
    admit: () => admitWithin(meter, { ...deps, tenant: name, lane, patienceMs: PATIENCE_MS }),
    called: (ended: Parameters<typeof noteCall>[1]) => noteCall(tenant, ended),
    monotonic: deps.clock.monotonic,
  };
  return {
    api: source.api,
    query: (request, sink) => sendCall(sending, request, sink),
    usage: meter.usage,
    close: async () => undefined,
  };
}

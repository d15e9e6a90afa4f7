import type { Host } from '../../app/host.ts';
import type { App } from '../../app.ts';
import type { ActionRouteDeps } from '../../http/action-routes.ts';
import { createBackfills } from './backfills.ts';
import type { OpenReload } from './open-reload.ts';
import { createApart } from './perform-apart.ts';
import { createPerformer } from './perform-here.ts';
import { appFor, relayedAction } from './relays/perform-elsewhere.ts';
import { serveRelays } from './relays/serve-relays.ts';

/** What does actions in a process that runs, for who asks it and for the processes that share its work. */
export interface ActionDesk {
  readonly perform: ActionRouteDeps['perform'];
  /** Stops what goes on. */
  close(): Promise<void>;
}

export function openActionDesk(app: App, host: Host, { reload }: Pick<OpenReload, 'reload'>): ActionDesk {
  const { clock, log } = host;
  const backfills = createBackfills(app, host);
  const apart = createApart(app.config.file);
  const offering = { ...host, reload, backfills };
  const end = new AbortController();
  const book = app.leased?.book ?? null;
  const serving =
    book &&
    serveRelays(
      {
        ...{ book, clock, log },
        tenants: () => app.tenants.filter(({ errands }) => errands !== undefined).map(({ name }) => name),
        perform: (relay, signal) => {
          const perform = createPerformer(appFor(relay, app), offering, { apart, isNoted: true });
          return perform(relayedAction(relay), relay.input, { by: relay.by, signal });
        },
      },
      end.signal,
    );
  return {
    perform: createPerformer(app, offering, { apart, others: book && { book, clock } }),
    close: async () => {
      end.abort();
      await backfills.close();
      await serving;
    },
  };
}

import { randomBytes } from 'node:crypto';
import { ALERT_SCHEMA } from '../../alerts/map/alert-schema.ts';
import type { Host } from '../../app/host.ts';
import type { App } from '../../app.ts';
import { openHttp } from '../../http/open-http.ts';
import { createPulse } from '../../http/pulse.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { Secret } from '../../lib/secret.ts';
import { createBackfills } from '../run/backfills.ts';
import { consoleOf } from '../run/console-of.ts';
import { createPerformer } from '../run/perform-here.ts';

/** Where the pages of the demo are, and the token that opens them. */
export interface DemoConsole {
  readonly address: string;
  readonly token: string;
  close(): Promise<void>;
}

/** The console of the app that plays, on a free port of this machine. */
export async function openDemoConsole(app: App, host: Host): Promise<DemoConsole> {
  const token = randomBytes(18).toString('base64url');
  const end = new AbortController();
  const backfills = createBackfills(app, host);
  const reload = () => Promise.reject(new HuntwireError('ACTION_NOT_OFFERED', 'The demo reads nothing again.'));
  const { clock, log, version } = host;
  const listening = await openHttp({
    ...{ host: '127.0.0.1', port: 0, basePath: '/', clock, log, pulse: createPulse(clock) },
    tokens: [{ name: 'demo', token: new Secret(token), scopes: ['read', 'run', 'write'] }],
    health: async () => ({ rules: [], targets: [], waiting: [] }),
    metrics: { contentType: 'text/plain', text: async () => '' },
    perform: createPerformer(app, { ...host, reload, backfills }),
    described: { version, alert: ALERT_SCHEMA },
    console: await consoleOf(app, host, { query: { data: [], tenant: true } }, end.signal),
  });
  return {
    address: `http://127.0.0.1:${listening.port}/console/`,
    token,
    close: async () => {
      end.abort();
      await backfills.close();
      await listening.close();
    },
  };
}

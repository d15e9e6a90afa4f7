import { open } from 'node:fs/promises';
import { createConsolePages } from '../../actions/pages/console-pages.ts';
import type { RenderedRequest } from '../../actions/pages/page-deps.ts';
import type { Host } from '../../app/host.ts';
import type { App } from '../../app.ts';
import type { HttpConfig } from '../../config/config.ts';
import type { HttpDeps } from '../../http/http-app.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { machinesOn } from '../../state/state-place.ts';
import { requestsFor } from '../render/requests-for.ts';
import { chartOfTried } from './chart-of-tried.ts';
import { createLintApart } from './lint-apart.ts';
import { createRowTeller } from './row-apart.ts';
import { createTrier } from './try-apart.ts';

/** Pages for people about the process that runs. `signal` ends what they do in the background. */
export async function consoleOf(
  app: App,
  host: Host,
  { login, query }: Pick<HttpConfig, 'login' | 'query'>,
  signal: AbortSignal,
): Promise<NonNullable<HttpDeps['console']>> {
  const { store, runs } = app;
  const { clock, log, version, process } = host;
  const lint = createLintApart(app.config.file, { clock, signal });
  const pages = createConsolePages(
    {
      ...{ store, clock, log, settings: runs.settings, self: { ...process, version } },
      get tenants() {
        return app.tenants;
      },
      get config() {
        return app.config;
      },
      machines: () => machinesOn(app.config.state).catch(() => null),
      rendered: (alertId, target) => renderedFor(app, host, alertId, target, signal),
      fileText,
      findings: lint.ofFile,
    },
    signal,
  );
  await pages.prepare();
  const { data = [], tenant = false } = query ?? {};
  const tries = {
    local: data.length > 0 ? createTrier(app.config.file, data) : null,
    tenant,
    check: lint.ofQuery,
    chart: chartOfTried,
    row: createRowTeller(app.config.file),
  };
  return { pages, login: login ?? null, tries, clock };
}

async function renderedFor(
  { store, config }: App,
  host: Host,
  alertId: string,
  name: string,
  signal: AbortSignal,
): Promise<readonly RenderedRequest[]> {
  const settings = config.targets.get(name);
  if (!settings) throw new HuntwireError('NOT_FOUND', `There is no target "${name}".`);
  const [alert] = (await store.alertsById(alertId)).filter(({ id }) => id === alertId);
  if (!alert) throw new HuntwireError('NOT_FOUND', `There is no alert "${alertId}".`);
  const receipt = await store.receiptOf(alertId, name);
  return requestsFor({ name, settings, alert, receipt }, host, signal);
}

/** What a page shows of a rule's file. */
const MOST_BYTES = 256 * 1024;

async function fileText(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

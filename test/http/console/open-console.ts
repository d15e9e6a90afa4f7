import type { Action } from '../../../src/actions/action.ts';
import { createConsolePages } from '../../../src/actions/pages/console-pages.ts';
import type { PageDeps } from '../../../src/actions/pages/page-deps.ts';
import type { ConsoleDeps } from '../../../src/http/console/console-deps.ts';
import { createHttpApp } from '../../../src/http/http-app.ts';
import { createManualClock, type ManualClock } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { Secret } from '../../../src/lib/secret.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../../src/run/windows.ts';
import { UNLIMITED } from '../../../src/sources/source.ts';
import { openMemoryStore } from '../../../src/state/sqlite-store.ts';
import type { Store } from '../../../src/state/store.ts';
import { makeRule } from '../../run/make-rule.ts';
import { START } from '../../state/samples.ts';

export const WRITER = {
  name: 'analyst',
  token: new Secret('analyst-0123456789'),
  scopes: ['read', 'run', 'write'],
} as const;
export const READER = { name: 'reader', token: new Secret('reader-0123456789'), scopes: ['read'] } as const;
export const NOBODY = { name: 'soar', token: new Secret('soar-0123456789ab'), scopes: ['run'] } as const;

export interface ConsoleOptions {
  readonly rules?: readonly RunnableRule[];
  readonly clock?: ManualClock;
  readonly pages?: Partial<PageDeps>;
  readonly console?: Partial<Pick<ConsoleDeps, 'login' | 'tries'>>;
  readonly basePath?: string;
  readonly perform?: (action: Action, input: unknown, by: string) => unknown;
}

const USAGE = {
  ...{ pausedMs: null, callsLastHour: 700, runSecondsLastHour: 30, runSecondsLastDay: 60, inFlight: 0 },
  ...{ pace: 1, slowedBy: null, room: 10, heldMs: null },
} as const;

export interface OpenConsole {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly asked: { readonly slug: string; readonly input: unknown; readonly by: string }[];
  readonly told: object[];
  /** One request; a path begins behind the console's base. */
  ask(path: string, init?: RequestInit): Promise<Answer>;
  /** Signs in and gives the cookie. */
  letIn(token?: string): Promise<string>;
  /** A page, for who has signed in. */
  page(path: string): Promise<Answer>;
  /** Sends a form of the page at this path. */
  send(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  readonly fetch: (request: Request) => Response | Promise<Response>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export const NO_TRIES: ConsoleDeps['tries'] = {
  ...{ local: null, tenant: false },
  check: async () => [],
  chart: () => null,
  row: () => Promise.reject(new Error('nobody asks')),
};

const SAME = { 'sec-fetch-site': 'same-origin' } as const;
const HOST = { host: '127.0.0.1:8484' } as const;

/** The console of a process with one tenant, over a state in memory. */
export function openConsole(options: ConsoleOptions = {}): OpenConsole {
  const { clock = createManualClock(START), basePath = '/' } = options;
  const rules = options.rules ?? [makeRule({ id: 'rule-a', name: 'Rule A' })];
  const store = options.pages?.store ? (options.pages.store as Store) : openMemoryStore({ clock });
  const asked: { slug: string; input: unknown; by: string }[] = [];
  const told: object[] = [];
  const log = { ...silentLog, warn: (message: string, fields: object = {}) => void told.push({ message, ...fields }) };
  const source = { api: 'graph', quota: { ...UNLIMITED, callsPerHour: 1400 } };
  const tenant = {
    name: 'contoso',
    rules,
    source,
    meter: { usage: async () => USAGE },
    serviceClock: { now: () => clock.now() },
  };
  const pages = createConsolePages(
    {
      ...{ store, clock, log, settings: DEFAULT_WINDOW_SETTINGS },
      tenants: [tenant as unknown as PageDeps['tenants'][number]],
      config: {
        tenants: [{ name: 'contoso', source: { api: 'graph' } }],
        targets: new Map([
          ['soar', {}],
          ['siem', {}],
        ]),
        fallbacks: new Map(),
        silences: [],
        heartbeat: null,
      },
      self: { machine: 'm1', pid: 42, version: '1.2.3' },
      machines: async () => null,
      rendered: async () => [],
      fileText: async () => '',
      findings: () => ({ kind: 'known', findings: [] }),
      ...options.pages,
    },
    new AbortController().signal,
  );
  const app = createHttpApp({
    ...{ host: '127.0.0.1', basePath, tokens: [WRITER, READER, NOBODY], clock, log },
    pulse: { silent: () => [] },
    health: async () => ({ rules: [], targets: [], waiting: [] }),
    metrics: { contentType: 'text/plain', text: async () => '' },
    perform: async (action, input, { by }) => {
      asked.push({ slug: action.slug, input, by });
      return options.perform?.(action, input, by) ?? {};
    },
    described: { version: '1.2.3', alert: {} },
    console: { pages, clock, login: null, tries: NO_TRIES, ...options.console },
  });
  const base = `${basePath.replace(/\/$/, '')}/console`;
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const headers = { ...HOST, ...(init.headers as Record<string, string> | undefined) };
    const answer = await app.request(`${base}${path}`, { ...init, headers });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  const post = (path: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>>) =>
    ask(path, { method: 'POST', body: new URLSearchParams(fields), headers: { ...SAME, ...headers } });
  let cookie = '';
  const letIn = async (token = WRITER.token.reveal()): Promise<string> => {
    const { headers } = await post('/sign-in', { token }, {});
    cookie = (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    return cookie;
  };
  const page = async (path: string): Promise<Answer> => ask(path, { headers: { cookie: cookie || (await letIn()) } });
  const send: OpenConsole['send'] = async (path, fields, headers = {}) => {
    const [, key = ''] = /name="key" value="([^"]+)"/.exec((await page('/')).text) ?? [];
    return post(path, { key, ...fields }, { cookie, ...headers });
  };
  return { store, clock, asked, told, ask, letIn, page, send, fetch: app.fetch as OpenConsole['fetch'] };
}

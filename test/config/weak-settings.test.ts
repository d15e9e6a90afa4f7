import { describe, expect, it } from '@jest/globals';
import type { Config, Settings, TargetConfig } from '../../src/config/config.ts';
import { weakSettings } from '../../src/config/weak-settings.ts';
import { Secret } from '../../src/lib/secret.ts';
import { assertLeaksNoSecret } from '../contract/target.ts';

const BASIC = { basic: { user: 'u', password: new Secret('pw') } };
const OAUTH = { tokenUrl: 'https://login.example/token', clientId: 'c', clientSecret: new Secret('cl1ent') };
const PROXY = new Secret('http://u:pw-of-proxy@p.example:3128');

function weak(target: Settings, env = {}, source: Settings = {}): readonly string[] {
  const config: Config = {
    file: '/etc/huntwire.yaml',
    tenants: [{ name: 't', source: { api: 'graph', ...source }, auth: null, rules: [] }],
    targets: new Map([['soar', { type: 'webhook', ...target } as TargetConfig]]),
    fallbacks: new Map(),
    targetWays: new Map(),
    defaultTargets: [],
    routes: [],
    silences: [],
    links: { alert: null },
    windows: null,
    http: null,
    metrics: null,
    heartbeat: null,
    events: null,
    redact: null,
    healthTargets: [],
    healthByRoutes: true,
    overlays: [],
    functions: [],
    watchlists: {},
    state: { path: '/s' },
    log: { level: 'info', format: 'json' },
    lint: { checks: {} },
    watch: false,
    retention: { alertsMs: 1, runsMs: 1, deadLettersMs: 1, auditMs: 1 },
    digests: {},
  };
  return weakSettings(config, env);
}

describe('weak settings', () => {
  it.each<[string, Settings]>([
    ['auth', { url: new Secret('http://h.example/hook'), auth: BASIC }],
    ['headers', { url: new Secret('http://h.example/hook'), headers: { 'X-Key': new Secret('k') } }],
    ['routingKey', { type: 'pagerduty', url: new Secret('http://h.example/'), routingKey: new Secret('k3y') }],
    ['auth', { type: 'jira', url: new Secret('http://h.example/'), auth: BASIC }],
    ['auth', { type: 'logs-ingestion', endpoint: 'http://h.example/', auth: { oauth2: OAUTH } }],
    ['the URL itself', { url: new Secret('http://h.example/hook/k3y') }],
  ])('tell %s over plain HTTP', (kind, target) => {
    expect(weak(target)).toEqual([expect.stringContaining(`targets.soar sends secrets (${kind}) over plain HTTP`)]);
    assertLeaksNoSecret([weak(target)], ['k3y', 'pw']);
  });

  it.each<[string, Settings]>([
    ['TLS', { url: new Secret('https://h.example/hook/k3y'), auth: BASIC }],
    ['this machine', { url: new Secret('http://127.0.0.1:1/hook'), auth: BASIC }],
    ['no secret', { url: new Secret('http://h.example/hook') }],
    ['another type', { type: 'file', path: '/x' }],
  ])('are silent about %s', (_name, target) => expect(weak(target)).toEqual([]));

  it('tell a login over plain HTTP', () => {
    const url = new Secret('https://h.example/');
    const oauth2 = { ...OAUTH, tokenUrl: 'http://login.example/token' };
    const said = weak({ url, auth: { oauth2 } });
    expect(said).toEqual([expect.stringContaining('client secret to auth.oauth2.tokenUrl')]);
    assertLeaksNoSecret([said], ['cl1ent']);
    expect(weak({ url, auth: { oauth2: OAUTH } })).toEqual([]);
    expect(weak({ url, auth: { oauth2: { ...OAUTH, tokenUrl: 'http://127.0.0.1/token' } } })).toEqual([]);
  });

  it('tell the passwords of proxies', () => {
    const target = { url: new Secret('https://h.example/'), proxy: PROXY };
    const said = weak(target, {}, { proxy: PROXY });
    expect(said).toEqual([expect.stringContaining('source.proxy of t'), expect.stringContaining('targets.soar.proxy')]);
    assertLeaksNoSecret([said], ['pw-of-proxy']);
    expect(weak({ ...target, proxy: new Secret('http://p.example:3128') })).toEqual([]);
  });

  it('tell that certificates are verified although somebody asked for the opposite', () => {
    const target = { url: new Secret('https://h.example/') };
    expect(weak(target, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual([
      expect.stringContaining('verified all the same'),
    ]);
    expect(weak(target, { NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toEqual([]);
  });
});

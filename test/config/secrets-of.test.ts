import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../src/config/config.ts';
import { createSecretsOf } from '../../src/config/secrets-of.ts';
import { Secret } from '../../src/lib/secret.ts';

let url = 'https://h.example/soar/xoxb-12345678';
const changing = new Secret({ text: () => url, trouble: () => null });

const CONFIG: Config = {
  file: '/etc/huntwire.yaml',
  tenants: [
    { name: 't', source: { api: 'graph', proxy: new Secret('http://u:own-pass@p.example') }, auth: null, rules: [] },
  ],
  targets: new Map([['soar', { type: 'webhook', url: changing }]]),
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

describe('the secrets that a log hides', () => {
  it('are those of the configuration, the keys in its URLs, and the passwords of proxies', () => {
    const env = { HTTPS_PROXY: 'http://u:env-pass@p.example', https_proxy: undefined, NO_PROXY: 'http://u:no@p' };
    const found = createSecretsOf(CONFIG, env)();
    expect(found).toEqual(expect.arrayContaining(['own-pass', 'env-pass', 'xoxb-12345678', '/soar/xoxb-12345678']));
    for (const word of ['soar', 'u', 'no', '']) expect(found).not.toContain(word);
  });

  it('are keys in the address that figures are pushed to', () => {
    const metrics = { url: 'https://otel.example/v1/metrics?api-key=Abcdef123456789', headers: {}, everyMs: 1000 };
    expect(createSecretsOf({ ...CONFIG, metrics }, {})()).toContain('Abcdef123456789');
    expect(createSecretsOf(CONFIG, {})()).not.toContain('Abcdef123456789');
  });

  it('are what they have changed to and what they were, from when that is first used', () => {
    const secrets = createSecretsOf(CONFIG, {});
    const before = secrets();
    expect(secrets()).toBe(before);
    url = 'https://h.example/soar/xoxb-87654321';
    expect(secrets()).toBe(before);
    changing.reveal();
    expect(secrets()).toEqual(expect.arrayContaining(['xoxb-12345678', 'xoxb-87654321', 'own-pass']));
    expect(secrets()).toBe(secrets());
  });
});

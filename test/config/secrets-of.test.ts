import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../src/config/config.ts';
import { secretsOf } from '../../src/config/secrets-of.ts';
import { Secret } from '../../src/lib/secret.ts';

const CONFIG: Config = {
  file: '/etc/huntwire.yaml',
  tenants: [
    { name: 't', source: { api: 'graph', proxy: new Secret('http://u:own-pass@p.example') }, auth: null, rules: [] },
  ],
  targets: new Map([['soar', { type: 'webhook', url: new Secret('https://h.example/soar/xoxb-12345678') }]]),
  defaultTargets: [],
  healthTargets: [],
  state: { path: '/s' },
  log: { level: 'info', format: 'json' },
};

describe('the secrets that a log hides', () => {
  it('are those of the configuration, the keys in its URLs, and the passwords of proxies', () => {
    const env = { HTTPS_PROXY: 'http://u:env-pass@p.example', https_proxy: undefined, NO_PROXY: 'http://u:no@p' };
    const found = secretsOf(CONFIG, env);
    expect(found).toEqual(expect.arrayContaining(['own-pass', 'env-pass', 'xoxb-12345678', '/soar/xoxb-12345678']));
    for (const word of ['soar', 'u', 'no', '']) expect(found).not.toContain(word);
  });
});

import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { PluginSchema } from '../../src/lib/plugin.ts';
import { TARGETS } from '../../src/targets/registry.ts';
import { FACILITIES, messageSettings, type SyslogConfig } from '../../src/targets/syslog/settings.ts';

const LEAST: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  webhook: { type: 'webhook', url: 'https://soar.example/' },
  syslog: { type: 'syslog', host: 'siem.example' },
  file: { type: 'file', path: 'a' },
  stdout: { type: 'stdout' },
};

function schemaOf(type: string): PluginSchema {
  const plugin = TARGETS.get(type);
  if (!plugin) throw new Error(`no target ${type}`);
  return plugin.configSchema;
}

const ajv = new Ajv2020({ strict: true, validateFormats: false, keywords: ['x-path', 'x-hint', 'x-headers'] });
const validators = new Map([...TARGETS.keys()].map((type) => [type, ajv.compile(schemaOf(type))]));

function accepts(type: string, settings: object): boolean {
  return validators.get(type)?.({ ...LEAST[type], ...settings }) === true;
}

/** The defaults that a schema tells of. */
function defaultsOf(type: string): Record<string, unknown> {
  const properties = schemaOf(type).properties as Readonly<Record<string, { readonly default?: unknown }>>;
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, one]) => (one.default === undefined ? [] : [[name, one.default]])),
  );
}

describe('the settings of a target', () => {
  it.each<[string, string, readonly unknown[], readonly unknown[]]>([
    [
      'webhook',
      'url',
      ['http://a', 'https://a', `https://${'a'.repeat(7992)}`],
      ['ftp://a', 'a', `https://${'a'.repeat(7993)}`],
    ],
    ['webhook', 'concurrency', [1, 256], [0, 257, 1.5, '1']],
    ['webhook', 'timeoutSeconds', [0.1, 300], [0, 300.1]],
    ['webhook', 'ratePerSecond', [0.01, 5000], [0, -1]],
    ['webhook', 'proxy', ['http://p', 'https://p'], ['', 'socks://p']],
    [
      'webhook',
      'signing',
      [{ secrets: ['a'] }, { secrets: ['a', 'b', 'c', 'd', 'e'] }],
      [{}, { secrets: [] }, { secrets: [''] }, { secrets: Array(6).fill('a') }],
    ],
    [
      'webhook',
      'auth',
      [{ bearer: 't' }, { basic: { user: 'u', password: 'p' } }],
      [
        {},
        { bearer: '' },
        { basic: { user: 'u' } },
        { basic: { password: 'p' } },
        { bearer: 't', basic: { user: 'u', password: 'p' } },
      ],
    ],
    [
      'webhook',
      'tls',
      [{}, { caFile: 'a' }, { certFile: 'a', keyFile: 'b' }],
      [{ certFile: 'a' }, { keyFile: 'b' }, { caFile: '' }, { servername: '' }],
    ],
    ['webhook', 'refusePrivateAddresses', [true, false], ['yes']],
    ['syslog', 'host', ['a'], ['', 1]],
    ['syslog', 'port', [1, 65_535], [0, 65_536, 1.5]],
    ['syslog', 'protocol', ['udp', 'tcp', 'tls'], ['TCP', '']],
    ['syslog', 'framing', ['octet', 'lf'], ['none', '']],
    ['syslog', 'header', ['rfc5424', 'rfc3164'], ['bsd', '']],
    ['syslog', 'facility', [...FACILITIES], ['local8', '']],
    ['syslog', 'appName', ['a', 'a'.repeat(48)], ['', 'a'.repeat(49)]],
    ['syslog', 'hostname', ['a', 'a'.repeat(255)], ['', 'a'.repeat(256)]],
    ['syslog', 'enterpriseNumber', [1, 4_294_967_295], [0, 4_294_967_296]],
    ['syslog', 'maxMessageBytes', [480, 1_048_576], [479, 1_048_577]],
    ['file', 'path', ['a'], ['', 1]],
  ])('of type %s: %s', (type, name, good, bad) => {
    expect(good.filter((value) => !accepts(type, { [name]: value }))).toEqual([]);
    expect(bad.filter((value) => accepts(type, { [name]: value }))).toEqual([]);
  });

  it.each(Object.entries(LEAST))(
    'of type %s may all be left out but those without which it cannot be',
    (type, least) => {
      expect(accepts(type, {})).toBe(true);
      for (const name of Object.keys(least))
        expect([name, accepts(type, { [name]: undefined })]).toEqual([name, false]);
      expect(accepts(type, { type: 'other' })).toBe(false);
    },
  );

  it('mark what is secret and what is a path', () => {
    const marked: Record<string, string[]> = {};
    const visit = (place: string, schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const one = schema as Readonly<Record<string, unknown>>;
      const mark = one.format === 'password' ? 'secret' : one['x-path'] === true ? 'path' : null;
      if (mark) marked[mark] = [...(marked[mark] ?? []), place];
      for (const [name, child] of Object.entries(one.properties ?? {})) visit(`${place}.${name}`, child);
      visit(`${place}.*`, one.additionalProperties);
      visit(`${place}.*`, one.items);
    };
    for (const type of Object.keys(LEAST)) visit(type, schemaOf(type));
    const tls = (type: string) => ['caFile', 'certFile', 'keyFile'].map((name) => `${type}.tls.${name}`);
    expect(marked).toEqual({
      secret: [
        'webhook.url',
        'webhook.auth.bearer',
        'webhook.auth.basic.password',
        'webhook.auth.oauth2.clientSecret',
        'webhook.headers.*',
        'webhook.signing.secrets.*',
        'webhook.template.headers.*',
        'webhook.tls.passphrase',
        'webhook.proxy',
        'syslog.tls.passphrase',
      ],
      path: [...tls('webhook'), ...tls('syslog'), 'file.path'],
    });
  });

  it('tell the defaults that hold', () => {
    expect(defaultsOf('webhook')).toEqual({
      format: 'native',
      timeoutSeconds: 15,
      traceparent: false,
      concurrency: 4,
      refusePrivateAddresses: false,
    });
    const told = defaultsOf('syslog');
    const { framing, header, facility, appName } = messageSettings({ type: 'syslog', host: 'h' });
    expect(told).toEqual({
      protocol: 'tcp',
      format: 'native',
      framing,
      header,
      facility: FACILITIES[facility],
      appName,
    });
    const config: SyslogConfig = { type: 'syslog', host: 'h', ...told };
    expect(messageSettings(config)).toEqual(messageSettings({ type: 'syslog', host: 'h' }));
  });
});

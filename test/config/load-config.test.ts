import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Secret } from '../../src/lib/secret.ts';
import { failure, load, problems } from './fake-plugins.ts';

const revealed = (value: unknown): string | null => (value instanceof Secret ? value.reveal() : null);

const SINGLE = 'source: {api: graph}\nauth: {clientId: c, tenantId: t, clientSecret: hush}\n';

const DAY = 86_400_000;

describe('loadConfig', () => {
  it('reads the single-tenant form and fills defaults', () => {
    const config = load(`${SINGLE}rules: [rules/, /srv/more.yaml]\n`);
    expect(config).toEqual({
      file: '/etc/huntwire/huntwire.yaml',
      tenants: [
        {
          name: 'default',
          source: { api: 'graph', cloud: 'public', limits: { perMinute: 40 } },
          auth: { clientId: 'c', tenantId: 't', clientSecret: expect.any(Secret) },
          rules: ['/etc/huntwire/rules', '/srv/more.yaml'],
        },
      ],
      targets: new Map(),
      fallbacks: new Map(),
      targetWays: new Map(),
      defaultTargets: [],
      routes: [],
      silences: [],
      links: { alert: null },
      redact: null,
      healthTargets: [],
      healthByRoutes: true,
      functions: [],
      http: null,
      heartbeat: null,
      events: null,
      metrics: null,
      windows: null,
      watchlists: {},
      overlays: [],
      state: { path: '/etc/huntwire/data/huntwire.db' },
      lint: { checks: {} },
      watch: false,
      retention: { alertsMs: 90 * DAY, runsMs: 30 * DAY, deadLettersMs: 90 * DAY, auditMs: 365 * DAY },
      digests: { auth: expect.any(String), rules: expect.any(String), source: expect.any(String) },
      log: { level: 'info', format: 'auto' },
    });
  });

  it('reads several tenants; their own rules replace those at the top', () => {
    const config = load(`
tenants:
  - {name: contoso, source: {limits: {perHour: 9}}, auth: {clientId: c, tenantId: t, deviceCode: true}}
  - {name: lab, source: {api: local, path: data}, rules: [lab]}
rules: [rules]
`);
    expect(config.tenants).toMatchObject([
      {
        name: 'contoso',
        source: { api: 'graph', limits: { perHour: 9, perMinute: 40 } },
        rules: ['/etc/huntwire/rules'],
      },
      { name: 'lab', source: { api: 'local', path: '/etc/huntwire/data' }, auth: null, rules: ['/etc/huntwire/lab'] },
    ]);
  });

  it('reads targets, and where health alerts go', () => {
    const config = load(`${SINGLE}
targets:
  soar: {type: hook, url: "https://x", format: cef, tls: {caFile: ca.pem}, headers: {X-Key: "12345"}, signing: {secrets: [abc, def]}}
  out: {type: print}
defaultTargets: [soar]
health: {targets: [out]}
`);
    const soar = config.targets.get('soar');
    expect(soar).toMatchObject({ type: 'hook', format: 'cef', port: 443, tls: { caFile: '/etc/huntwire/ca.pem' } });
    expect(JSON.stringify(soar)).not.toMatch(/12345|abc/);
    expect((soar?.signing as { secrets: unknown[] } | undefined)?.secrets.map(revealed)).toEqual(['abc', 'def']);
    expect([config.defaultTargets, config.healthTargets]).toEqual([['soar'], ['out']]);
    expect(load(`${SINGLE}targets: {out: {type: print}}\ndefaultTargets: [out]\n`).healthTargets).toEqual(['out']);
  });

  it('freezes everything', () => {
    const { tenants, targets, log, state } = load(`${SINGLE}targets: {a: {type: hook, url: u, tls: {caFile: x}}}\n`);
    const parts = [tenants, tenants[0], tenants[0]?.source.limits, tenants[0]?.auth, targets.get('a')?.tls, log, state];
    expect(parts.map(Object.isFrozen)).toEqual(parts.map(() => true));
  });
});

describe('references', () => {
  it('take values from variables and files, with the type that the schema wants', () => {
    const yaml = `source: {baseUrl: "https://\${env:HOST}/x"}
auth: {clientId: c, tenantId: "$\${env:T}", clientSecret: "\${file:secrets/key}"}
targets: {a: {type: hook, url: u, port: "\${env:PORT}", verify: "\${env:VERIFY}", headers: {K: "\${env:PORT}"}}}
log: {level: "\${env:LEVEL}"}
`;
    const env = { HOST: 'h.example', PORT: '6514', VERIFY: 'false', LEVEL: 'debug' };
    const config = load(yaml, { env, files: { '/etc/huntwire/secrets/key': 'hush hush\r\n' } });
    expect(config.tenants[0]?.source.baseUrl).toBe('https://h.example/x');
    expect(config.tenants[0]?.auth?.tenantId).toBe(`\${env:T}`);
    expect(revealed(config.tenants[0]?.auth?.clientSecret)).toBe('hush hush');
    expect(config.targets.get('a')).toMatchObject({ port: 6514, verify: false });
    expect(revealed((config.targets.get('a')?.headers as { K: unknown } | undefined)?.K)).toBe('6514');
    expect(config.log.level).toBe('debug');
  });

  it('name what is missing, all at once, and never tell what they hold', () => {
    const yaml = `source: {}
auth: {clientId: c, tenantId: "\${env:NOPE}", clientSecret: "\${file:gone}"}
`;
    const error = failure(yaml);
    expect(error.code).toBe('CONFIG_SECRET_UNREADABLE');
    expect(error.problems.map((one) => [one.line, one.column, one.code, one.message])).toEqual([
      [2, 31, 'CONFIG_SECRET_UNREADABLE', 'The environment variable NOPE is not set.'],
      [2, 60, 'CONFIG_SECRET_UNREADABLE', 'The file /etc/huntwire/gone cannot be read (ENOENT).'],
    ]);
    const world = { env: { S: 'xy', P: 'not-a-port-s3cret' } };
    const told = failure(
      `${SINGLE}targets: {a: {type: hook, url: u, headers: {K: "\${env:S}"}, port: "\${env:P}"}}`,
      world,
    );
    expect(JSON.stringify([told.message, told.problems])).not.toMatch(/s3cret|"xy"|hush/);
    expect(told.code).toBe('CONFIG_INVALID');
  });

  it('have two forms only', () => {
    expect(problems(`${SINGLE}rules: ["\${HOME}/rules"]`)).toEqual([
      `3:9 "\${HOME}" is no reference: write \${env:NAME}, \${file:PATH}, or $\${ for the text itself.`,
    ]);
    expect(problems(`${SINGLE}rules: ["\${env:__proto__}"]`)).toEqual([
      '3:9 The environment variable __proto__ is not set.',
    ]);
  });
});

describe('what is refused', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['soruce: {}', '1:1 Unknown key "soruce". Did you mean "source"?'],
    ['rules: []', '1:1 The configuration names no source: give "source" and "auth", or "tenants".'],
    [
      `${SINGLE}tenants: [{name: a, source: {api: local}}]`,
      '1:1 Give either "tenants" or "source" and "auth", not both.',
    ],
    ['auth: {clientId: c, tenantId: t, deviceCode: true}', '1:1 The key "source" is missing.'],
    [
      'source: {api: graf}\nauth: {clientId: c, tenantId: t, deviceCode: true}',
      '1:15 "graf" is no source. Did you mean "graph"?',
    ],
    [
      'source: {api: graph, cluod: dod}\nauth: {clientId: c, tenantId: t, deviceCode: true}',
      '1:22 Unknown key "cluod". Did you mean "cloud"?',
    ],
    [
      'source: {api: graph, limits: {perMinut: 1}}\nauth: {clientId: c, tenantId: t, deviceCode: true}',
      'Did you mean "perMinute"?',
    ],
    ['source: {api: graph}', 'The key "auth" is missing: every source but local needs credentials.'],
    ['source: {api: local}\nauth: {tenantId: t}', '2:1 "auth" has no meaning for the local source.'],
    ['source: {}\nauth: {tenantId: t}', '2:7 "auth" has no credential: give one of clientSecret, '],
    ['source: {}\nauth: {clientId: c, tenantId: t, managedIdentity: false}', '"auth" has no credential'],
    [
      'source: {}\nauth: {clientId: c, tenantId: t, clientSecret: abc, deviceCode: true}',
      '2:53 "auth" has more than one credential',
    ],
    [
      'source: {}\nauth: {clientId: c, tenantId: t, certificateFile: a}',
      '2:7 A certificate needs "privateKeyFile" too.',
    ],
    ['source: {}\nauth: {clientSecret: abc}', '2:1 The key "tenantId" is missing.\n2:1 The key "clientId" is missing.'],
    [
      'source: {baseUrl: "https://user:pw@host"}\nauth: {managedIdentity: true}',
      '"baseUrl" must not carry a user or password.',
    ],
    [
      'source: {baseUrl: "http://graph.example"}\nauth: {clientId: c, tenantId: t, deviceCode: true}',
      '1:19 "baseUrl" may begin with http:// only on a loopback host',
    ],
    [
      'source: {}\nauth: {clientId: c, tenantId: t, deviceCode: true, authority: "ftp://x"}',
      '"authority" must be an address that begins with https://.',
    ],
    [
      'source: {}\nauth: {clientId: c, tenantId: t, deviceCode: true, authority: "http://127.0.0.1.example/t"}',
      'only on a loopback host',
    ],
    [`${SINGLE}targets: {a: {type: hok, url: u}}`, '3:21 "hok" is no type of target. Did you mean "hook"?'],
    [`${SINGLE}targets: {a: {url: u}}`, '3:11 The key "type" is missing. Valid are: hook, print.'],
    [`${SINGLE}targets: {a: {type: hook, ulr: u}}`, 'Unknown key "ulr". Did you mean "url"?'],
    [`${SINGLE}targets: {a: {type: hook, url: u, format: ceff}}`, '"ceff" is no format. Did you mean "cef"?'],
    [`${SINGLE}targets: {"a b": {type: print}}`, 'has the key "a b", which is not in the right form'],
    [
      `${SINGLE}targets: {soar: {type: print}}\ndefaultTargets: [sora]`,
      '4:18 There is no target "sora". Did you mean "soar"?',
    ],
    [`${SINGLE}health: {targets: [ops]}`, '3:20 There is no target "ops".'],
    [
      `${SINGLE}targets: {a: {type: print}}\nroutes: [{match: ['severity="high"', 'colour="red"'], targets: [a]}]`,
      '4:38 "colour" is nothing that an alert has.',
    ],
    [`${SINGLE}targets: {a: {type: print}}\nroutes: [{match: [], targets: [b]}]`, '4:32 There is no target "b".'],
    [`${SINGLE}targets: {a: {type: print}}\nroutes: [{match: [], targets: []}]`, '"targets" must not be empty.'],
    [`${SINGLE}routes: [{targets: [a]}]`, 'The key "match" is missing.'],
    [
      'tenants: [{name: a, source: {api: local}}, {name: a, source: {api: local}}]',
      'Another tenant is already named "a".',
    ],
    ['tenants: []', '"tenants" must not be empty.'],
    ['tenants: [{source: {api: local}}]', '1:11 The key "name" is missing.'],
    [`${SINGLE}log: {level: loud}`, '"level" must be one of error, warn, info, debug.'],
    [`${SINGLE}state: {file: x}`, 'Unknown key "file".'],
    ['- 1', '1:1 The document must be a map.'],
    ['# nothing', 'null:null The configuration is empty.'],
    ['a: 1\n---\nb: 1', 'The configuration must be one YAML document.'],
    ['a: 1\na: 2', '2:1 The key stands here a second time.'],
  ];

  it.each(cases)('%s', (yaml, message) => {
    expect(problems(yaml).join('\n')).toContain(message);
  });

  it('tells all problems of all sections at once', () => {
    const yaml = `tenants:
  - {name: a, source: {api: nope}, auth: {clientId: c, tenantId: 1, clientSecret: "\${env:X}"}}
targets: {t: {type: hook}}
defaultTargets: [u]
log: {levl: info}
`;
    expect(problems(yaml)).toHaveLength(6);
    expect(problems(yaml.replace('levl', 'level')).join('\n')).toContain('There is no target "u".');
    expect(failure(yaml).message).toMatch(/^\/etc\/huntwire\/huntwire.yaml has 6 problems: /);
  });

  it('says where a configuration was looked for', () => {
    const error = failure('', { files: {} });
    expect(error.problems[0]?.message).toBe('The configuration is empty.');
  });
});

describe('plain http', () => {
  it.each(['localhost', '127.0.0.1', '127.9.8.7', '[::1]', 'LOCALHOST'])('is let pass to %s', (host) => {
    const yaml = `source: {baseUrl: "http://${host}:8080"}\nauth: {clientId: c, tenantId: t, clientSecret: abc, authority: "http://${host}:81/t"}`;
    expect(load(yaml).tenants[0]?.source.baseUrl).toContain(host);
  });

  it('never reaches another host', () => {
    fc.assert(
      fc.property(fc.domain(), (host) => {
        expect(
          problems(`source: {baseUrl: "http://${host}"}\nauth: {clientId: c, tenantId: t, clientSecret: abc}`),
        ).toHaveLength(1);
      }),
      { numRuns: 30 },
    );
  });
});

describe('lint.checks', () => {
  it('takes severities by the names of checks', () => {
    const config = load(`${SINGLE}lint: {checks: {attack-missing: off, own-filter: info}}\n`);
    expect(config.lint.checks).toEqual({ 'attack-missing': 'off', 'own-filter': 'info' });
  });

  it('refuses other names and words', () => {
    const refused = (text: string) => () => load(`${SINGLE}lint: {checks: {${text}}}\n`);
    expect(refused('attack-mising: off')).toThrow('Did you mean "attack-missing"?');
    expect(refused('attack-missing: loud')).toThrow('must be one of');
  });
});

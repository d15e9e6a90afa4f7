import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { systemClock } from '../../src/lib/clock.ts';
import { authSchema } from '../../src/sources/auth/auth-config.ts';
import { labelledQuery, requestHeaders } from '../../src/sources/hunting-request.ts';
import { readErrorBody } from '../../src/sources/read-body.ts';
import { SOURCES } from '../../src/sources/registry.ts';
import { UNLIMITED } from '../../src/sources/source.ts';
import { quotaLimits } from '../../src/sources/source-config.ts';

const ajv = new Ajv2020({ strict: true, validateFormats: false, keywords: ['x-path', 'x-hint'], useDefaults: true });
const validators = new Map([...SOURCES].map(([api, plugin]) => [api, ajv.compile(plugin.configSchema)]));

function accepts(api: string, settings: object): boolean {
  return validators.get(api)?.({ api, ...settings }) === true;
}

function filled(api: string): Record<string, unknown> {
  const settings = { api };
  validators.get(api)?.(settings);
  return settings;
}

describe('the settings of a source', () => {
  it.each<[string, readonly unknown[], readonly unknown[]]>([
    ['cloud', ['public', 'gcc', 'gcchigh', 'dod'], ['', 'Public', 'china']],
    ['baseUrl', ['a'], ['', 1]],
    ['scope', ['a'], ['']],
    ['proxy', ['a'], ['']],
    ['timeoutSeconds', [1, 3600], [0.9, 3600.1]],
    [
      'limits',
      [{}, { callsPerMinute: 1 }, { runMinutesPerHour: 0.1 }],
      [
        { callsPerMinute: 0 },
        { callsPerHour: 0 },
        { maxRows: 0 },
        { maxBytes: 0 },
        { concurrency: 0 },
        { concurrency: 1.5 },
        { runMinutesPerHour: 0 },
        { runMinutesPerDay: 0 },
        { other: 1 },
      ],
    ],
    ['other', [], [1]],
  ])('take %s within its bounds', (name, good, bad) => {
    for (const api of ['graph', 'xdr', 'mde']) {
      expect(good.filter((value) => !accepts(api, { [name]: value }))).toEqual([]);
      expect(bad.filter((value) => accepts(api, { [name]: value }))).toEqual([]);
    }
  });

  it('of local data name a path', () => {
    expect(['a', '', 1, undefined].map((path) => accepts('local', { path }))).toEqual([true, false, false, false]);
  });

  it('have the defaults that DESIGN names', () => {
    for (const api of ['graph', 'xdr', 'mde']) {
      expect(filled(api)).toMatchObject({
        cloud: 'public',
        timeoutSeconds: 240,
        limits: { callsPerMinute: 40, callsPerHour: 1400, maxRows: 100_000, maxBytes: 124_000_000, concurrency: 3 },
      });
    }
  });

  it('count minutes as seconds for the meter, and what is left out as no limit', () => {
    const limits = { callsPerMinute: 1, callsPerHour: 2, maxRows: 3, maxBytes: 4, concurrency: 5 };
    expect(quotaLimits(limits)).toEqual({
      callsPerMinute: 1,
      callsPerHour: 2,
      runSecondsPerHour: null,
      runSecondsPerDay: null,
      concurrency: 5,
    });
    expect(quotaLimits({ ...limits, runMinutesPerHour: 10, runMinutesPerDay: 180 })).toMatchObject({
      runSecondsPerHour: 600,
      runSecondsPerDay: 10_800,
    });
  });

  it('that ask nobody are not limited, one query at a time', () => {
    const { concurrency, ...limits } = UNLIMITED;
    expect([concurrency, new Set(Object.values(limits))]).toEqual([1, new Set([null])]);
  });

  it('mark what is secret and what is a path, in every file of the configuration', () => {
    const marked: string[] = [];
    const visit = (place: string, schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const one = schema as Readonly<Record<string, unknown>>;
      if (one.format === 'password') marked.push(`${place} secret`);
      if (one['x-path'] === true) marked.push(`${place} path`);
      for (const [name, child] of Object.entries(one.properties ?? {})) visit(`${place}.${name}`, child);
    };
    for (const [api, { configSchema }] of SOURCES) visit(api, configSchema);
    visit('auth', authSchema);
    expect(marked).toEqual([
      ...['graph', 'xdr', 'mde', 'loganalytics', 'kusto', 'lake'].flatMap((api) => [
        `${api}.proxy secret`,
        `${api}.caFile path`,
      ]),
      'local.path path',
      'auth.caFile path',
      'auth.clientSecret secret',
      'auth.certificateFile path',
      'auth.privateKeyFile path',
      'auth.passphrase secret',
      'auth.federatedTokenFile path',
    ]);
  });

  it('have names for every region where the API has regions, and no other', () => {
    for (const region of ['us', 'eu', 'uk', 'au', 'swa', 'ina', 'aea'])
      expect(['graph', 'xdr', 'mde'].map((api) => accepts(api, { region }))).toEqual([false, true, true]);
    expect(accepts('mde', { region: '' })).toBe(false);
  });

  it('of the credentials are closed', () => {
    const validate = ajv.compile(authSchema);
    const whole = {
      tenantId: 't',
      clientId: 'c',
      authority: 'a',
      caFile: 'f',
      clientSecret: 's',
      certificateFile: 'f',
      privateKeyFile: 'f',
      passphrase: 'p',
      federatedTokenFile: 'f',
      managedIdentity: true,
      deviceCode: true,
    };
    expect(validate(whole)).toBe(true);
    for (const wrong of [
      { other: 1 },
      { tenantId: '' },
      { clientId: '' },
      { authority: '' },
      { managedIdentity: false },
      { deviceCode: false },
      { clientSecret: 1 },
    ])
      expect([wrong, validate(wrong)]).toEqual([wrong, false]);
  });
});

describe('a request', () => {
  it('has one line in front of the query, whatever the id', () => {
    const line = (id: string) => labelledQuery(id, 'T').split('\n');
    expect(line('rule-1')).toEqual(['// huntwire rule-1', 'T']);
    expect(line('a\nb\u0000é')).toEqual(['// huntwire a_b__', 'T']);
    expect(line('x'.repeat(300))[0]).toBe(`// huntwire ${'x'.repeat(200)}`);
  });

  it('says who sends it, and has an id of its own each time', () => {
    const [one, other] = [requestHeaders('t', '1.2'), requestHeaders('t', '1.2')];
    expect(one).toMatchObject({
      authorization: 'Bearer t',
      'content-type': 'application/json; charset=utf-8',
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': 'huntwire/1.2',
    });
    expect(one['client-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(one['client-request-id']).not.toBe(other['client-request-id']);
  });
});

describe('the body of an error', () => {
  it('is read for 64 kB and no more', async () => {
    let read = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          read += 1;
          yield Buffer.alloc(10_000, 'x');
        }
      })(),
      { highWaterMark: 1 },
    );
    expect(await readErrorBody(endless, systemClock)).toBe('x'.repeat(65_536));
    expect(read).toBeLessThan(12);
    expect(await readErrorBody(Readable.from([Buffer.from('ab'), Buffer.from('c')]), systemClock)).toBe('abc');
  });
});

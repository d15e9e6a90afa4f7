import { afterEach, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { type Answer, type Answerer, QueryFault } from '../../src/emulator/answer.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';
import { createManualClock } from '../../src/lib/clock.ts';

const T0 = Date.parse('2026-01-10T12:00:00Z');
const ANSWER: Answer = {
  columns: [
    { name: 'Timestamp', type: 'datetime' },
    { name: 'Count', type: 'long' },
    { name: 'Admin', type: 'bool' },
    { name: 'Tags', type: 'dynamic' },
    { name: 'Note', type: 'string' },
    { name: 'Score', type: 'real' },
  ],
  rows: [
    {
      Timestamp: '2026-01-10T11:00:00Z',
      Count: 639199803770463703n,
      Admin: true,
      Tags: [{ a: 1 }, 'x'],
      Note: 'n',
      Score: 1.5,
    },
    { Timestamp: null, Count: null, Admin: null, Tags: { on: false, list: [1] }, Note: null, Score: null },
  ],
};

let open: Emulator[] = [];
afterEach(async () => {
  await Promise.all(open.map((emulator) => emulator.close()));
  open = [];
});

async function start(over: Partial<EmulatorOptions> = {}) {
  const clock = createManualClock(T0);
  const answerer: Answerer = { answer: async () => ANSWER };
  const emulator = await startEmulator({ port: 0, answerer, clock, ...over });
  open.push(emulator);
  return { emulator, clock };
}

async function tokenOf(emulator: Emulator, over: Record<string, string> = {}) {
  const { clientId, clientSecret } = emulator.application;
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://graph.microsoft.com/.default',
    ...over,
  };
  const answer = await request(`${emulator.authority}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
  });
  return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, unknown> };
}

const PATHS = {
  graph: '/v1.0/security/runHuntingQuery',
  xdr: '/api/advancedhunting/run',
  mde: '/api/advancedqueries/run',
};
const SCOPES = {
  graph: 'https://graph.microsoft.com/.default',
  xdr: 'https://api.security.microsoft.com/.default',
  mde: 'https://api.securitycenter.microsoft.com/.default',
};
type Api = keyof typeof PATHS;

async function ask(
  emulator: Emulator,
  api: Api,
  query = 'DeviceEvents',
  over: { body?: string; token?: string; method?: string } = {},
) {
  const token = over.token ?? String((await tokenOf(emulator, { scope: SCOPES[api] })).body.access_token);
  const answer = await request(`${emulator.baseUrl}${PATHS[api]}`, {
    method: (over.method ?? 'POST') as 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: over.body ?? JSON.stringify({ Query: query }),
  });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}

describe('the token endpoint', () => {
  it('gives a token with roles for the right secret, and the login host’s error for a wrong one', async () => {
    const { emulator } = await start();
    const good = await tokenOf(emulator);
    expect(good.status).toBe(200);
    const claims = JSON.parse(Buffer.from(String(good.body.access_token).split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({
      aud: 'https://graph.microsoft.com',
      roles: expect.arrayContaining(['ThreatHunting.Read.All']),
    });
    const bad = await tokenOf(emulator, { client_secret: 'wrong' });
    expect(bad.status).toBe(401);
    expect(bad.body).toMatchObject({ error: 'invalid_client', error_codes: [7000215] });
    expect((await tokenOf(emulator, { client_id: 'nobody' })).body).toMatchObject({ error_codes: [700016] });
  });
});

describe('the three encodings', () => {
  it('Graph: lower-case envelope, sidecars, {} for null, JSON text in arrays, bare long digits', async () => {
    const { emulator } = await start();
    const { text, headers } = await ask(emulator, 'graph');
    expect(headers['content-type']).toContain('odata.metadata=minimal');
    expect(text).toContain('"Count":639199803770463703');
    const body = JSON.parse(text);
    expect(body.schema[1]).toEqual({ name: 'Count', type: 'Int64' });
    expect(body.results[0]).toMatchObject({
      'Admin@odata.type': '#SByte',
      Admin: 1,
      'Tags@odata.type': '#Collection(String)',
      Tags: ['{"a":1}', 'x'],
    });
    expect(body.results[1]).toMatchObject({ Timestamp: {}, Count: {}, Admin: {}, Note: '', Score: {} });
    expect(body.results[1].Tags).toEqual({
      '@odata.type': '#microsoft.graph.security.dynamicColumnValue',
      on: false,
      'list@odata.type': '#Collection(String)',
      list: [1],
    });
  });

  it.each(['xdr', 'mde'] as const)('%s: upper-case envelope and null for null', async (api) => {
    const { emulator } = await start();
    const body = JSON.parse((await ask(emulator, api)).text);
    expect(body.Schema[2]).toEqual({ Name: 'Admin', Type: 'SByte' });
    expect(body.Results[0]).toMatchObject({ Admin: 1, Tags: [{ a: 1 }, 'x'] });
    expect(body.Results[1]).toMatchObject({ Timestamp: null, Count: null, Note: '' });
  });
});

describe('checks, in the order of the service', () => {
  it('404 before 405 before 401 before 403 before 413 before 400', async () => {
    const { emulator } = await start({ application: { roles: ['Policy.Read.All'] } });
    const nowhere = await request(`${emulator.baseUrl}/api/nowhere`, { method: 'POST', body: '{}' });
    expect(nowhere.statusCode).toBe(404);
    await nowhere.body.dump();
    expect((await ask(emulator, 'graph', 'x', { method: 'PUT', token: 'none' })).status).toBe(405);
    expect((await ask(emulator, 'graph', 'x', { token: 'none' })).status).toBe(401);
    const forbidden = await ask(emulator, 'graph', 'x', { body: 'x'.repeat(1_100_000) });
    expect(forbidden.status).toBe(403);
    expect(forbidden.text).toContain('API required roles: ThreatHunting.Read.All');
  });

  it('refuses a token for another API, and one that has expired', async () => {
    const { emulator, clock } = await start();
    const token = String((await tokenOf(emulator)).body.access_token);
    expect((await ask(emulator, 'mde', 'x', { token })).status).toBe(401);
    await clock.advance(3_600_000);
    expect((await ask(emulator, 'graph', 'x', { token })).text).toContain('expired');
  });

  it('takes Query only on the legacy APIs and any casing on Graph', async () => {
    const { emulator } = await start();
    const body = JSON.stringify({ query: 'DeviceEvents' });
    expect((await ask(emulator, 'graph', '', { body })).status).toBe(200);
    const legacy = await ask(emulator, 'mde', '', { body });
    expect([legacy.status, JSON.parse(legacy.text).error.code]).toEqual([400, 'InvalidRequestBody']);
    expect((await ask(emulator, 'xdr', '', { body: 'x'.repeat(1_100_000) })).status).toBe(413);
  });
});

describe('quotas and limits', () => {
  it('throttles the 46th call of a minute and says when to come back', async () => {
    const { emulator, clock } = await start();
    const token = String((await tokenOf(emulator, { scope: SCOPES.mde })).body.access_token);
    for (let call = 0; call < 45; call += 1) expect((await ask(emulator, 'mde', 'x', { token })).status).toBe(200);
    const refused = await ask(emulator, 'mde', 'x', { token });
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('maximum allowed 45 per 00:01:00');
    expect(refused.text).toContain('again in 60 seconds');
    await clock.advance(60_001);
    expect((await ask(emulator, 'mde', 'x', { token })).status).toBe(200);
  });

  it('keeps a quota for each API', async () => {
    const { emulator } = await start({ quota: { callsPerMinute: 1 } });
    expect((await ask(emulator, 'graph')).status).toBe(200);
    const second = await ask(emulator, 'graph');
    expect([second.status, second.headers['retry-after']]).toEqual([429, '60']);
    expect((await ask(emulator, 'xdr')).status).toBe(200);
  });

  it('truncates rows in silence and refuses a result that is too large', async () => {
    const { emulator } = await start({ limits: { maxRows: 1 } });
    expect(JSON.parse((await ask(emulator, 'xdr')).text).Results).toHaveLength(1);
    const small = await start({ limits: { maxResultBytes: 100 } });
    expect((await ask(small.emulator, 'mde')).text).toContain('exceeded the allowed result size');
  });
});

describe('faults', () => {
  it('are set for a rule and counted down', async () => {
    const { emulator } = await start();
    emulator.faults.set({ name: 'server-error', ruleId: 'a', times: 1 });
    expect((await ask(emulator, 'graph', '// huntwire b\nDeviceEvents')).status).toBe(200);
    expect((await ask(emulator, 'graph', '// huntwire a\nDeviceEvents')).status).toBe(500);
    expect((await ask(emulator, 'graph', '// huntwire a\nDeviceEvents')).status).toBe(200);
  });

  it('can be asked for in the query, and over HTTP', async () => {
    const { emulator } = await start();
    expect((await ask(emulator, 'graph', 'DeviceEvents // emu:bad-gateway')).status).toBe(502);
    const set = await request(`${emulator.baseUrl}/_emulator/faults`, {
      method: 'POST',
      body: JSON.stringify({ name: 'forbidden' }),
    });
    expect(set.statusCode).toBe(204);
    expect((await ask(emulator, 'graph')).status).toBe(403);
    const unknown = await request(`${emulator.baseUrl}/_emulator/faults`, {
      method: 'POST',
      body: '{"name":"no-such"}',
    });
    expect(unknown.statusCode).toBe(400);
    await unknown.body.dump();
  });

  it('spoil a body or break the connection', async () => {
    const { emulator } = await start();
    expect(() => JSON.parse('{')).toThrow();
    const cut = await ask(emulator, 'graph', 'x // emu:truncated-json');
    expect(() => JSON.parse(cut.text)).toThrow();
    expect((await ask(emulator, 'graph', 'x // emu:no-schema')).text).not.toContain('"schema"');
    await expect(ask(emulator, 'graph', 'x // emu:reset')).rejects.toThrow();
  });
});

it('answers 400 with the engine’s words for a query that cannot run, and 500 for a defect', async () => {
  const answerer: Answerer = {
    answer: async ({ query }) => {
      throw query.includes('defect')
        ? new Error('boom')
        : new QueryFault("'where' operator: no column. Fix semantic errors in your query.");
    },
  };
  const { emulator } = await start({ answerer });
  expect((await ask(emulator, 'graph')).status).toBe(400);
  expect((await ask(emulator, 'graph', 'defect')).status).toBe(500);
});

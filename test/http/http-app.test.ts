import { describe, expect, it } from '@jest/globals';
import type { Health } from '../../src/actions/read-health.ts';
import { createHttpApp, type HttpDeps } from '../../src/http/http-app.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';

const SOUND: Health = { rules: [], targets: [], waiting: [] };
const READER = { name: 'prometheus', token: new Secret('0123456789abcdef'), scopes: ['read'] } as const;
const RUNNER = { name: 'soar', token: new Secret('fedcba9876543210'), scopes: ['run'] } as const;

function appWith(over: Partial<HttpDeps> = {}) {
  return createHttpApp({
    host: '127.0.0.1',
    basePath: '/',
    tokens: [READER, RUNNER],
    pulse: { silent: () => [] },
    health: async () => SOUND,
    metrics: { contentType: 'text/plain; version=0.0.4', text: async () => 'huntwire_up 1\n' },
    perform: () => Promise.reject(new Error('must not be asked')),
    clock: { monotonic: () => 0 },
    described: { version: '1.2.3', alert: {} },
    log: silentLog,
    ...over,
  });
}

async function ask(over: Partial<HttpDeps>, path: string, init: RequestInit = {}) {
  const headers = { host: '127.0.0.1:8484', ...(init.headers as Record<string, string> | undefined) };
  const answer = await appWith(over).request(path, { ...init, headers });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: text.startsWith('{') ? JSON.parse(text) : null };
}

describe('/livez', () => {
  it('is 200 while all parts go on, and 503 with their names when one hangs', async () => {
    expect(await ask({}, '/livez')).toMatchObject({ status: 200, body: { alive: true, silent: [] } });
    const hung = await ask({ pulse: { silent: (ms) => (ms === 300_000 ? ['deliveries'] : []) } }, '/livez');
    expect(hung).toMatchObject({ status: 503, body: { alive: false, silent: ['deliveries'] } });
  });

  it('asks neither the state nor a target', async () => {
    const health = () => Promise.reject(new Error('must not be asked'));
    expect((await ask({ health }, '/livez')).status).toBe(200);
  });
});

describe('/readyz', () => {
  it('is 200 when nothing is late, and 503 with the reasons', async () => {
    expect(await ask({}, '/readyz')).toMatchObject({ status: 200, body: { ready: true, reasons: [] } });
    const late = await ask({ health: async () => ({ ...SOUND, waiting: ['acme'] }) }, '/readyz');
    expect(late.status).toBe(503);
    expect(late.body).toEqual({
      ready: false,
      reasons: ['acme: its service has not told its time yet, so nothing is searched.'],
    });
  });

  it('is 503 where the state cannot be read; the reason is logged and not told', async () => {
    const told: unknown[] = [];
    const log = { ...silentLog, warn: (_: string, fields: object | undefined) => void told.push(fields) };
    const health = () => Promise.reject(new HuntwireError('STATE_GONE', 'The file /secret/place is gone.'));
    const answer = await ask({ health, log }, '/readyz');
    expect(answer.status).toBe(503);
    expect(answer.body.error.code).toBe('STATE_GONE');
    expect(answer.text).not.toContain('/secret/place');
    expect(told).toEqual([{ path: '/readyz', code: 'STATE_GONE', reason: 'The file /secret/place is gone.' }]);
  });
});

describe('on loopback', () => {
  it('no token is needed, and nothing may keep an answer', async () => {
    const { status, headers, text } = await ask({}, '/metrics');
    expect([status, headers.get('content-type'), text]).toEqual([200, 'text/plain; version=0.0.4', 'huntwire_up 1\n']);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it.each(['localhost:8484', '127.0.0.1', '[::1]:8484'])('the host %s is known', async (host) => {
    expect((await ask({}, '/livez', { headers: { host } })).status).toBe(200);
  });

  it.each(['evil.example', '127.0.0.1.evil.example', '10.0.0.1:8484', ''])('the host "%s" is refused', async (host) => {
    for (const path of ['/livez', '/metrics', '/nothing'])
      expect((await ask({}, path, { headers: { host } })).status).toBe(403);
  });
});

describe('on an address that others reach', () => {
  const host = '0.0.0.0';
  const bearer = (token: string) => ({ headers: { host: 'huntwire.example', authorization: `Bearer ${token}` } });

  it('everybody learns whether it lives and is ready, and who may read learns why', async () => {
    const pulse = { silent: () => ['deliveries'] };
    expect((await ask({ host, pulse }, '/livez')).body).toEqual({ alive: false });
    expect((await ask({ host, pulse }, '/livez', bearer('0123456789abcdef'))).body).toEqual({
      alive: false,
      silent: ['deliveries'],
    });
    expect((await ask({ host }, '/readyz')).body).toEqual({ ready: true });
  });

  it('/metrics needs a token that may read', async () => {
    const refused = await ask({ host }, '/metrics');
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    for (const token of ['fedcba9876543210', '0123456789abcde', '0123456789abcdef0', '', 'ä']) {
      const headers = new Headers({ host: 'huntwire.example' });
      headers.set('authorization', `Bearer ${encodeURIComponent(token)}`);
      expect((await appWith({ host }).request('/metrics', { headers })).status).toBe(401);
    }
    expect((await ask({ host }, '/metrics', bearer('0123456789abcdef'))).status).toBe(200);
  });
});

describe('anything else', () => {
  it('is 404, and other methods are 405', async () => {
    expect((await ask({}, '/')).body).toEqual({
      error: { code: 'NOT_FOUND', message: 'There is nothing at this path.' },
    });
    expect((await ask({}, '/livez', { method: 'POST' })).status).toBe(405);
    expect((await ask({}, '/livez', { method: 'HEAD' })).status).toBe(200);
  });

  it('lies below the base path', async () => {
    expect((await ask({ basePath: '/hunt' }, '/hunt/livez')).status).toBe(200);
    expect((await ask({ basePath: '/hunt' }, '/livez')).status).toBe(404);
  });
});

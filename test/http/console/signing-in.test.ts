import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../../src/lib/duration.ts';
import { NOBODY, openConsole, READER } from './open-console.ts';

const SAME = { 'sec-fetch-site': 'same-origin' };

describe('who has not signed in', () => {
  it.each(['/', '/rules', '/alerts/x', '/no-such-page'])('sees at %s how to, and nothing else', async (path) => {
    const { ask } = openConsole();
    const { status, text, headers } = await ask(path);
    expect([status, headers.get('cache-control')]).toEqual([401, 'no-store']);
    expect(text).toContain('type="password"');
    expect(text).not.toContain('<nav');
  });

  it('coming from another site asks once more from here, as no cookie comes along from there', async () => {
    const { ask } = openConsole();
    const { status, text } = await ask('/alerts?q=%22', { headers: { 'sec-fetch-site': 'cross-site' } });
    expect([status, text.includes('content="0;url=/console/alerts?q=%22"'), text.includes('password')]).toEqual([
      200,
      true,
      false,
    ]);
  });

  it('with a token that may read gets a visit in a cookie that scripts and other sites do not have', async () => {
    const { ask } = openConsole();
    const body = new URLSearchParams({ token: READER.token.reveal(), next: '/console/rules?state=failing' });
    const { status, headers } = await ask('/sign-in', { method: 'POST', body, headers: SAME });
    expect([status, headers.get('location')]).toEqual([303, '/console/rules?state=failing']);
    expect(headers.get('set-cookie')).toMatch(
      /^huntwire_session=[\w-]{43}; Max-Age=43200; Path=\/console; HttpOnly; SameSite=Strict$/,
    );
  });

  it('has a cookie that comes back by TLS only, where a proxy speaks that', async () => {
    const { ask } = openConsole();
    const body = new URLSearchParams({ token: READER.token.reveal() });
    const headers = { ...SAME, origin: 'https://hunt.example' };
    const answer = await ask('/sign-in', { method: 'POST', body, headers });
    expect(answer.headers.get('set-cookie')).toContain('; Secure;');
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/console/../x',
    '/console//evil',
    '/livez',
    '/console/sign-out',
  ])('is not led to %s by signing in', async (next) => {
    const { ask } = openConsole();
    const body = new URLSearchParams({ token: READER.token.reveal(), next });
    const { headers } = await ask('/sign-in', { method: 'POST', body, headers: SAME });
    expect(headers.get('location')).toBe(next === '/console/../x' ? next : '/console/');
  });

  it('with a wrong token, one that may not read, or from another site is let in nowhere', async () => {
    const { ask, told } = openConsole();
    const tell = async (token: string, headers: Record<string, string>) =>
      (await ask('/sign-in', { method: 'POST', body: new URLSearchParams({ token }), headers })).status;
    expect(await tell('guess-0123456789', SAME)).toBe(401);
    expect(await tell(NOBODY.token.reveal(), SAME)).toBe(403);
    expect(await tell(READER.token.reveal(), { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await tell(READER.token.reveal(), { origin: 'https://evil.example' })).toBe(403);
    expect(await tell(READER.token.reveal(), { origin: 'http://127.0.0.1:8484' })).toBe(303);
    expect(JSON.stringify(told)).not.toContain('guess');
    for (let count = 0; count < 19; count += 1) await tell('guess-0123456789', SAME);
    expect(await tell(READER.token.reveal(), SAME)).toBe(429);
  });
});

describe('a visit', () => {
  it('ends with the day, and when its holder signs out', async () => {
    const { page, send, clock } = openConsole();
    expect((await page('/')).status).toBe(200);
    await clock.advance(12 * HOUR_MS - 1);
    expect((await page('/')).status).toBe(200);
    await clock.advance(1);
    expect((await page('/')).status).toBe(401);
    const again = openConsole();
    expect((await again.send('/sign-out', {})).status).toBe(303);
    expect((await again.page('/')).status).toBe(401);
    expect((await send('/sign-out', {})).status).toBe(401);
  });

  it('that does not bring its key, or comes from another site, writes nothing', async () => {
    const { send, page, told } = openConsole();
    expect((await send('/sign-out', { key: 'another' })).status).toBe(403);
    expect((await send('/sign-out', {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await page('/')).status).toBe(200);
    expect(told).toHaveLength(2);
  });
});

describe('who brings a token with each request', () => {
  const bearer = (token: { reveal(): string }) => ({ authorization: `Bearer ${token.reveal()}` });

  it('is shown pages, without a cookie, and sends forms with the key that they hold', async () => {
    const { ask } = openConsole();
    const { status, text, headers } = await ask('/', { headers: bearer(READER.token) });
    expect([status, headers.get('set-cookie')]).toEqual([200, null]);
    expect(text).toContain('Signed in as reader.');
    const [, key = ''] = /name="key" value="([\w-]+)"/.exec(text) ?? [];
    const signOut = (given: string, more: Record<string, string>) =>
      ask('/sign-out', {
        ...{ method: 'POST', body: new URLSearchParams({ key: given }) },
        headers: { ...bearer(READER.token), ...more },
      });
    expect((await signOut('another', SAME)).status).toBe(403);
    expect((await signOut(key, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await signOut(key, SAME)).status).toBe(303);
  });

  it('that may not read, or is none, sees nothing; guesses are slowed down, other kinds of headers are none', async () => {
    const { ask, told } = openConsole();
    const statusOf = async (authorization: string) => (await ask('/', { headers: { authorization } })).status;
    expect(await statusOf(bearer(NOBODY.token).authorization)).toBe(401);
    for (let count = 0; count < 30; count += 1) expect(await statusOf('Basic cmVhZGVyOng=')).toBe(401);
    expect(await statusOf(bearer(READER.token).authorization)).toBe(200);
    for (let count = 0; count < 20; count += 1) expect(await statusOf('Bearer guess-0123456789')).toBe(401);
    expect(await statusOf(bearer(READER.token).authorization)).toBe(401);
    expect([told.length, JSON.stringify(told).includes('guess')]).toEqual([20, false]);
  });
});

describe('what is no form of ours', () => {
  it.each([
    ['JSON', { 'content-type': 'application/json' }, '{}', 400],
    ['nothing', {}, '', 400],
    ['too much', { 'content-type': 'application/x-www-form-urlencoded' }, `token=${'x'.repeat(300_000)}`, 413],
  ])('as %s is refused as a page', async (_, headers, body, status) => {
    const { ask, told } = openConsole();
    const answer = await ask('/sign-in', { method: 'POST', body, headers: { ...SAME, ...headers } });
    expect([answer.status, answer.text.includes('That did not work'), told]).toEqual([status, true, []]);
  });
});

describe('behind a proxy that has people sign in', () => {
  const login = { header: 'X-Forwarded-User', from: ['unknown'], scopes: ['read'] } as const;

  it('who it names is let in, and nobody whom others name', async () => {
    const { ask } = openConsole({ console: { login } });
    const headers = { 'x-forwarded-user': 'eve' };
    expect((await ask('/', { headers })).text).toContain('Signed in as eve.');
    expect((await ask('/')).status).toBe(401);
    const elsewhere = openConsole({ console: { login: { ...login, from: ['10.0.0.1'] } } });
    expect((await elsewhere.ask('/', { headers })).status).toBe(401);
  });

  it('who it names keeps their forms, whatever else is asked for in between, and signs out there', async () => {
    const { ask, page } = openConsole({ console: { login } });
    const headers = { 'x-forwarded-user': 'eve' };
    const first = await ask('/', { headers });
    const [, key = ''] = /name="key" value="([^"]+)"/.exec(first.text) ?? [];
    expect([first.headers.get('set-cookie'), first.text.includes('Sign out')]).toEqual([null, false]);
    await ask('/', { headers });
    const send = (given: string, who = headers) =>
      ask('/sign-out', { method: 'POST', body: new URLSearchParams({ key: given }), headers: { ...SAME, ...who } });
    expect((await send(key)).status).toBe(303);
    expect((await send(key, { 'x-forwarded-user': 'bob' })).status).toBe(403);
    expect((await page('/')).text).toContain('Sign out');
  });
});

describe('every answer', () => {
  it('says what a browser may do with it', async () => {
    const { ask, page } = openConsole({ basePath: '/hunt' });
    for (const { headers } of [await ask('/'), await page('/'), await ask('/style.css'), await page('/nothing')]) {
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    const { text } = await page('/');
    expect(text).not.toMatch(/ style=|<style|<script>| on\w+=/);
    expect(text).toContain('href="/hunt/console/rules"');
  });

  it('is a page also where something fails, which says nothing of files of this machine', async () => {
    const { page, told } = openConsole({
      pages: { store: { ruleStates: () => Promise.reject(new Error('/secret/place')) } as never },
    });
    const { status, text } = await page('/');
    expect([status, text.includes('/secret'), text.includes('That did not work')]).toEqual([500, false, true]);
    expect(told).toEqual([expect.objectContaining({ path: '/console/', code: 'INTERNAL' })]);
  });
});

/** @jest-environment-options {"modules": "own"} */
import { constants, createHash, createPrivateKey, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { generate } from 'selfsigned';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Log, LogFields } from '../../../src/lib/log.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { Secret } from '../../../src/lib/secret.ts';
import type { AuthConfig } from '../../../src/sources/auth/auth-config.ts';
import {
  createTokenSource,
  type TokenSource,
  type TokenSourceOptions,
} from '../../../src/sources/auth/token-source.ts';
import {
  CLIENT,
  fakeToken,
  grantToken,
  SECRET_TEXT,
  type Seen,
  type StandIn,
  secretAuth,
  sendJson,
  startStandIn,
  TENANT,
} from '../stand-in.ts';

const SCOPE = 'https://graph.microsoft.com/.default';
const NEVER = new AbortController().signal;

const folder = mkdtempSync(join(tmpdir(), 'huntwire-auth-'));
const closers: (() => Promise<void>)[] = [];
const variables = { ...process.env };
let pair: { readonly cert: string; readonly key: string };

beforeAll(async () => {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  });
  pair = { cert: made.cert, key: made.private };
});

afterEach(async () => {
  process.env = { ...variables };
  for (const close of closers.splice(0).reverse()) await close();
});

afterAll(() => rmSync(folder, { recursive: true }));

type TokenAnswer = (seen: Seen, response: ServerResponse) => void;

async function standIn(answer: TokenAnswer = grantToken, tls?: { key: string; cert: string }): Promise<StandIn> {
  const server = await startStandIn(answer, tls);
  closers.push(server.close);
  return server;
}

function tokensOf(auth: AuthConfig, more: Partial<TokenSourceOptions> = {}): TokenSource {
  const tokens = createTokenSource({
    auth,
    loginHost: 'https://login.microsoftonline.com',
    proxy: null,
    delegatedPermission: 'ThreatHunting.Read.All',
    clock: systemClock,
    log: silentLog,
    prompt: () => undefined,
    ...more,
  });
  closers.push(tokens.close);
  return tokens;
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const ids = (server: StandIn) => ({ tenantId: TENANT, clientId: CLIENT, authority: `${server.origin}/${TENANT}` });
const formOf = (seen: Seen | undefined) => Object.fromEntries(new URLSearchParams(seen?.body));
const entraError = (number: number, text: string) => ({
  error: 'invalid_client',
  error_description: `AADSTS${number}: ${text}`,
  error_codes: [number],
  correlation_id: 'c',
  trace_id: 't',
});

describe('a client secret', () => {
  it('is sent to the token endpoint over http on loopback', async () => {
    const server = await standIn();
    const tokens = tokensOf(secretAuth(server.origin));
    const token = await tokens.token(SCOPE, null, NEVER);
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]?.path).toMatch(new RegExp(`^/${TENANT}/oauth2/v2\\.0/token`));
    expect(formOf(server.seen[0])).toMatchObject({
      client_id: CLIENT,
      scope: SCOPE,
      grant_type: 'client_credentials',
      client_secret: SECRET_TEXT,
    });
    expect(await tokens.token(SCOPE, null, NEVER)).toBe(token);
    expect(server.seen).toHaveLength(1);
    expect(tokens.credentialExpiresAt).toBeNull();
  });

  it('works over TLS with a CA of one’s own, and not without it', async () => {
    const server = await standIn(grantToken, pair);
    const auth = secretAuth(server.origin);
    const trusting = tokensOf({ ...auth, caFile: file('ca.pem', pair.cert) });
    expect(await trusting.token(SCOPE, null, NEVER)).toContain('.');
    await expect(tokensOf(auth).token(SCOPE, null, NEVER)).rejects.toMatchObject({
      code: 'SOURCE_NETWORK',
      retryable: false,
      message: expect.stringContaining('auth.caFile'),
    });
  });

  it('appends the tenant to an authority without path and keeps a path that is there', async () => {
    const server = await standIn();
    await tokensOf({ ...secretAuth(server.origin), authority: `${server.origin}/` }).token(SCOPE, null, NEVER);
    expect(server.seen[0]?.path).toMatch(new RegExp(`^/${TENANT}/`));
    await tokensOf({ ...secretAuth(server.origin), authority: `${server.origin}/own/path/` }).token(SCOPE, null, NEVER);
    expect(server.seen[1]?.path).toMatch(/^\/own\/path\/oauth2\//);
  });

  it('is not led elsewhere by MSAL_FORCE_REGION', async () => {
    process.env.MSAL_FORCE_REGION = 'westeurope';
    const server = await standIn();
    await tokensOf(secretAuth(server.origin)).token(SCOPE, null, NEVER);
    expect(server.seen).toHaveLength(1);
  });

  it('is sent once where the login host fails: whoever asked decides when to ask again', async () => {
    const server = await standIn((_, response) => sendJson(response, 500, entraError(90033, 'busy')));
    await expect(tokensOf(secretAuth(server.origin)).token(SCOPE, null, NEVER)).rejects.toMatchObject({
      code: 'SOURCE_SERVER',
      retryable: true,
    });
    expect(server.seen).toHaveLength(1);
  });

  it('never shows in errors or logs, even when the other side echoes it', async () => {
    const lines: unknown[] = [];
    const note = (...line: unknown[]) => void lines.push(line);
    const log: Log = { error: note, warn: note, info: note, debug: note };
    const server = await standIn((seen, response) =>
      sendJson(response, 401, entraError(7000215, `you sent ${formOf(seen).client_secret}`)),
    );
    const failure = await tokensOf(secretAuth(server.origin), { log })
      .token(SCOPE, null, NEVER)
      .catch((error: unknown) => error);
    const { message, cause, stack, code } = failure as Error & { code: string };
    expect(code).toBe('SOURCE_AUTH');
    expect(message).toContain('you sent ***');
    expect(JSON.stringify([message, String(cause), stack, lines])).not.toContain(SECRET_TEXT);
  });
});

describe('errors of the login host', () => {
  it.each([
    [7000215, 'not its id'],
    [7000222, 'expired'],
    [700016, 'auth.clientId'],
    [90002, 'auth.tenantId'],
    [700027, 'auth.certificateFile'],
    [700024, 'clock'],
    [70021, 'federated credential'],
    [500011, 'source.api'],
    [65001, 'consented'],
    [53003, 'Conditional Access'],
    [1234567, 'Check auth.'],
  ])('AADSTS%d says what to do', async (number, advice) => {
    const server = await standIn((_, response) => sendJson(response, 400, entraError(number, 'Because.')));
    await expect(tokensOf(secretAuth(server.origin)).token(SCOPE, null, NEVER)).rejects.toMatchObject({
      code: 'SOURCE_AUTH',
      retryable: false,
      message: expect.stringMatching(new RegExp(`${advice.replaceAll('.', '\\.')}[\\s\\S]*AADSTS${number}: Because`)),
    });
  });

  it.each<[string, TokenAnswer, string]>([
    [
      '503',
      (_, response) => sendJson(response, 503, { error: 'temporarily_unavailable', error_description: 'down' }),
      'SOURCE_SERVER',
    ],
    [
      '429',
      (_, response) => sendJson(response, 429, entraError(90055, 'throttled'), { 'retry-after': '1' }),
      'SOURCE_SERVER',
    ],
    ['a web page', (_, response) => sendJson(response, 502, '<html>Bad Gateway'), 'SOURCE_SERVER'],
    ['a reset', (_, response) => response.socket?.resetAndDestroy(), 'SOURCE_NETWORK'],
    [
      'a token without text',
      (_, response) => sendJson(response, 200, { token_type: 'Bearer', expires_in: 3599 }),
      'SOURCE_AUTH',
    ],
  ])('%s', async (_, answer, code) => {
    const server = await standIn(answer);
    await expect(tokensOf(secretAuth(server.origin)).token(SCOPE, null, NEVER)).rejects.toMatchObject({ code });
  });

  it('passing ones stay passing while msal-node remembers them', async () => {
    const server = await standIn((_, response) =>
      sendJson(response, 500, { error: 'server_error', error_description: 'AADSTS90033 transient' }),
    );
    const tokens = tokensOf(secretAuth(server.origin));
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(tokens.token(SCOPE, null, NEVER)).rejects.toMatchObject({ code: 'SOURCE_SERVER', retryable: true });
    }
  });
});

describe('token source', () => {
  it('makes one request for callers at the same time, one for each scope', async () => {
    const server = await standIn();
    const tokens = tokensOf(secretAuth(server.origin));
    const many = await Promise.all(Array.from({ length: 5 }, () => tokens.token(SCOPE, null, NEVER)));
    expect(new Set(many).size).toBe(1);
    await tokens.token('https://api.security.microsoft.com/.default', null, NEVER);
    expect(server.seen).toHaveLength(2);
  });

  it('fetches another token for a refused one, once', async () => {
    const server = await standIn();
    const tokens = tokensOf(secretAuth(server.origin));
    const first = await tokens.token(SCOPE, null, NEVER);
    const [second, third] = await Promise.all([tokens.token(SCOPE, first, NEVER), tokens.token(SCOPE, first, NEVER)]);
    expect(second).not.toBe(first);
    expect(third).toBe(second);
    expect(await tokens.token(SCOPE, first, NEVER)).toBe(second);
    expect(await tokens.token(SCOPE, null, NEVER)).toBe(second);
    expect(server.seen).toHaveLength(2);
  });

  it.each([
    [200, true],
    [100, false],
  ])('uses the last token after a failed renewal if it is good for two minutes (%d s left)', async (seconds, used) => {
    let up = true;
    const server = await standIn((_, response) =>
      up
        ? sendJson(response, 200, { token_type: 'Bearer', expires_in: seconds, access_token: fakeToken({}) })
        : sendJson(response, 503, { error: 'temporarily_unavailable', error_description: 'down' }),
    );
    const warnings: string[] = [];
    const tokens = tokensOf(secretAuth(server.origin), {
      log: { ...silentLog, warn: (message) => void warnings.push(message) },
    });
    const first = await tokens.token(SCOPE, null, NEVER);
    up = false;
    const asked = tokens.token(SCOPE, null, NEVER);
    if (used) expect(await asked).toBe(first);
    else await expect(asked).rejects.toMatchObject({ code: 'SOURCE_SERVER' });
    expect(warnings).toHaveLength(used ? 1 : 0);
    await expect(tokens.token(SCOPE, first, NEVER)).rejects.toMatchObject({ code: 'SOURCE_SERVER' });
  });

  it('lets one caller go without disturbing the other', async () => {
    let finish: () => void = () => undefined;
    const server = await standIn((seen, response) => {
      finish = () => grantToken(seen, response);
      stop.abort();
    });
    const stop = new AbortController();
    const tokens = tokensOf(secretAuth(server.origin));
    const left = tokens.token(SCOPE, null, stop.signal);
    const stays = tokens.token(SCOPE, null, NEVER);
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    finish();
    expect(await stays).toContain('.');
  });
});

describe('a certificate', () => {
  it('signs an assertion with PS256 and its SHA-256 thumbprint', async () => {
    const server = await standIn();
    const encrypted = createPrivateKey(pair.key).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'pass',
    });
    const tokens = tokensOf({
      ...ids(server),
      certificateFile: file('app.crt', pair.cert),
      privateKeyFile: file('app.key', String(encrypted)),
      passphrase: new Secret('pass'),
    });
    await tokens.token(SCOPE, null, NEVER);
    const { client_assertion = '', client_assertion_type } = formOf(server.seen[0]);
    const [head = '', payload = '', signature = ''] = client_assertion.split('.');
    const header = JSON.parse(Buffer.from(head, 'base64url').toString());
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const certificate = new X509Certificate(pair.cert);
    expect(client_assertion_type).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    expect(header).toMatchObject({
      alg: 'PS256',
      'x5t#S256': createHash('sha256').update(certificate.raw).digest('base64url'),
    });
    expect(header.x5c).toEqual([certificate.raw.toString('base64')]);
    expect(claims).toMatchObject({ iss: CLIENT, sub: CLIENT });
    const key = {
      key: createPublicKey(pair.key),
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    };
    expect(verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(tokens.credentialExpiresAt).toBe(Date.parse(certificate.validTo));
  });

  it.each([
    ['a key that needs a passphrase', 'crypt', undefined, /auth\.passphrase/],
    ['a wrong passphrase', 'crypt', 'wrong', /auth\.passphrase may be wrong/],
    ['a file without a key', 'junk', undefined, /auth\.privateKeyFile/],
  ])('is refused at the start with %s', async (_, kind, passphrase, message) => {
    const server = await standIn();
    const crypt = createPrivateKey(pair.key).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'pass',
    });
    const make = () =>
      tokensOf({
        ...ids(server),
        certificateFile: file('app.crt', pair.cert),
        privateKeyFile: file('bad.key', kind === 'crypt' ? String(crypt) : 'junk'),
        ...(passphrase && { passphrase: new Secret(passphrase) }),
      });
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) }));
  });

  it('is renewed with its key while we run, and the last pair that fits is used until both are there', async () => {
    const server = await standIn();
    const next = await generate([{ name: 'commonName', value: 'next' }], { keySize: 2048, algorithm: 'sha256' });
    const warned: unknown[] = [];
    let passed = 0;
    const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + passed };
    const log = { ...silentLog, warn: (_: string, fields?: LogFields) => warned.push(fields?.reason) };
    const certificateFile = file('turning.crt', pair.cert);
    const privateKeyFile = file('turning.key', pair.key);
    const tokens = tokensOf({ ...ids(server), certificateFile, privateKeyFile }, { clock, log });
    const shown = async (): Promise<string> => {
      for (let look = 0; look < 2; look += 1) {
        passed += 1000;
        await tokens.token(SCOPE, await tokens.token(SCOPE, null, NEVER), NEVER);
      }
      const { client_assertion = '' } = formOf(server.seen.at(-1));
      const [head = ''] = client_assertion.split('.');
      return JSON.parse(Buffer.from(head, 'base64url').toString()).x5c[0];
    };
    const raw = (pem: string): string => new X509Certificate(pem).raw.toString('base64');
    expect(await shown()).toBe(raw(pair.cert));
    file('turning.crt', next.cert);
    expect(await shown()).toBe(raw(pair.cert));
    expect(warned).toEqual([expect.stringContaining('is not the key of the certificate in')]);
    file('turning.key', next.private);
    expect(await shown()).toBe(raw(next.cert));
  });

  it('is refused at the start where the file is none or missing', () => {
    const auth = { tenantId: TENANT, clientId: CLIENT, privateKeyFile: file('app.key', pair.key) };
    const refusal = { code: 'CONFIG_INVALID', message: expect.stringMatching(/^auth\.certificateFile: .*junk\.crt/) };
    expect(() => tokensOf({ ...auth, certificateFile: file('junk.crt', 'junk') })).toThrow(
      expect.objectContaining(refusal),
    );
    expect(() => tokensOf({ ...auth, certificateFile: join(folder, 'nowhere.crt') })).toThrow(/nowhere\.crt/);
  });
});

describe('a file of a certificate that is not there', () => {
  it.each([
    ['auth.certificateFile', { certificateFile: '/nowhere/app.crt' }],
    ['auth.privateKeyFile', { privateKeyFile: '/nowhere/app.key' }],
  ])('is named with its setting: %s', async (setting, more) => {
    const auth = {
      tenantId: TENANT,
      clientId: CLIENT,
      certificateFile: file('there.crt', pair.cert),
      privateKeyFile: file('there.key', pair.key),
      ...more,
    };
    const ask = async () => tokensOf(auth).token(SCOPE, null, NEVER);
    await expect(ask()).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(setting) });
  });
});

describe('workload identity federation', () => {
  it('reads the token file anew for every request', async () => {
    const server = await standIn();
    const path = file('federated', 'first\n');
    const tokens = tokensOf({ ...ids(server), federatedTokenFile: path });
    const token = await tokens.token(SCOPE, null, NEVER);
    writeFileSync(path, 'second');
    await tokens.token(SCOPE, token, NEVER);
    expect(server.seen.map((seen) => formOf(seen).client_assertion)).toEqual(['first', 'second']);
  });

  it('names the file that cannot be read', async () => {
    const server = await standIn();
    const tokens = tokensOf({ ...ids(server), federatedTokenFile: join(folder, 'missing-token') });
    await expect(tokens.token(SCOPE, null, NEVER)).rejects.toMatchObject({
      code: 'SOURCE_AUTH',
      message: expect.stringContaining('missing-token'),
    });
  });
});

describe('a managed identity', () => {
  it('asks the endpoint of the machine for the resource', async () => {
    const expiresOn = Math.floor(Date.now() / 1000) + 86_400;
    const server = await standIn((_, response) =>
      sendJson(response, 200, {
        access_token: fakeToken({ roles: [] }),
        expires_on: String(expiresOn),
        resource: 'r',
        token_type: 'Bearer',
      }),
    );
    process.env.IDENTITY_ENDPOINT = `${server.origin}/msi/token`;
    process.env.IDENTITY_HEADER = 'machine-header';
    process.env.HTTP_PROXY = 'http://127.0.0.1:1';
    const tokens = tokensOf({ managedIdentity: true });
    expect(await tokens.token('https://graph.example/.default', null, NEVER)).toContain('.');
    expect(server.seen[0]?.path).toContain('resource=https%3A%2F%2Fgraph.example');
    expect(server.seen[0]?.headers['x-identity-header']).toBe('machine-header');
    expect(server.seen[0]?.path).not.toContain('client_id');
    const own = tokensOf({ managedIdentity: true, clientId: CLIENT });
    await own.token('https://graph.example/.default', null, NEVER);
    expect(server.seen.at(-1)?.path).toContain(`client_id=${CLIENT}`);
  });
});

describe('the connections to the login', () => {
  it('end with who holds them', async () => {
    const server = createServer((_, response) => {
      sendJson(response, 200, { token_type: 'Bearer', expires_in: 3599, access_token: fakeToken({ roles: [] }) });
    });
    const ended: Promise<unknown>[] = [];
    server.on('connection', (socket) => ended.push(once(socket, 'close')));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const tokens = tokensOf(secretAuth(`http://127.0.0.1:${port}`));
    expect(await tokens.token(SCOPE, null, NEVER)).toContain('.');
    expect(ended).toHaveLength(1);
    await tokens.close();
    await Promise.all(ended);
    server.close();
  });
});

describe('a device code', () => {
  const answerDevice: TokenAnswer = (seen, response) => {
    if (seen.path.includes('/devicecode')) {
      const code = {
        user_code: 'ABCD',
        device_code: 'd',
        verification_uri: 'https://x',
        expires_in: 900,
        interval: 1,
        message: 'Enter ABCD',
      };
      return sendJson(response, 200, code);
    }
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return sendJson(response, 200, {
      token_type: 'Bearer',
      scope: formOf(seen).scope,
      expires_in: 3599,
      access_token: fakeToken({ scp: 'ThreatHunting.Read.All', via: formOf(seen).grant_type }),
      refresh_token: 'refresh-1',
      id_token: fakeToken({ oid: 'u', tid: TENANT, aud: CLIENT }),
      client_info: part({ uid: 'u', utid: TENANT }),
    });
  };

  it('is shown once; afterwards the refresh token serves', async () => {
    const server = await standIn(answerDevice);
    const prompts: string[] = [];
    const tokens = tokensOf({ ...ids(server), deviceCode: true }, { prompt: (message) => void prompts.push(message) });
    const first = await tokens.token(SCOPE, null, NEVER);
    expect(prompts).toEqual(['Enter ABCD']);
    expect(formOf(server.seen[0]).scope).toContain('https://graph.microsoft.com/ThreatHunting.Read.All');
    await tokens.token(SCOPE, first, NEVER);
    expect(formOf(server.seen.at(-1))).toMatchObject({ grant_type: 'refresh_token', refresh_token: 'refresh-1' });
    expect(prompts).toHaveLength(1);
  });
});

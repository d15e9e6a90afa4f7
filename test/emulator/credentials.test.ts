import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { generate } from 'selfsigned';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { AuthConfig } from '../../src/sources/auth/auth-config.ts';
import { tokenClaims } from '../../src/sources/auth/token-claims.ts';
import { createTokenSource } from '../../src/sources/auth/token-source.ts';

const SCOPE = 'https://graph.microsoft.com/.default';
const folder = mkdtempSync(join(tmpdir(), 'huntwire-credentials-'));
const closers: (() => Promise<unknown>)[] = [];
let own: { readonly cert: string; readonly private: string };
let other: { readonly cert: string; readonly private: string };

beforeAll(async () => {
  const make = () =>
    generate([{ name: 'commonName', value: 'app' }], {
      keySize: 2048,
      algorithm: 'sha256',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
  [own, other] = await Promise.all([make(), make()]);
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(over: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const answerer = { answer: async () => ({ columns: [], rows: [] }) };
  const emulator = await startEmulator({
    port: 0,
    answerer,
    clock: systemClock,
    application: { certificates: [own.cert] },
    ...over,
  });
  closers.push(emulator.close);
  return emulator;
}

function tokenFor(
  emulator: Emulator,
  credential: Partial<AuthConfig>,
  prompt: (message: string) => void = () => undefined,
): Promise<string> {
  const { tenantId, clientId } = emulator.application;
  const tokens = createTokenSource({
    auth: { tenantId, clientId, authority: emulator.authority, ...credential },
    loginHost: 'https://login.microsoftonline.com',
    proxy: null,
    delegatedPermission: 'ThreatHunting.Read.All',
    clock: systemClock,
    log: silentLog,
    prompt,
  });
  closers.push(tokens.close);
  return tokens.token(SCOPE, null, new AbortController().signal);
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('the token endpoint and msal', () => {
  it('agree on a client secret, over plain HTTP and over TLS', async () => {
    const plain = await start();
    const secret = { clientSecret: new Secret(plain.application.clientSecret) };
    expect(tokenClaims(await tokenFor(plain, secret))?.roles).toContain('ThreatHunting.Read.All');
    const secure = await start({ tls: { cert: own.cert, key: own.private } });
    expect(await tokenFor(secure, { ...secret, caFile: file('ca.pem', own.cert) })).not.toBe('');
    await expect(tokenFor(plain, { clientSecret: new Secret('wrong') })).rejects.toMatchObject({ code: 'SOURCE_AUTH' });
  });

  it('agree on the assertion of a registered certificate, and refuse any other', async () => {
    const emulator = await start();
    const mine = { certificateFile: file('own.pem', own.cert), privateKeyFile: file('own.key', own.private) };
    expect(tokenClaims(await tokenFor(emulator, mine))?.roles).toContain('ThreatHunting.Read.All');
    const foreign = {
      certificateFile: file('other.pem', other.cert),
      privateKeyFile: file('other.key', other.private),
    };
    await expect(tokenFor(emulator, foreign)).rejects.toMatchObject({
      code: 'SOURCE_AUTH',
      message: expect.stringContaining('AADSTS700027'),
    });
  });

  it('agree on a federated token', async () => {
    const emulator = await start();
    expect(await tokenFor(emulator, { federatedTokenFile: file('token', 'a.b.c') })).not.toBe('');
  });

  it('agree on a device code, whose permission is delegated', async () => {
    const emulator = await start();
    const said: string[] = [];
    const token = await tokenFor(emulator, { deviceCode: true }, (message) => said.push(message));
    expect(said.join()).toContain('EMU-1234');
    expect(tokenClaims(token)).toMatchObject({ roles: [], scopes: expect.arrayContaining(['ThreatHunting.Read.All']) });
    expect(emulator.tokens()).toBe(1);
  });
});

import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Secret } from '../../../src/lib/secret.ts';
import { type AuthConfig, authSchema, credentialOf } from '../../../src/sources/auth/auth-config.ts';
import { missingPermission, tokenClaims } from '../../../src/sources/auth/token-claims.ts';
import { fakeToken } from '../stand-in.ts';

const IDS = { tenantId: 't', clientId: 'c' };
const SECRET = { clientSecret: new Secret('s') };

describe('credentialOf', () => {
  it.each<[string, AuthConfig]>([
    ['secret', { ...IDS, ...SECRET }],
    ['certificate', { ...IDS, certificateFile: 'a', privateKeyFile: 'b' }],
    ['federated', { ...IDS, federatedTokenFile: 'f' }],
    ['managed', { managedIdentity: true }],
    ['device', { ...IDS, deviceCode: true }],
  ])('%s', (kind, auth) => {
    expect(credentialOf(auth).kind).toBe(kind);
  });

  it.each<[string, AuthConfig, RegExp]>([
    ['none', IDS, /none is given/],
    ['two', { ...IDS, ...SECRET, deviceCode: true }, /secret and device are given/],
    ['half a certificate', { ...IDS, certificateFile: 'a' }, /privateKeyFile is missing/],
    ['the other half', { ...IDS, privateKeyFile: 'a' }, /certificateFile is missing/],
    ['no ids', SECRET, /tenantId and clientId/],
    ['a shared tenant', { ...IDS, ...SECRET, tenantId: 'Common' }, /no tenant/],
  ])('refuses %s', (_, auth, message) => {
    expect(() => credentialOf(auth)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) }),
    );
  });
});

describe('authSchema', () => {
  it('takes every setting and no other', () => {
    const ajv = new Ajv2020({ strict: false, formats: { password: true } });
    const validate = ajv.compile(authSchema);
    expect(
      validate({ tenantId: 'a', clientId: 'b', clientSecret: 'c', authority: 'https://x/y', caFile: 'ca.pem' }),
    ).toBe(true);
    expect(validate({ managedIdentity: true })).toBe(true);
    expect(validate({ managedIdentity: false })).toBe(false);
    expect(validate({ clientsecret: 'c' })).toBe(false);
  });
});

describe('token claims', () => {
  const permission = { application: 'App.Read', delegated: 'User.Read' };

  it.each([
    [fakeToken({ roles: ['App.Read'] }), null],
    [fakeToken({ roles: ['Other'] }), 'App.Read'],
    [fakeToken({}), 'App.Read'],
    [fakeToken({ scp: 'X User.Read' }), null],
    [fakeToken({ scp: 'X' }), 'User.Read'],
    ['opaque', null],
    ['a.!!!.c', null],
    ['a.bnVsbA.c', null],
  ])('%s lacks %s', (token, missing) => {
    expect(missingPermission(token, permission)).toBe(missing);
  });

  it('ignores claims of the wrong type', () => {
    expect(tokenClaims(fakeToken({ roles: [1, 'a'], scp: 5, aud: [] }))).toEqual({
      roles: ['a'],
      scopes: [],
      audience: null,
    });
  });
});

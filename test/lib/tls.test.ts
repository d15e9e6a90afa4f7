import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generate } from 'selfsigned';
import { Secret } from '../../src/lib/secret.ts';
import { loadTls, secureContextOf } from '../../src/lib/tls.ts';

const folder = mkdtempSync(join(tmpdir(), 'huntwire-tls-'));
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  const options = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;
  const [one, other] = await Promise.all([generate([], options), generate([], options)]);
  writeFileSync(path('cert.pem'), one.cert);
  writeFileSync(path('key.pem'), one.private);
  writeFileSync(path('other-key.pem'), other.private);
  writeFileSync(path('junk.pem'), 'junk');
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('loadTls', () => {
  it('reads what is given and nothing else', () => {
    const files = { caFile: path('cert.pem'), certFile: path('cert.pem'), keyFile: path('key.pem'), servername: 'x' };
    const material = loadTls({ ...files, passphrase: new Secret('p') }, 'targets.siem.tls');
    expect(Object.keys(material).sort()).toEqual(['ca', 'cert', 'key', 'passphrase', 'servername']);
    expect(loadTls({}, 'x')).toEqual({});
  });

  it.each([
    ['a file that is not there', { caFile: path('none.pem') }, /targets\.siem\.tls\.caFile: cannot read .*none\.pem/],
    ['a CA file without certificate', { caFile: path('junk.pem') }, /targets\.siem\.tls\.caFile: .*no certificate/],
    ['a certificate without key', { certFile: path('cert.pem') }, /keyFile is missing/],
    ['a key without certificate', { keyFile: path('key.pem') }, /certFile is missing/],
    ['a key of another certificate', { certFile: path('cert.pem'), keyFile: path('other-key.pem') }, /do not fit/],
    ['a key file without key', { certFile: path('cert.pem'), keyFile: path('junk.pem') }, /do not fit/],
  ])('refuses %s', (_, files, message) => {
    const load = () => loadTls(files, 'targets.siem.tls');
    expect(load).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) }));
  });
});

describe('secureContextOf', () => {
  it('reads the roots once for all that trust the same and show nothing', () => {
    const [plain, ca] = [secureContextOf({}), loadTls({ caFile: path('cert.pem') }, 'a').ca];
    expect(secureContextOf({ servername: 'x' })).toBe(plain);
    const trusting = secureContextOf({ ...(ca && { ca }) });
    expect(secureContextOf({ ...(ca && { ca }) })).toBe(trusting);
    expect(trusting).not.toBe(plain);
  });

  it('shares nothing of those that show a certificate', () => {
    const files = { certFile: path('cert.pem'), keyFile: path('key.pem') };
    const [one, other] = [loadTls(files, 'a'), loadTls(files, 'b')];
    expect(secureContextOf(one)).toBe(secureContextOf(one));
    expect(secureContextOf(one)).not.toBe(secureContextOf(other));
  });
});

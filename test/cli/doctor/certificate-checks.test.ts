import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generate } from 'selfsigned';
import { certificateChecks } from '../../../src/cli/doctor/certificate-checks.ts';
import type { Config } from '../../../src/config/config.ts';

const DAY = 24 * 3_600_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const END = START + 365 * DAY;

let folder = '';
let file = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  file = join(folder, 'client.pem');
  const dates = { notBeforeDate: new Date(START), notAfterDate: new Date(END) };
  writeFileSync(file, (await generate([{ name: 'commonName', value: 'huntwire' }], dates)).cert);
});
afterAll(() => rmSync(folder, { recursive: true }));

function checksAt(now: number, path = file) {
  const config = {
    tenants: [{ auth: { certificateFile: path }, source: {} }],
    targets: new Map([['siem', { type: 'syslog', tls: { certFile: path, keyFile: 'key.pem' } }]]),
  } as unknown as Config;
  return certificateChecks(config, now).map(({ name, ok, fix }) => ({ name, ok, toDo: fix !== null }));
}

describe('certificateChecks', () => {
  it('looks at every file once', () => {
    expect(checksAt(END - 31 * DAY)).toEqual([{ name: 'certificate', ok: true, toDo: false }]);
  });

  it('tells an end within 30 days as an expiry, and an expired one as a failure', () => {
    expect(checksAt(END - 29 * DAY)).toEqual([{ name: 'expiry', ok: false, toDo: true }]);
    expect(checksAt(END + DAY)).toEqual([{ name: 'certificate', ok: false, toDo: true }]);
  });

  it('knows the end of a client secret where it is said', () => {
    const auth = { clientSecretExpires: '2026-12-31' };
    const config = { tenants: [{ name: 'contoso', auth, source: {} }], targets: new Map() } as unknown as Config;
    const at = (now: string) =>
      certificateChecks(config, Date.parse(now)).map(({ name, message }) => `${name} ${message}`);
    expect(at('2026-06-01T00:00:00Z')).toEqual(['client-secret valid for 213 more days']);
    expect(at('2026-12-30T00:00:00Z')).toEqual(['expiry expires in 1 day, on 2026-12-31']);
    expect(at('2027-01-01T00:00:00Z')).toEqual(['client-secret expired on 2026-12-31']);
  });

  it('takes the last of several CAs: one may be on its way out beside the one that follows it', async () => {
    const dates = { notBeforeDate: new Date(START), notAfterDate: new Date(START + 10 * DAY) };
    const old = (await generate([{ name: 'commonName', value: 'old' }], dates)).cert;
    const bundle = join(folder, 'ca.pem');
    writeFileSync(bundle, `${old}\n${readFileSync(file, 'utf8')}`);
    const config = { tenants: [{ auth: null, source: { caFile: bundle } }], targets: new Map() } as unknown as Config;
    expect(certificateChecks(config, START).map(({ ok }) => ok)).toEqual([true]);
  });

  it('tells a file that holds none', () => {
    expect(checksAt(START, join(folder, 'missing.pem'))).toEqual([{ name: 'certificate', ok: false, toDo: true }]);
  });
});

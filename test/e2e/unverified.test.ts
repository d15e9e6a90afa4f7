import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Certificates, makeCertificates } from '../targets/certificates.ts';
import { sampleAlert } from '../targets/sample-alert.ts';

let certificates: Certificates;
const folder = mkdtempSync(join(tmpdir(), 'huntwire-unverified-'));
beforeAll(async () => {
  certificates = await makeCertificates();
  writeFileSync(join(folder, 'server.json'), JSON.stringify(certificates.server));
});
afterAll(() => {
  certificates.remove();
  rmSync(folder, { recursive: true });
});

describe('NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
  it('lets nothing out to a host that cannot prove who it is', () => {
    const script = join(import.meta.dirname, 'unverified.mjs');
    const said = execFileSync(
      process.execPath,
      ['--no-warnings', script, join(folder, 'server.json'), JSON.stringify(sampleAlert())],
      { encoding: 'utf8', env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
    );
    const { told, arrived } = JSON.parse(said) as { told: Record<string, readonly string[]>; arrived: number };
    expect(told).toEqual({
      source: [expect.stringMatching(/certificate/), expect.stringMatching(/certificate/)],
      webhook: [
        expect.stringMatching(/^blocked: the CA that signed its certificate is not trusted/),
        expect.stringMatching(/the CA that signed its certificate is not trusted/),
      ],
      syslog: [
        expect.stringMatching(/^blocked: the CA that signed its certificate is not trusted/),
        expect.stringMatching(/the CA that signed its certificate is not trusted/),
      ],
    });
    expect(arrived).toBe(0);
  });
});

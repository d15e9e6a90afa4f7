import { createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import { Secret } from '../../src/lib/secret.ts';
import { loadTls, trustOf } from '../../src/lib/tls.ts';
import { connectionTls } from '../../src/targets/connection-tls.ts';
import { assertLeaksNoSecret } from '../contract/target.ts';
import { type Certificates, makeCertificates } from './certificates.ts';

describe('certificate files', () => {
  let certificates: Certificates;
  let encrypted = '';
  beforeAll(async () => {
    certificates = await makeCertificates();
    encrypted = join(certificates.folder, 'encrypted.key');
    const key = createPrivateKey(certificates.client.key);
    const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hunter22' } as const;
    writeFileSync(encrypted, key.export(options));
  });
  afterAll(() => certificates.remove());

  it('are loaded, also with a passphrase, and add to the usual roots', () => {
    const { caFile, certFile } = certificates.files;
    const material = loadTls({ caFile, certFile, keyFile: encrypted, passphrase: new Secret('hunter22') }, 'x');
    expect(trustOf(material).ca?.length).toBeGreaterThan(50);
    expect(trustOf(material).ca?.at(-1)).toBe(certificates.ca.cert);
    expect(trustOf(loadTls({}, 'x'))).toEqual({});
    expect(connectionTls(material).rejectUnauthorized).toBe(true);
  });

  it('are read for the first connection, and not again for those that follow or trust the same', () => {
    const { caFile, certFile, keyFile } = certificates.files;
    const [one, other] = [loadTls({ caFile, servername: 'a.example' }, 'x'), loadTls({ caFile }, 'x')];
    const shows = loadTls({ caFile, certFile, keyFile }, 'x');
    expect(connectionTls(one).secureContext).toBe(connectionTls(one).secureContext);
    expect(connectionTls(one).secureContext).toBe(connectionTls(other).secureContext);
    expect(connectionTls(shows).secureContext).not.toBe(connectionTls(one).secureContext);
    expect(connectionTls(shows).secureContext).toBe(connectionTls(shows).secureContext);
    expect([connectionTls(one).servername, connectionTls(other).servername]).toEqual(['a.example', undefined]);
  });

  it('that do not work together are told at start, without the passphrase', () => {
    const { certFile, caFile, serverKeyFile } = certificates.files;
    const attempts = [
      { certFile, keyFile: encrypted, passphrase: new Secret('wrong-hunter22') },
      { certFile, keyFile: serverKeyFile },
      { certFile: serverKeyFile, keyFile: serverKeyFile },
      { certFile, keyFile: caFile },
    ];
    for (const files of attempts) {
      let thrown: unknown = null;
      try {
        loadTls(files, 'targets.siem.tls');
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(HuntwireError);
      expect(thrown).toHaveProperty('message', expect.stringMatching(/^targets\.siem\.tls: /));
      assertLeaksNoSecret([thrown], ['wrong-hunter22']);
    }
  });
});

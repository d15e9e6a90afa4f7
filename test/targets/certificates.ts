import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** A CA of its own with a server and a client certificate, made when the test runs; and the same as PEM files. */
export interface Certificates {
  readonly ca: Pair;
  readonly server: Pair;
  readonly client: Pair;
  readonly folder: string;
  readonly files: {
    readonly caFile: string;
    readonly certFile: string;
    readonly keyFile: string;
    readonly serverCertFile: string;
    readonly serverKeyFile: string;
  };
  remove(): void;
}

const COMMON = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

async function makeCa(commonName: string): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: commonName }], {
    ...COMMON,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  });
  return { cert: made.cert, key: made.private };
}

async function makeLeaf(ca: Pair, commonName: string): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: commonName }], {
    ...COMMON,
    ca,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyAgreement: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: commonName },
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

export async function makeCertificates(): Promise<Certificates> {
  const ca = await makeCa('Test CA');
  const [server, client] = await Promise.all([makeLeaf(ca, 'server.test'), makeLeaf(ca, 'client.test')]);
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-certificates-'));
  const write = (name: string, pem: string): string => {
    const path = join(folder, name);
    writeFileSync(path, pem);
    return path;
  };
  const files = {
    caFile: write('ca.pem', ca.cert),
    certFile: write('client.pem', client.cert),
    keyFile: write('client.key', client.key),
    serverCertFile: write('server.pem', server.cert),
    serverKeyFile: write('server.key', server.key),
  };
  return { ca, server, client, folder, files, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

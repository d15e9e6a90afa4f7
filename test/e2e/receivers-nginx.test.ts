import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { Secret } from '../../src/lib/secret.ts';
import type { DeliveryResult, Target } from '../../src/targets/target.ts';
import type { WebhookConfig } from '../../src/targets/webhook/webhook-schema.ts';
import { create } from '../../src/targets/webhook.ts';
import { freePort } from '../lib/free-port.ts';
import { type Certificates, makeCertificates } from '../targets/certificates.ts';
import { noSignal, sampleDelivery, targetDeps } from '../targets/sample-alert.ts';
import { type BytesReceiver, startBytesReceiver } from '../targets/webhook/bytes-receiver.ts';
import { describeWith, makeFolder, programProblem, type Receiver, startReceiver } from './receivers.ts';

interface Places {
  readonly plain: number;
  readonly tls: number;
  /** What nginx stands in front of. */
  readonly behind: string;
}

function configuration(folder: string, certificates: Certificates, { plain, tls, behind }: Places): string {
  return `
daemon off; pid ${folder}/pid; error_log stderr;
events {}
http {
  access_log ${folder}/access.log;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  limit_req_zone all zone=one:1m rate=1r/m;
  limit_req_status 429;
  server {
    listen 127.0.0.1:${plain};
    location /ok { return 204; }
    location /nowhere { return 404; }
    location /moved { return 301 https://elsewhere.invalid/; }
    location /down { proxy_pass http://127.0.0.1:1; }
    location /behind { proxy_pass ${behind}; }
    location /limited { limit_req zone=one; proxy_pass http://127.0.0.1:${plain}/ok; }
    location /large { client_max_body_size 1k; proxy_pass http://127.0.0.1:${plain}/ok; }
  }
  server {
    listen 127.0.0.1:${tls} ssl;
    ssl_certificate ${certificates.files.serverCertFile}; ssl_certificate_key ${certificates.files.serverKeyFile};
    ssl_client_certificate ${certificates.files.caFile}; ssl_verify_client on;
    location / { return 204; }
  }
}
`;
}

describeWith(programProblem('nginx'), 'nginx', () => {
  let certificates: Certificates;
  let nginx: Receiver;
  let behind: BytesReceiver;
  let plain = 0;
  let tls = 0;
  const targets: Target[] = [];

  beforeAll(async () => {
    certificates = await makeCertificates();
    const folder = makeFolder();
    plain = await freePort();
    tls = await freePort();
    behind = await startBytesReceiver();
    writeFileSync(join(folder, 'nginx.conf'), configuration(folder, certificates, { plain, tls, behind: behind.url }));
    const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'];
    nginx = await startReceiver(folder, 'nginx', args, plain);
  });
  afterEach(async () => {
    for (const target of targets.splice(0)) await target.close();
  });
  afterAll(async () => {
    await nginx?.stop();
    await behind?.close();
    certificates?.remove();
  });

  type Settings = Omit<WebhookConfig, 'type' | 'url'> & { readonly url: string };
  function deliver({ url, ...config }: Settings, title = 'short'): Promise<DeliveryResult> {
    const target = create({ type: 'webhook', url: new Secret(url), ...config }, targetDeps());
    targets.push(target);
    return target.deliver(sampleDelivery(undefined, { title }), noSignal());
  }
  const at = (path: string): string => `http://127.0.0.1:${plain}/${path}`;

  it.each([
    ['ok', 'delivered', undefined],
    ['moved', 'blocked', 301],
    ['nowhere', 'blocked', 404],
    ['down', 'again', 502],
  ])('answers /%s: %s', async (path, kind, status) => {
    expect(await deliver({ url: at(path) })).toMatchObject(status ? { kind, status } : { kind });
  });

  it('refuses a body that is too large', async () => {
    const result = await deliver({ url: at('large') }, 'x'.repeat(5000));
    expect(result).toMatchObject({ kind: 'refused', status: 413, answer: expect.stringContaining('413') });
  });

  it('passes on what is compressed, whole', async () => {
    expect(await deliver({ url: at('behind'), compress: 'gzip' }, 'x'.repeat(5000))).toEqual({ kind: 'delivered' });
    const [{ headers, bytes } = { headers: {}, bytes: Buffer.alloc(0) }] = behind.received;
    expect([headers['content-encoding'], bytes.length < 2000]).toEqual(['gzip', true]);
    expect(JSON.parse(gunzipSync(bytes).toString('utf8'))).toEqual(
      sampleDelivery(undefined, { title: 'x'.repeat(5000) }).alert,
    );
  });

  it('limits the rate without saying for how long', async () => {
    expect(await deliver({ url: at('limited') })).toEqual({ kind: 'delivered' });
    const limited = await deliver({ url: at('limited') });
    expect(limited).toMatchObject({ kind: 'again', status: 429, retryAfterMs: null });
  });

  it('takes a client certificate, and blocks the target without one, or where it is spoken to in plain', async () => {
    const { caFile, certFile, keyFile } = certificates.files;
    const url = `https://localhost:${tls}/`;
    expect(await deliver({ url, tls: { caFile, certFile, keyFile } })).toEqual({ kind: 'delivered' });
    const wanted = 'the webhook answered 400: it wants a client certificate (tls.certFile, tls.keyFile)';
    expect(await deliver({ url, tls: { caFile } })).toMatchObject({ kind: 'blocked', status: 400, reason: wanted });
    const plain = await deliver({ url: `http://localhost:${tls}/` });
    expect(plain).toMatchObject({ kind: 'blocked', reason: expect.stringContaining('write https in the address') });
  });
});

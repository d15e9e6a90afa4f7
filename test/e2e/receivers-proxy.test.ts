import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { Secret } from '../../src/lib/secret.ts';
import type { DeliveryResult, Target } from '../../src/targets/target.ts';
import type { WebhookConfig } from '../../src/targets/webhook/webhook-schema.ts';
import { create } from '../../src/targets/webhook.ts';
import { freePort } from '../lib/free-port.ts';
import { type Certificates, makeCertificates } from '../targets/certificates.ts';
import { type HttpReceiver, startHttpReceiver } from '../targets/http-receiver.ts';
import { noSignal, sampleDelivery, targetDeps } from '../targets/sample-alert.ts';
import { describeWith, makeFolder, programProblem, type Receiver, startReceiver } from './receivers.ts';

const USER = 'huntwire';
const PASSWORD = 'pa55.of-proxy';

function configuration(folder: string, port: number, tunnels: number): string {
  return `
Port ${port}
Listen 127.0.0.1
Allow 127.0.0.1
BasicAuth ${USER} ${PASSWORD}
LogFile "${folder}/log"
LogLevel Connect
MaxClients 50
ConnectPort ${tunnels}
`;
}

describeWith(programProblem('tinyproxy'), 'a proxy that asks for a password', () => {
  let certificates: Certificates;
  let plain: HttpReceiver;
  let secure: HttpReceiver;
  let proxy: Receiver;
  let port = 0;
  const targets: Target[] = [];

  beforeAll(async () => {
    certificates = await makeCertificates();
    plain = await startHttpReceiver((_request, response) => response.writeHead(204).end());
    secure = await startHttpReceiver((_request, response) => response.writeHead(204).end(), certificates.server);
    const folder = makeFolder();
    port = await freePort();
    // As most proxies do, it lets tunnels lead only to where TLS is spoken.
    writeFileSync(join(folder, 'tinyproxy.conf'), configuration(folder, port, secure.port));
    proxy = await startReceiver(folder, 'tinyproxy', ['-d', '-c', join(folder, 'tinyproxy.conf')], port);
  });
  afterEach(async () => {
    for (const target of targets.splice(0)) await target.close();
  });
  afterAll(async () => {
    await proxy?.stop();
    await plain?.close();
    await secure?.close();
    certificates?.remove();
  });

  type Settings = Pick<WebhookConfig, 'tls'> & { readonly url: string; readonly password?: string };
  function deliver({ url, password = PASSWORD, tls }: Settings): Promise<DeliveryResult> {
    const through = new Secret(`http://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}`);
    const target = create({ type: 'webhook', url: new Secret(url), proxy: through, ...(tls && { tls }) }, targetDeps());
    targets.push(target);
    return target.deliver(sampleDelivery(), noSignal());
  }
  const secureUrl = (): string => secure.url.replace('127.0.0.1', 'localhost');

  it('hands plain requests on, without what it was told', async () => {
    expect(await deliver({ url: plain.url })).toEqual({ kind: 'delivered' });
    expect(plain.received).toHaveLength(1);
    expect(JSON.stringify(plain.received[0]?.headers)).not.toContain('proxy-authorization');
    expect(proxy.read('log')).toMatch(/Request.*POST http:/);
  });

  it('makes a tunnel for TLS, in which the certificate is checked', async () => {
    const { caFile } = certificates.files;
    expect(await deliver({ url: secureUrl(), tls: { caFile } })).toEqual({ kind: 'delivered' });
    expect(secure.received).toHaveLength(1);
    expect(proxy.read('log')).toMatch(/Request.*CONNECT localhost:/);
    expect(await deliver({ url: secureUrl() })).toMatchObject({ kind: 'blocked' });
  });

  it('refuses another password, and the target waits until that is mended', async () => {
    const { caFile } = certificates.files;
    const settings = { password: 'wrong' };
    for (const one of [{ url: plain.url }, { url: secureUrl(), tls: { caFile } }]) {
      const result = await deliver({ ...one, ...settings });
      expect(result).toMatchObject({ kind: 'blocked', reason: expect.stringMatching(/answered 40[17]$/) });
      expect(JSON.stringify(result)).not.toContain('wrong');
    }
  });

  it('makes no tunnel to other ports, which is told', async () => {
    const { caFile } = certificates.files;
    const elsewhere = `https://localhost:${plain.port}/`;
    expect(await deliver({ url: elsewhere, tls: { caFile } })).toMatchObject({
      kind: 'blocked',
      reason: expect.stringMatching(/^the proxy 127\.0\.0\.1:\d+ answered 403$/),
    });
  });
});

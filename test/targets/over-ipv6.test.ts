import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { EMAIL } from '../../src/formats/presets/email.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { Secret } from '../../src/lib/secret.ts';
import { create as createEmail } from '../../src/targets/email.ts';
import type { SyslogConfig } from '../../src/targets/syslog/settings.ts';
import { create as createSyslog } from '../../src/targets/syslog.ts';
import type { Target } from '../../src/targets/target.ts';
import type { WebhookConfig } from '../../src/targets/webhook/webhook-schema.ts';
import { create as createWebhook } from '../../src/targets/webhook.ts';
import { describeOverIpv6 } from '../ipv6.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { type Answer, startHttpReceiver } from './http-receiver.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';
import { startRelpReceiver } from './syslog/relp-receiver.ts';
import { readOctetFrames, startSyslogReceiver } from './syslog-receiver.ts';
import { startMailServer } from './vendors/email.ts';

const HERE = '::1';
const DELIVERED = { kind: 'delivered' };
const accept: Answer = (_request, response) => response.writeHead(204).end();

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function opened<One extends { close(): unknown }>(one: One): One {
  open.push(one);
  return one;
}

let certificates: Certificates;
beforeAll(async () => {
  certificates = await makeCertificates();
});
afterAll(() => certificates.remove());

const serverTls = () => ({ ...certificates.server, requestCert: true, ca: certificates.ca.cert });
const clientTls = () => {
  const { caFile, certFile, keyFile } = certificates.files;
  return { caFile, certFile, keyFile };
};
const deliver = (target: Target) => target.deliver(sampleDelivery(), noSignal());

function webhook(url: string, more: Omit<WebhookConfig, 'type' | 'url'> = {}): Target {
  const deps = targetDeps({ clock: createManualClock(Date.now()) });
  return opened(createWebhook({ type: 'webhook', url: new Secret(url), ...more }, deps));
}

async function throughSyslog(port: number, config: Partial<SyslogConfig>) {
  const clock = createManualClock(0, 5_000_000_000);
  const target = opened(createSyslog({ type: 'syslog', host: `[${HERE}]:${port}`, ...config }, targetDeps({ clock })));
  const result = deliver(target);
  let done = false;
  void result.then(() => (done = true));
  while (!done) {
    await new Promise(setImmediate);
    await clock.advance(100);
  }
  return result;
}

describeOverIpv6('a target at an address of IPv6', () => {
  it('is a webhook, which is named in brackets', async () => {
    const server = opened(await startHttpReceiver(accept, null, HERE));
    expect(await deliver(webhook(server.url))).toEqual(DELIVERED);
    expect(server.received[0]?.headers.host).toBe(`[::1]:${server.port}`);
  });

  it('is a webhook behind TLS that wants a certificate, and shows one for its address', async () => {
    const server = opened(await startHttpReceiver(accept, serverTls(), HERE));
    expect(await deliver(webhook(server.url, { tls: clientTls() }))).toEqual(DELIVERED);
    expect(await deliver(webhook(server.url))).toMatchObject({ kind: 'blocked' });
  });

  it('is private, by itself and by a name that leads to it, where that is not allowed', async () => {
    const server = opened(await startHttpReceiver(accept, null, HERE));
    expect(() => webhook(server.url, { refusePrivateAddresses: true })).toThrow('the address is private');
    const named = `http://localhost:${server.port}/`;
    expect(await deliver(webhook(named, { refusePrivateAddresses: true }))).toMatchObject({ kind: 'blocked' });
    expect(await deliver(webhook(server.url, { allowPrivate: ['::1/128'] }))).toEqual(DELIVERED);
    expect(() => webhook(server.url, { allowPrivate: ['127.0.0.0/8', 'fd00::/8'] })).toThrow('the address is private');
    expect(server.received).toHaveLength(1);
  });

  it.each(['tcp', 'tls'] as const)('takes syslog over %s', async (protocol) => {
    const server = opened(await startSyslogReceiver(undefined, protocol === 'tls' ? serverTls() : null, 0, HERE));
    const tls = protocol === 'tls' && { tls: clientTls() };
    expect(await throughSyslog(server.port, { protocol, ...tls })).toEqual(DELIVERED);
    expect(readOctetFrames(server.text())).toHaveLength(1);
  });

  it.each([false, true])('takes RELP (TLS: %s)', async (isTls) => {
    const server = opened(await startRelpReceiver(undefined, isTls ? serverTls() : null, HERE));
    const tls = isTls && { tls: clientTls() };
    expect(await throughSyslog(server.port, { protocol: 'relp', ...tls })).toEqual(DELIVERED);
    expect(server.messages()).toHaveLength(1);
  });

  it.each(['::1', '[::1]'])('takes mails at %s, which is this machine and so needs no TLS', async (host) => {
    const options = { hideSTARTTLS: true };
    const server = opened(await startMailServer({ pair: certificates.server, host: HERE, options }));
    const people = { from: 'huntwire@contoso.example', to: ['soc@contoso.example'] };
    const config = { type: 'email' as const, host, port: server.port, ...people };
    expect(await deliver(opened(createEmail(config, targetDeps({ preset: EMAIL }))))).toEqual(DELIVERED);
    expect(server.mails).toHaveLength(1);
  });

  it('is found by `check`', async () => {
    const server = opened(await startHttpReceiver(accept, null, HERE));
    const [name, connection] = await webhook(server.url).check(noSignal());
    expect([name, connection]).toMatchObject([{ ok: true }, { ok: true, subject: `soar (::1:${server.port})` }]);
    const receiver = opened(await startSyslogReceiver(undefined, null, 0, HERE));
    const target = opened(createSyslog({ type: 'syslog', host: HERE, port: receiver.port }, targetDeps()));
    expect(await target.check(noSignal())).toMatchObject([{ ok: true }, { ok: true }]);
  });
});

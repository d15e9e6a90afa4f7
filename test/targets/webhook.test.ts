import { copyFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { createManualClock } from '../../src/lib/clock.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { DeliveryResult, Target } from '../../src/targets/target.ts';
import type { WebhookConfig } from '../../src/targets/webhook/webhook-schema.ts';
import { configSchema, create } from '../../src/targets/webhook.ts';
import { assertLeaksNoSecret, describeTarget } from '../contract/target.ts';
import { NO_SUCH_NAME } from '../lib/no-such-name.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { type Answer, type HttpReceiver, startHttpReceiver } from './http-receiver.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';

const BEARER = 'bearer-0c5d1e8f';
const SIGNING = 'signing-secret-77aa';
const accept: Answer = (_request, response) => response.writeHead(204).end();

const open: { close(): Promise<void> }[] = [];
async function receiver(answer: Answer, tls: Parameters<typeof startHttpReceiver>[1] = null): Promise<HttpReceiver> {
  const one = await startHttpReceiver(answer, tls);
  open.push(one);
  return one;
}
type Settings = Omit<WebhookConfig, 'type' | 'url'> & { readonly url: string };
/** On a clock that stands still, where none is given: nothing ends because time passes. */
function webhook({ url, ...config }: Settings, deps = targetDeps({ clock: createManualClock(Date.now()) })): Target {
  const target = create({ type: 'webhook', url: new Secret(url), ...config }, deps);
  open.push(target);
  return target;
}
function deliver(target: Target): Promise<DeliveryResult> {
  return target.deliver(sampleDelivery(), noSignal());
}
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describeTarget({
  type: 'webhook',
  configSchema,
  config: {
    type: 'webhook',
    url: 'https://soar.example/hook',
    format: 'native',
    auth: { basic: { user: 'u', password: 'p' } },
    headers: { 'X-Token': 't' },
    signing: { secrets: ['a', 'b'] },
    tls: { caFile: 'a', certFile: 'b', keyFile: 'c', passphrase: 'd', servername: 'e' },
    proxy: 'http://proxy.example:3128',
    timeoutSeconds: 15,
    concurrency: 4,
    ratePerSecond: 10,
    refusePrivateAddresses: false,
  },
  make: async () => {
    const server = await startHttpReceiver(accept);
    const target = create({ type: 'webhook', url: new Secret(server.url) }, targetDeps());
    return {
      target,
      passTime: async () => undefined,
      received: async () => server.received.map((one) => String(one.headers['webhook-id'])),
      stop: async () => {
        await target.close();
        await server.close();
      },
    };
  },
});

describe('a request', () => {
  it('is one signed POST with the message id twice', async () => {
    const server = await receiver(accept);
    const secret = `whsec_${Buffer.from('a secret of the receiver').toString('base64')}`;
    const target = webhook({
      url: server.url,
      signing: { secrets: [new Secret(secret), new Secret(SIGNING)] },
      headers: { 'X-Team': new Secret('blue') },
    });
    expect(await deliver(target)).toEqual({ kind: 'delivered' });
    const [request] = server.received;
    expect(request).toMatchObject({ method: 'POST', path: '/hook/s3cret-path' });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'huntwire/0.0.0',
      'webhook-id': sampleDelivery().messageId,
      'idempotency-key': sampleDelivery().messageId,
      'x-team': 'blue',
    });
    expect(String(request?.headers['webhook-signature']).split(' ')).toHaveLength(2);
    const verified = new Webhook(secret).verify(request?.body ?? '', request?.headers as Record<string, string>);
    expect(verified).toMatchObject({ id: sampleDelivery().alert.id });
  });

  it('takes the timestamp of the attempt, not of the alert', async () => {
    const server = await receiver(accept);
    const clock = createManualClock(1_800_000_000_900);
    const target = webhook({ url: server.url, signing: { secrets: [new Secret(SIGNING)] } }, targetDeps({ clock }));
    await deliver(target);
    await clock.advance(60_000);
    await deliver(target);
    expect(server.received.map((one) => one.headers['webhook-timestamp'])).toEqual(['1800000000', '1800000060']);
  });

  it.each([
    ['bearer', { bearer: new Secret('t') }, 'Bearer t'],
    ['basic', { basic: { user: 'u', password: new Secret('pä') } }, `Basic ${Buffer.from('u:pä').toString('base64')}`],
  ])('carries %s credentials', async (_name, auth, header) => {
    const server = await receiver(accept);
    await deliver(webhook({ url: server.url, auth }));
    expect(server.received[0]?.headers.authorization).toBe(header);
  });

  it('goes through the configured proxy', async () => {
    const server = await receiver(accept);
    const asked: string[] = [];
    const proxy: Server = createServer((socket) => {
      socket.once('data', (data) => {
        asked.push(data.toString('latin1').split('\r\n')[0] ?? '');
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => proxy.close(() => resolve())) });
    const address = proxy.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const target = webhook({ url: server.url, proxy: new Secret(`http://user:hunter2@127.0.0.1:${port}`) });
    const result = await deliver(target);
    expect(asked).toEqual([`POST ${server.url} HTTP/1.1`]);
    expect(result).toMatchObject({ kind: 'blocked', reason: `the proxy 127.0.0.1:${port} answered 407` });
    expect(server.received).toEqual([]);
  });
});

describe('an answer', () => {
  it.each([
    [200, 'delivered'],
    [301, 'blocked'],
    [400, 'refused'],
    [401, 'blocked'],
    [413, 'refused'],
    [429, 'again'],
    [500, 'again'],
  ])('of %i means %s, and nothing is sent twice', async (status, kind) => {
    const server = await receiver((_request, response) =>
      response.writeHead(status, { location: '/elsewhere', 'retry-after': '3' }).end('because'),
    );
    const result = await deliver(webhook({ url: server.url }));
    expect(result.kind).toBe(kind);
    expect(server.received).toHaveLength(1);
    if (result.kind === 'again' || result.kind === 'blocked') expect(result.retryAfterMs).toBe(3000);
    if (result.kind === 'refused') expect(result).toMatchObject({ status, answer: 'because' });
  });

  it('is read for at most 1 kB, without control characters and secrets', async () => {
    const echo: Answer = (request, response) => {
      const start = `\u001b[31m${request.headers.authorization}\u0007`;
      const fill = 'ä'.repeat(600).slice(0, Math.floor((1024 - Buffer.byteLength(start) - 8) / 2));
      response.writeHead(422).end(`${start}${fill}${BEARER}`);
    };
    const server = await receiver(echo);
    const result = await deliver(webhook({ url: server.url, auth: { bearer: new Secret(BEARER) } }));
    const answer = result.kind === 'refused' ? result.answer : '';
    expect(answer).toMatch(/^\ufffd\[31mBearer \*\*\*\ufffdä+\*\*\*$/);
    assertLeaksNoSecret([result], [BEARER, BEARER.slice(0, 6)]);
  });

  it.each<[string, (text: string) => string]>([
    ['plainly', (text) => text],
    ['in JSON', (text) => JSON.stringify({ path: text, slashes: text.replaceAll('/', '\\/') })],
    ['in a URL', (text) => `/error?from=${encodeURIComponent(text)}`],
    ['in a web page', (text) => `<p>${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}</p>`],
  ])('that repeats URL, headers and password %s shows none of them', async (_name, encode) => {
    const server = await receiver((request, response) => {
      const { authorization, 'x-key': key } = request.headers;
      const password = Buffer.from(String(authorization).slice(6), 'base64').toString();
      response.writeHead(422).end(`no ${encode(request.path)} ${encode(String(key))} ${encode(password)} here`);
    });
    const url = `${server.url}/K3y-in.path?sig=a%2Fb"&v=T0P`;
    const headers = { 'X-Key': new Secret('Token k"/9') };
    const auth = { basic: { user: 'me', password: new Secret('p w') } };
    const result = await deliver(webhook({ url, headers, auth }));
    expect(result).toMatchObject({ kind: 'refused', answer: expect.stringMatching(/^no .*\*\*\*.* here$/) });
    const secrets = [
      'K3y-in.path',
      's3cret-path',
      'a%2Fb',
      'a/b',
      'a%252Fb',
      'T0P',
      'k"',
      'k\\"',
      'k%22',
      'k&quot;',
      'p w',
      'p%20w',
    ];
    assertLeaksNoSecret([result], secrets);
  });

  it('that never ends is cut off, and the status decides', async () => {
    const server = await receiver((_request, response) => {
      response.writeHead(400);
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      };
      response.on('drain', pour);
      pour();
    });
    const result = await deliver(webhook({ url: server.url }));
    expect(result).toMatchObject({ kind: 'refused', status: 400, answer: 'x'.repeat(1024) });
  });

  it('whose body hangs or breaks still counts by its status', async () => {
    const clock = createManualClock(0);
    const hanging = await receiver((_request, response) => response.writeHead(200).write('x'));
    const target = webhook({ url: hanging.url }, targetDeps({ clock }));
    const result = deliver(target);
    while (hanging.received.length === 0) await new Promise(setImmediate);
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    // Five seconds behind its status an answer counts as it is, whatever the timeout.
    await clock.advance(5100);
    expect(await result).toEqual({ kind: 'delivered' });
    const breaking = await receiver((_request, response, socket) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('x', () => socket.destroy());
    });
    expect(await deliver(webhook({ url: breaking.url }))).toEqual({ kind: 'delivered' });
  });
});

describe('a fault', () => {
  it('of a receiver that says nothing ends with the timeout', async () => {
    const clock = createManualClock(0);
    const server = await receiver(() => undefined);
    const target = webhook({ url: server.url, timeoutSeconds: 2 }, targetDeps({ clock }));
    const result = deliver(target);
    while (server.received.length === 0) await new Promise(setImmediate);
    await clock.advance(2100);
    expect(await result).toEqual({ kind: 'again', reason: 'no answer came in time', status: null, retryAfterMs: null });
  });

  it('of a reset or a refused connection means again', async () => {
    const server = await receiver((_request, _response, socket) => socket.resetAndDestroy());
    expect(await deliver(webhook({ url: server.url }))).toMatchObject({ kind: 'again', status: null });
    await server.close();
    expect(await deliver(webhook({ url: server.url }))).toEqual({
      kind: 'again',
      reason: 'the connection was refused (ECONNREFUSED)',
      status: null,
      retryAfterMs: null,
    });
  });

  it('of an answer that is no HTTP means again', async () => {
    const server = await receiver((_request, _response, socket) => socket.end('SSH-2.0-OpenSSH\r\n\r\n'));
    expect(await deliver(webhook({ url: server.url }))).toMatchObject({ kind: 'again', status: null });
  });

  it('of a name that does not resolve blocks the target', async () => {
    const result = await deliver(webhook({ url: `http://${NO_SUCH_NAME}/hook/s3cret-path` }));
    expect(result.kind).toBe('blocked');
    expect(result).toHaveProperty('reason', expect.stringMatching(/^the host name could not be resolved \(E\w+\)$/));
  });

  it('stops with the signal while a request is under way', async () => {
    const clock = createManualClock(0);
    const server = await receiver(() => undefined);
    const stop = new AbortController();
    const result = webhook({ url: server.url }, targetDeps({ clock })).deliver(sampleDelivery(), stop.signal);
    while (server.received.length === 0) await new Promise(setImmediate);
    stop.abort();
    await clock.advance(100);
    expect(await result).toMatchObject({ kind: 'again', reason: 'the delivery was stopped' });
  });
});

describe('TLS', () => {
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = await makeCertificates();
  });
  afterAll(() => certificates.remove());
  const server = (mutual: boolean): Promise<HttpReceiver> =>
    receiver(accept, {
      ...certificates.server,
      ...(mutual && { ca: certificates.ca.cert, requestCert: true, rejectUnauthorized: true }),
    });

  it('trusts the CA of caFile and shows the client certificate', async () => {
    const { caFile, certFile, keyFile } = certificates.files;
    const { url } = await server(true);
    expect(await deliver(webhook({ url, tls: { caFile, certFile, keyFile } }))).toEqual({ kind: 'delivered' });
  });

  it('blocks with an unknown CA, another name or without the client certificate', async () => {
    const { caFile } = certificates.files;
    const plain = await server(false);
    const mutual = await server(true);
    expect(await deliver(webhook({ url: plain.url }))).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining('certificate'),
    });
    expect(await deliver(webhook({ url: plain.url, tls: { caFile, servername: 'other.test' } }))).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    });
    expect(['blocked', 'again']).toContain((await deliver(webhook({ url: mutual.url, tls: { caFile } }))).kind);
    expect([...plain.received, ...mutual.received]).toEqual([]);
  });

  it('goes on with certificates that were replaced while it runs', async () => {
    const { url, received } = await server(true);
    const foreign = await makeCertificates();
    const { caFile, certFile, keyFile } = foreign.files;
    const clock = createManualClock(Date.parse('2026-01-01T00:00:00Z'));
    const target = webhook({ url, tls: { caFile, certFile, keyFile } }, targetDeps({ clock }));
    expect(await deliver(target)).toMatchObject({ kind: 'blocked' });
    for (const name of ['caFile', 'certFile', 'keyFile'] as const)
      copyFileSync(certificates.files[name], foreign.files[name]);
    await clock.advance(1000);
    await deliver(target);
    await clock.advance(1000);
    expect(await deliver(target)).toEqual({ kind: 'delivered' });
    expect(received).toHaveLength(1);
    foreign.remove();
  });

  it('blocks where the other side speaks no TLS', async () => {
    const plain = await receiver(accept);
    const url = plain.url.replace('http:', 'https:');
    expect(await deliver(webhook({ url }))).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining('speaks no TLS'),
    });
  });
});

describe('the proxy of the environment', () => {
  const before = process.env;
  afterEach(() => {
    process.env = before;
  });

  it('is passed by for addresses of a network in NO_PROXY, and cannot keep private addresses out', async () => {
    const server = await receiver(accept);
    process.env = { ...before, HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: '127.0.0.0/8' };
    expect(await deliver(webhook({ url: server.url }))).toEqual({ kind: 'delivered' });
    const refuse = { refusePrivateAddresses: true };
    expect(() => webhook({ url: 'http://a.test/', ...refuse })).toThrow(/NO_PROXY/);
    process.env.NO_PROXY = 'a.test';
    expect(() => webhook({ url: 'http://a.test/', ...refuse })).not.toThrow();
  });
});

describe('private addresses', () => {
  it('are refused in the URL at once and behind a name when it is resolved', async () => {
    const server = await receiver(accept);
    const refuse = { refusePrivateAddresses: true };
    expect(() => webhook({ url: server.url, ...refuse })).toThrow(/targets\.soar\.url: the address is private/);
    expect(() => webhook({ url: 'http://[::1]:1/', ...refuse })).toThrow(HuntwireError);
    expect(() => webhook({ url: 'http://a.test/', proxy: new Secret('http://p.test'), ...refuse })).toThrow(/proxy/);
    const named = webhook({ url: `http://localhost:${server.port}/`, ...refuse });
    expect(await deliver(named)).toMatchObject({ kind: 'blocked', reason: expect.stringContaining('private') });
    expect(server.received).toEqual([]);
  });
});

describe('the configuration', () => {
  const url = 'https://soar.example/hook/s3cret-path';
  it.each<[string, Settings]>([
    ['no URL', { url: 'not a url s3cret-path' }],
    ['another protocol', { url: 'ftp://soar.example/s3cret-path' }],
    ['credentials in the URL', { url: 'https://user:s3cret-path@soar.example' }],
    ['a password alone in the URL', { url: 'https://:s3cret-path@soar.example' }],
    ['a user alone in the URL', { url: 'https://s3cret-path@soar.example' }],
    ['a header of ours', { url, headers: { 'Webhook-Id': new Secret('s3cret-path') } }],
    ['a header that is none', { url, headers: { 'X Y': new Secret('s3cret-path') } }],
    ['a header with a line break', { url, headers: { 'X-Y': new Secret('s3cret-path\r\nX-Z: 1') } }],
    [
      'two authorizations',
      { url, auth: { bearer: new Secret('s3cret-path') }, headers: { authorization: new Secret('x') } },
    ],
    ['a bearer that no header can carry', { url, auth: { bearer: new Secret('s3cret-path\n') } }],
    ['a user with a colon', { url, auth: { basic: { user: 'a:b', password: new Secret('s3cret-path') } } }],
    ['a bad signing secret', { url, signing: { secrets: [new Secret('whsec_s3cret-path')] } }],
    ['a certificate that is not there', { url, tls: { caFile: '/nonexistent/ca.pem' } }],
  ])('is refused with %s, by place and without the value', (_name, config) => {
    let thrown: unknown = null;
    try {
      webhook(config);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(HuntwireError);
    expect(thrown).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(/^targets\.soar/) });
    assertLeaksNoSecret([thrown], ['s3cret-path']);
  });
});

describe('headers of a format', () => {
  it('are sent, below those of the configuration and of the protocol', async () => {
    const server = await receiver(accept);
    const headers = { 'ce-id': 'a', 'ce-type': 'b', 'webhook-id': 'c' };
    const format = () => ({ body: '{}', contentType: 'application/json', headers });
    const deps = targetDeps({ clock: createManualClock(Date.now()), format });
    await deliver(webhook({ url: server.url, headers: { 'CE-Type': new Secret('own') } }, deps));
    const [request] = server.received;
    expect(request?.headers).toMatchObject({
      'ce-id': 'a',
      'ce-type': 'own',
      'webhook-id': sampleDelivery().messageId,
    });
  });
});

import { createSocket, type Socket as Datagrams } from 'node:dgram';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import type { SyslogConfig } from '../../src/targets/syslog/settings.ts';
import { configSchema, create } from '../../src/targets/syslog.ts';
import type { DeliveryResult, Target } from '../../src/targets/target.ts';
import { describeTarget } from '../contract/target.ts';
import { freePort } from '../lib/free-port.ts';
import { NO_SUCH_NAME } from '../lib/no-such-name.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';
import { readMessage5424, readOctetFrames, type SyslogReceiver, startSyslogReceiver } from './syslog-receiver.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
async function receiver(...args: Parameters<typeof startSyslogReceiver>): Promise<SyslogReceiver> {
  const one = await startSyslogReceiver(...args);
  open.push(one);
  return one;
}
function syslog(config: Partial<SyslogConfig>, clock = createManualClock(0, 5_000_000_000)) {
  const target = create({ type: 'syslog', host: '127.0.0.1', ...config }, targetDeps({ clock }));
  open.push(target);
  return { target, clock };
}
function deliver(target: Target, id?: string): Promise<DeliveryResult> {
  return target.deliver(sampleDelivery(id), noSignal());
}
/** Lets sockets work without letting the injected clock go on. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
function alertIds(text: string): string[] {
  return readOctetFrames(text).map((message) => JSON.parse(readMessage5424(message).body).id);
}

const config = {
  type: 'syslog',
  host: 'siem.example',
  port: 6514,
  protocol: 'tls',
  framing: 'lf',
  header: 'rfc3164',
  format: 'cef',
  facility: 'local3',
  appName: 'huntwire',
  hostname: 'sensor',
  enterpriseNumber: 1,
  maxMessageBytes: 2048,
  tls: { caFile: 'a', certFile: 'b', keyFile: 'c' },
};

describeTarget({
  type: 'syslog',
  configSchema,
  config,
  make: async () => {
    const server = await startSyslogReceiver();
    const clock = createManualClock(0, 5_000_000_000);
    const target = create({ type: 'syslog', host: '127.0.0.1', port: server.port }, targetDeps({ clock }));
    return {
      target,
      passTime: async () => {
        await until(() => server.text() !== '');
        for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
        await clock.advance(3000);
      },
      received: async () => alertIds(server.text()),
      stop: async () => {
        await target.close();
        await server.close();
      },
    };
  },
});

describe('a delivery over TCP', () => {
  it('stays in flight until the connection has proven itself', async () => {
    const server = await receiver();
    const { target, clock } = syslog({ port: server.port });
    let result: DeliveryResult | null = null;
    const delivered = deliver(target).then((one) => {
      result = one;
    });
    await until(() => server.text() !== '');
    await clock.advance(900);
    expect(result).toBeNull();
    await clock.advance(200);
    await delivered;
    expect(result).toEqual({ kind: 'delivered' });
  });

  it('uses one connection for many, and a new one after a reset', async () => {
    const server = await receiver();
    const { target, clock } = syslog({ port: server.port });
    const first = [deliver(target, 'a'), deliver(target, 'b')];
    await until(() => server.text().includes('"b"'));
    for (const socket of server.sockets) socket.resetAndDestroy();
    for (const result of await Promise.all(first)) {
      expect(result).toMatchObject({ kind: 'again', reason: 'the connection was reset (ECONNRESET)' });
    }
    const second = deliver(target, 'c');
    await until(() => server.text().includes('"c"'));
    await clock.advance(2000);
    expect(await second).toEqual({ kind: 'delivered' });
    expect(server.connections()).toBe(2);
  });

  it('comes again when the receiver closes, also without an error', async () => {
    const server = await receiver((socket) => socket.once('data', () => socket.end()));
    const { target } = syslog({ port: server.port });
    expect(await deliver(target)).toMatchObject({ kind: 'again', reason: 'the receiver closed the connection' });
  });

  it('comes again when nobody listens, and blocks when the name is unknown', async () => {
    const { target } = syslog({ port: await freePort() });
    expect(await deliver(target)).toMatchObject({ kind: 'again', reason: 'the connection was refused (ECONNREFUSED)' });
    const unknown = syslog({ host: NO_SUCH_NAME, port: 514 });
    expect((await deliver(unknown.target)).kind).toBe('blocked');
  });

  it('comes again from a receiver that stopped reading', async () => {
    const server = await receiver((socket) => socket.pause());
    const { target, clock } = syslog({ port: server.port, maxMessageBytes: 1_000_000 });
    const big = { description: 'x'.repeat(900_000) };
    const results = Array.from({ length: 30 }, () => target.deliver(sampleDelivery('a', big), noSignal()));
    await until(() => server.sockets.size > 0);
    for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
    await clock.advance(16_000);
    const kinds = (await Promise.all(results)).map((result) => result.kind);
    expect(kinds.at(-1)).toBe('again');
    expect(kinds.lastIndexOf('delivered')).toBeLessThan(kinds.indexOf('again'));
  });

  it('that is stopped is answered at once', async () => {
    const server = await receiver();
    const { target, clock } = syslog({ port: server.port });
    const stop = new AbortController();
    const result = target.deliver(sampleDelivery(), stop.signal);
    await until(() => server.text() !== '');
    stop.abort();
    await clock.advance(50);
    expect(await result).toMatchObject({ kind: 'again', reason: 'the delivery was stopped' });
  });

  it('that cannot be made short enough is refused', async () => {
    const { target } = syslog({ port: 1, maxMessageBytes: 480, hostname: 'h'.repeat(255), enterpriseNumber: 1 });
    expect(await deliver(target)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('maxMessageBytes'),
    });
  });
});

describe('closing', () => {
  it('of a proven connection counts what the receiver has read to the end', async () => {
    const server = await receiver();
    const { target, clock } = syslog({ port: server.port });
    const first = deliver(target, 'a');
    await until(() => server.text() !== '');
    await clock.advance(1500);
    await first;
    const last = deliver(target, 'b');
    await target.close();
    expect(await last).toEqual({ kind: 'delivered' });
    expect(alertIds(server.text())).toEqual(['a', 'b']);
  });

  it('of a fresh connection proves nothing', async () => {
    const server = await receiver();
    const { target } = syslog({ port: server.port });
    const result = deliver(target);
    await until(() => server.text() !== '');
    await target.close();
    expect((await result).kind).toBe('again');
  });

  it('waits for a silent receiver only so long', async () => {
    const server = await receiver((socket: Socket) => {
      socket.allowHalfOpen = true;
    });
    const { target, clock } = syslog({ port: server.port });
    const first = deliver(target, 'a');
    await until(() => server.text() !== '');
    await clock.advance(1500);
    await first;
    const last = deliver(target, 'b');
    const closed = target.close();
    await clock.advance(2000);
    await closed;
    expect((await last).kind).toBe('again');
  });
});

describe('TLS', () => {
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = await makeCertificates();
  });
  afterAll(() => certificates.remove());
  const mutual = (maxVersion: 'TLSv1.2' | 'TLSv1.3') => ({
    ...certificates.server,
    ca: certificates.ca.cert,
    requestCert: true,
    rejectUnauthorized: true,
    maxVersion,
  });

  it('shows the client certificate and delivers after the longer probation', async () => {
    const server = await receiver(undefined, mutual('TLSv1.3'));
    const { caFile, certFile, keyFile } = certificates.files;
    const { target, clock } = syslog({ port: server.port, protocol: 'tls', tls: { caFile, certFile, keyFile } });
    const result = deliver(target, 'a');
    await until(() => server.text() !== '');
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    let settled = false;
    void result.finally(() => {
      settled = true;
    });
    await clock.advance(1950);
    expect(settled).toBe(false);
    await clock.advance(150);
    expect(await result).toEqual({ kind: 'delivered' });
    expect(alertIds(server.text())).toEqual(['a']);
  });

  it('takes a close after the probation for a restart of the receiver, and no refusal', async () => {
    const server = await receiver(undefined, certificates.server);
    const tls = { caFile: certificates.files.caFile };
    const { target, clock } = syslog({ port: server.port, protocol: 'tls', tls });
    const first = deliver(target, 'a');
    await until(() => server.text() !== '');
    await clock.advance(2100);
    await first;
    const second = deliver(target, 'b');
    await until(() => server.text().includes('"b"'));
    for (const socket of server.sockets) socket.end();
    expect(await second).toMatchObject({ kind: 'again', reason: 'the receiver closed the connection' });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'never loses an entry when the certificate is refused with %s',
    async (version) => {
      const server = await receiver(undefined, mutual(version));
      const { target } = syslog({ port: server.port, protocol: 'tls', tls: { caFile: certificates.files.caFile } });
      const results = await Promise.all(['a', 'b', 'c'].map((id) => deliver(target, id)));
      for (const result of results) expect(['again', 'blocked']).toContain(result.kind);
      expect(server.text()).toBe('');
    },
  );

  it('blocks when a receiver closes right after the handshake', async () => {
    const server = await receiver((socket) => socket.end(), certificates.server);
    const { target } = syslog({ port: server.port, protocol: 'tls', tls: { caFile: certificates.files.caFile } });
    expect(await deliver(target)).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining('client certificate'),
    });
  });

  it('blocks with an unknown CA', async () => {
    const server = await receiver(undefined, certificates.server);
    const { target } = syslog({ port: server.port, protocol: 'tls' });
    expect(await deliver(target)).toMatchObject({ kind: 'blocked', reason: expect.stringContaining('certificate') });
  });

  it('refuses to start with a certificate file that is not there', () => {
    for (const protocol of [undefined, 'tcp', 'udp'] as const)
      expect(() => syslog({ ...(protocol && { protocol }), tls: {} })).toThrow(
        /^targets\.\w+\.tls: nothing is encrypted over/,
      );
    expect(() => syslog({ protocol: 'tls', tls: { caFile: '/nonexistent.pem' } })).toThrow(
      /^targets\.soar\.tls\.caFile/,
    );
  });
});

describe('UDP', () => {
  async function datagrams(): Promise<{ socket: Datagrams; port: number; messages: string[] }> {
    const socket = createSocket('udp4');
    const messages: string[] = [];
    socket.on('message', (message) => messages.push(message.toString('utf8')));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise<void>((resolve) => socket.close(() => resolve())) });
    return { socket, port: socket.address().port, messages };
  }

  it('sends one message a datagram and is done', async () => {
    const { port, messages } = await datagrams();
    const { target } = syslog({ port, protocol: 'udp' });
    expect(await Promise.all([deliver(target, 'a'), deliver(target, 'b')])).toEqual([
      { kind: 'delivered' },
      { kind: 'delivered' },
    ]);
    await until(() => messages.length === 2);
    expect(messages.map((message) => JSON.parse(readMessage5424(message).body).id).sort()).toEqual(['a', 'b']);
  });

  it('sends the largest datagram there is', async () => {
    const { port, messages } = await datagrams();
    const { target } = syslog({ port, protocol: 'udp', maxMessageBytes: 100_000 });
    const large = sampleDelivery('a', { title: 'x'.repeat(200_000) });
    expect(await target.deliver(large, noSignal())).toEqual({ kind: 'delivered' });
    await until(() => messages.length === 1);
    expect(Buffer.byteLength(messages[0] ?? '')).toBe(65_507);
  });

  it('blocks when the name is unknown, and starts anew with the next delivery', async () => {
    const { target } = syslog({ host: NO_SUCH_NAME, port: 514, protocol: 'udp' });
    expect((await deliver(target)).kind).toBe('blocked');
    expect((await deliver(target)).kind).toBe('blocked');
  });

  it('resolves the name anew from time to time', async () => {
    const { port, messages } = await datagrams();
    const { target, clock } = syslog({ host: 'localhost', port, protocol: 'udp' });
    for (const id of ['a', 'b']) {
      await deliver(target, id);
      await clock.advance(300_000);
    }
    await until(() => messages.length === 2);
    expect(messages).toHaveLength(2);
  });
});

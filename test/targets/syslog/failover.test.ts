import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../../src/lib/clock.ts';
import { createReceiverLine } from '../../../src/targets/syslog/receiver-line.ts';
import type { SyslogConfig } from '../../../src/targets/syslog/settings.ts';
import { create } from '../../../src/targets/syslog.ts';
import type { DeliveryResult, Target } from '../../../src/targets/target.ts';
import { freePort } from '../../lib/free-port.ts';
import { type Certificates, makeCertificates } from '../certificates.ts';
import { noSignal, sampleDelivery, targetDeps } from '../sample-alert.ts';
import { readMessage5424, readOctetFrames, type SyslogReceiver, startSyslogReceiver } from '../syslog-receiver.ts';
import { agree, rsp, startRelpReceiver } from './relp-receiver.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function receiver(...args: Parameters<typeof startSyslogReceiver>): Promise<SyslogReceiver> {
  const one = await startSyslogReceiver(...args);
  open.push(one);
  return one;
}

/** A port on which nobody listens. */
function syslog(ports: readonly number[], config: Partial<SyslogConfig> = {}) {
  const clock = createManualClock(0, 5_000_000_000);
  const warned: unknown[] = [];
  const log = {
    error: () => undefined,
    warn: (_: string, fields: unknown) => warned.push(fields),
    info: () => undefined,
    debug: () => undefined,
  };
  const [port = 0, ...others] = ports;
  const failover = others.map((one) => ({ host: '127.0.0.1', port: one }));
  const all: SyslogConfig = { type: 'syslog', host: '127.0.0.1', port, failover, ...config };
  const target = create(all, targetDeps({ clock, log }));
  open.push(target);
  return { target, clock, warned };
}

const deliver = (target: Target, id: string): Promise<DeliveryResult> => target.deliver(sampleDelivery(id), noSignal());
const idsOf = (server: SyslogReceiver): string[] =>
  readOctetFrames(server.text()).map((message) => JSON.parse(readMessage5424(message).body).id);
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

describe('a receiver that cannot be reached', () => {
  it('is replaced by the next one at once, and nothing has to come again', async () => {
    const server = await receiver();
    const { target, clock, warned } = syslog([await freePort(), await freePort(), server.port]);
    const results = ['a', 'b', 'c'].map((id) => deliver(target, id));
    await until(() => server.text().includes('"c"'));
    await clock.advance(1500);
    expect(await Promise.all(results)).toEqual(Array(3).fill({ kind: 'delivered' }));
    expect(idsOf(server)).toEqual(['a', 'b', 'c']);
    expect(warned).toHaveLength(2);
    expect(warned[0]).toEqual({
      target: 'soar',
      receiver: '127.0.0.1',
      next: '127.0.0.1',
      reason: 'the connection was refused (ECONNREFUSED)',
    });
  });

  it('makes deliveries come again when all are down, and each gets its turn', async () => {
    const [first, second] = [await freePort(), await freePort()];
    const { target, clock } = syslog([first, second]);
    const refused = { kind: 'again', reason: 'the connection was refused (ECONNREFUSED)' };
    expect(await deliver(target, 'a')).toMatchObject(refused);
    await clock.advance(1);
    expect(await deliver(target, 'a')).toMatchObject(refused);
    await clock.advance(120_000);
    expect(await deliver(target, 'a')).toMatchObject(refused);
  });

  it('is asked again when it has rested a minute and nothing is under way', async () => {
    const spare = await receiver();
    const port = await freePort();
    const { target, clock } = syslog([port, spare.port]);
    const first = deliver(target, 'a');
    await until(() => spare.text() !== '');
    await clock.advance(2000);
    expect(await first).toEqual({ kind: 'delivered' });
    const second = deliver(target, 'b');
    await until(() => spare.text().includes('"b"'));
    await clock.advance(57_000);
    expect(await second).toEqual({ kind: 'delivered' });
    // Still down: the spare one goes on, with the message that found it out.
    await clock.advance(1000);
    const third = deliver(target, 'c');
    await until(() => spare.text().includes('"c"'));
    await clock.advance(2000);
    expect(await third).toEqual({ kind: 'delivered' });
    expect(spare.connections()).toBe(2);
    const main = await receiver(undefined, null, port);
    await clock.advance(60_000);
    const fourth = deliver(target, 'd');
    await until(() => main.text() !== '');
    await clock.advance(2000);
    expect(await fourth).toEqual({ kind: 'delivered' });
    expect([idsOf(spare), idsOf(main), spare.sockets.size]).toEqual([['a', 'b', 'c'], ['d'], 0]);
  });

  it('is not gone back to while messages are under way', async () => {
    const spare = await receiver();
    const port = await freePort();
    const { target, clock } = syslog([port, spare.port]);
    const first = deliver(target, 'a');
    await until(() => spare.text() !== '');
    const main = await receiver(undefined, null, port);
    for (const socket of spare.sockets) socket.pause();
    await clock.advance(2000);
    await first;
    await clock.advance(57_950);
    const second = deliver(target, 'b');
    await new Promise(setImmediate);
    await clock.advance(100);
    const third = deliver(target, 'c');
    for (const socket of spare.sockets) socket.resume();
    await until(() => spare.text().includes('"c"'));
    await clock.advance(1500);
    expect(await Promise.all([second, third])).toEqual([{ kind: 'delivered' }, { kind: 'delivered' }]);
    expect(main.connections()).toBe(0);
  });
});

describe('a receiver that fails later', () => {
  it('has what is in flight come again, and the next one takes it', async () => {
    const main = await receiver();
    const spare = await receiver();
    const { target, clock } = syslog([main.port, spare.port]);
    const first = deliver(target, 'a');
    await until(() => main.text() !== '');
    for (const socket of main.sockets) socket.resetAndDestroy();
    expect(await first).toMatchObject({ kind: 'again', reason: 'the connection was reset (ECONNRESET)' });
    const again = deliver(target, 'a');
    await until(() => spare.text() !== '');
    await clock.advance(1500);
    expect(await again).toEqual({ kind: 'delivered' });
    expect(main.connections()).toBe(1);
  });

  it('is not replaced because the target is closed', async () => {
    const main = await receiver();
    const spare = await receiver();
    const { target } = syslog([main.port, spare.port]);
    const first = deliver(target, 'a');
    await until(() => main.text() !== '');
    await target.close();
    expect((await first).kind).toBe('again');
    expect(spare.connections()).toBe(0);
  });
});

describe('a receiver that refuses', () => {
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = await makeCertificates();
  });
  afterAll(() => certificates.remove());

  it('blocks the target only where the others do so, too', async () => {
    const wrong = await makeCertificates();
    const [stranger, friend] = [
      await receiver(undefined, wrong.server),
      await receiver(undefined, certificates.server),
    ];
    const tls = { caFile: certificates.files.caFile };
    const { target, clock } = syslog([stranger.port, friend.port], { protocol: 'tls', tls });
    const result = deliver(target, 'a');
    await until(() => friend.text() !== '');
    await clock.advance(2500);
    expect(await result).toEqual({ kind: 'delivered' });
    const alone = syslog([stranger.port, stranger.port], { protocol: 'tls', tls });
    expect((await deliver(alone.target, 'a')).kind).toBe('blocked');
    wrong.remove();
  });

  it('of a session of RELP is replaced like one that cannot be reached', async () => {
    const busy = await startRelpReceiver(({ transaction }) => rsp(transaction, '500 busy'));
    const spare = await startRelpReceiver(agree);
    open.push(busy, spare);
    const { target } = syslog([busy.port, spare.port], { protocol: 'relp' });
    expect(await deliver(target, 'a')).toEqual({ kind: 'delivered' });
    expect(spare.messages()).toHaveLength(1);
  });
});

describe('a failover over UDP', () => {
  it('is refused', () => {
    expect(() => syslog([1, 2], { protocol: 'udp' })).toThrow(/^targets\.soar\.failover: over udp/);
  });
});

describe('a line of receivers', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((host) => ({ host, port: 1 })) as [Address, Address, Address];
  type Address = { host: string; port: number };

  it('gives the first that has not failed within a minute, and the one that failed first where all have', () => {
    const line = createReceiverLine([a, b, c]);
    expect([line.choose(0), line.hasFresh(0)]).toEqual([a, true]);
    line.failed(a, 0);
    line.failed(b, 10);
    expect(line.choose(11)).toBe(c);
    line.failed(c, 20);
    expect([line.choose(21), line.hasFresh(21)]).toEqual([a, false]);
    line.failed(a, 30);
    expect(line.choose(31)).toBe(b);
    expect([line.hasFresh(60_009), line.hasFresh(60_010), line.choose(60_010)]).toEqual([false, true, b]);
    expect(line.choose(60_030)).toBe(a);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../../src/lib/clock.ts';
import { renderFrame } from '../../../src/targets/syslog/message.ts';
import { messageSettings, type SyslogConfig } from '../../../src/targets/syslog/settings.ts';
import { create } from '../../../src/targets/syslog.ts';
import type { DeliveryResult, Target } from '../../../src/targets/target.ts';
import { noSignal, sampleDelivery, shrinkingFormat, targetDeps } from '../sample-alert.ts';
import { readMessage5424, readOctetFrames, type SyslogReceiver, startSyslogReceiver } from '../syslog-receiver.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function receiver(...args: Parameters<typeof startSyslogReceiver>): Promise<SyslogReceiver> {
  const one = await startSyslogReceiver(...args);
  open.push(one);
  return one;
}

function syslog(config: Partial<SyslogConfig>) {
  const clock = createManualClock(0);
  const target = create({ type: 'syslog', host: '127.0.0.1', ...config }, targetDeps({ clock }));
  open.push(target);
  return { target, clock };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

/** Notes a result when it comes. */
function watch(result: Promise<DeliveryResult>): { result: DeliveryResult | null } {
  const seen: { result: DeliveryResult | null } = { result: null };
  void result.then((one) => {
    seen.result = one;
  });
  return seen;
}

const deliver = (target: Target, id: string, description = 'd', signal = noSignal()) =>
  target.deliver(sampleDelivery(id, { description }), signal);

const idsOf = (text: string) => readOctetFrames(text).map((message) => JSON.parse(readMessage5424(message).body).id);

describe('a connection that is not made', () => {
  it('is given up after 10 seconds, and not before', async () => {
    const silent = await receiver();
    const { target, clock } = syslog({ port: silent.port, protocol: 'tls' });
    const seen = watch(deliver(target, 'a'));
    await until(() => silent.connections() === 1);
    await clock.advance(9950);
    expect(seen.result).toBeNull();
    await clock.advance(50);
    expect(seen.result).toMatchObject({ kind: 'again', reason: 'the connection could not be made in time' });
  });

  it('answers what is stopped meanwhile at once', async () => {
    const silent = await receiver();
    const { target, clock } = syslog({ port: silent.port, protocol: 'tls' });
    const stop = new AbortController();
    const stopped = watch(deliver(target, 'a', 'd', stop.signal));
    const other = watch(deliver(target, 'b'));
    await until(() => silent.connections() === 1);
    stop.abort();
    await clock.advance(50);
    expect(stopped.result).toMatchObject({ kind: 'again', reason: 'the delivery was stopped' });
    expect(other.result).toBeNull();
  });
});

describe('a connection that is made', () => {
  it('stays the same however long it lives', async () => {
    const server = await receiver();
    const { target, clock } = syslog({ port: server.port });
    for (const id of ['a', 'b', 'c']) {
      const result = deliver(target, id);
      await until(() => server.text().includes(`"${id}"`));
      await clock.advance(2000);
      expect(await result).toEqual({ kind: 'delivered' });
      await clock.advance(20_000);
    }
    expect(server.connections()).toBe(1);
  });

  it('goes on when a receiver that had stopped reading reads again', async () => {
    const server = await receiver((socket) => socket.pause());
    const { target, clock } = syslog({ port: server.port, maxMessageBytes: 1_000_000 });
    const ids = Array.from({ length: 30 }, (_, index) => `a${index}`);
    const results = Promise.all(ids.map((id) => deliver(target, id, 'x'.repeat(900_000))));
    await until(() => server.sockets.size > 0);
    for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
    await clock.advance(5000);
    for (const socket of server.sockets) socket.resume();
    const complete = () => server.text().includes('"a29"') && server.text().length > 30 * 900_000;
    await until(complete);
    await clock.advance(5000);
    expect((await results).map(({ kind }) => kind)).toEqual(ids.map(() => 'delivered'));
    expect(idsOf(server.text())).toEqual(ids);
  });

  it('carries messages of characters of any width whole', async () => {
    const server = await receiver();
    const { target, clock } = syslog({ port: server.port, maxMessageBytes: 1_000_000 });
    const texts = ['€'.repeat(30_000), '😀'.repeat(20_000), '€'.repeat(21_000), 'x'.repeat(65_000), 'é'.repeat(33_000)];
    const results = Promise.all(texts.map((text, index) => deliver(target, `a${index}`, text)));
    await until(() => server.text().includes('"a4"') && server.text().endsWith('}'));
    await clock.advance(3000);
    expect((await results).map(({ kind }) => kind)).toEqual(texts.map(() => 'delivered'));
    const bodies = readOctetFrames(server.text()).map((message) => JSON.parse(readMessage5424(message).body));
    expect(bodies.map(({ description }) => description)).toEqual(texts);
  });
});

describe('UDP to a port on which nobody listens', () => {
  it('ends in results and never in a crash', async () => {
    const free = await startSyslogReceiver();
    await free.close();
    const { target } = syslog({ port: free.port, protocol: 'udp' });
    for (let round = 0; round < 5; round += 1) {
      expect(['delivered', 'again']).toContain((await deliver(target, 'a')).kind);
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    }
  });
});

describe('the time of RFC 3164', () => {
  it('has every month by its name and the day padded', () => {
    const settings = messageSettings({ type: 'syslog', host: 'h', header: 'rfc3164', hostname: 'h', framing: 'lf' });
    const times = Array.from({ length: 12 }, (_, month) => {
      const time = `2026-${String(month + 1).padStart(2, '0')}-05T01:02:03Z`;
      return renderFrame(settings, shrinkingFormat, sampleDelivery('a', { time }))?.slice(5, 20);
    });
    const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
    expect(times).toEqual(names.map((name) => `${name}  5 01:02:03`));
  });
});

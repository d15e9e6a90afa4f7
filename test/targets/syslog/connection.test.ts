import { afterEach, describe, expect, it } from '@jest/globals';
import { type Clock, createManualClock } from '../../../src/lib/clock.ts';
import { renderFrame } from '../../../src/targets/syslog/message.ts';
import { messageSettings, type SyslogConfig } from '../../../src/targets/syslog/settings.ts';
import { create } from '../../../src/targets/syslog.ts';
import type { DeliveryResult, Target } from '../../../src/targets/target.ts';
import { freePort } from '../../lib/free-port.ts';
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
  const clock = createManualClock(0, 5_000_000_000);
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

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

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
    await until(() => server.bytes() > 30 * 900_000);
    await until(() => server.text().endsWith('}'));
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

/** A target with a connection that is out of probation and has delivered one message. */
async function proven(config: Partial<SyslogConfig>, server: SyslogReceiver) {
  const { target, clock } = syslog({ port: server.port, ...config });
  const first = deliver(target, 'first');
  await until(() => server.text().includes('"first"'));
  await clock.advance(2000);
  expect(await first).toEqual({ kind: 'delivered' });
  return { target, clock };
}

describe('a message on a proven connection', () => {
  it('waits a second for its proof, and not less', async () => {
    const server = await receiver();
    const { target, clock } = await proven({}, server);
    const seen = watch(deliver(target, 'a'));
    await until(() => server.text().includes('"a"'));
    await turns(20);
    await clock.advance(950);
    expect(seen.result).toBeNull();
    await clock.advance(100);
    expect(seen.result).toEqual({ kind: 'delivered' });
  });

  it('is proven at once by 2 MB behind it, and not by less', async () => {
    const server = await receiver();
    const { target } = await proven({ maxMessageBytes: 1_000_000 }, server);
    const seen = watch(deliver(target, 'a'));
    await until(() => server.text().includes('"a"'));
    for (const [index, kind] of [null, null, 'delivered'].entries()) {
      const before = server.bytes();
      void deliver(target, `b${index}`, 'x'.repeat(990_000));
      await until(() => server.bytes() > before + 990_000);
      await turns(20);
      expect(seen.result?.kind ?? null).toBe(kind);
    }
  });

  it('comes again when the receiver closes before its proof, with or without a word', async () => {
    for (const word of ['', 'x'.repeat(100_000)]) {
      const server = await receiver();
      const { target } = await proven({}, server);
      const result = deliver(target, 'a');
      await until(() => server.text().includes('"a"'));
      for (const socket of server.sockets) socket.end(word);
      expect(await result).toMatchObject({ kind: 'again', reason: 'the receiver closed the connection' });
    }
  });
});

describe('a receiver that stops reading', () => {
  const fill = (target: Target) =>
    Promise.all(Array.from({ length: 30 }, (_, index) => deliver(target, `b${index}`, 'x'.repeat(900_000))));

  it('is given up after 15 seconds, and not before', async () => {
    const server = await receiver((socket) => socket.pause());
    const { target, clock } = syslog({ port: server.port, maxMessageBytes: 1_000_000 });
    let over = false;
    const results = fill(target).finally(() => {
      over = true;
    });
    await until(() => server.sockets.size > 0);
    await turns(200);
    await clock.advance(14_950);
    expect(over).toBe(false);
    await clock.advance(100);
    expect((await results).at(-1)).toMatchObject({ kind: 'again', reason: 'the receiver stopped reading' });
  });

  it('is not waited for by who closes: what is not written comes again', async () => {
    const server = await receiver((socket) => socket.pause());
    const { target } = syslog({ port: server.port, maxMessageBytes: 1_000_000 });
    const results = fill(target);
    await until(() => server.sockets.size > 0);
    await turns(200);
    await target.close();
    for (const result of await results)
      expect(result).toMatchObject({ kind: 'again', reason: 'the target was closed' });
  });
});

describe('closing', () => {
  it('while the connection is made answers at once', async () => {
    const silent = await receiver();
    const { target } = syslog({ port: silent.port, protocol: 'tls' });
    const result = deliver(target, 'a');
    await until(() => silent.connections() === 1);
    await target.close();
    expect(await result).toMatchObject({ kind: 'again', reason: 'the target was closed' });
  });

  it('waits two seconds for a receiver that does not close, and leaves no timer behind', async () => {
    const manual = createManualClock(0, 5_000_000_000);
    const naps: (AbortSignal | undefined)[] = [];
    const sleep: Clock['sleep'] = (ms, signal) => {
      naps.push(signal);
      return manual.sleep(ms, signal);
    };
    const server = await receiver((socket) => {
      socket.allowHalfOpen = true;
    });
    const config = { type: 'syslog', host: '127.0.0.1', port: server.port } as const;
    const target = create(config, targetDeps({ clock: { ...manual, sleep } }));
    open.push(target);
    const first = deliver(target, 'a');
    await until(() => server.text().includes('"a"'));
    await manual.advance(2000);
    await first;
    const atRest = naps.length;
    await manual.advance(10_000);
    expect(naps).toHaveLength(atRest);
    const last = watch(deliver(target, 'b'));
    const closed = target.close();
    await until(() => server.text().includes('"b"'));
    await manual.advance(1950);
    expect(last.result).toBeNull();
    await manual.advance(50);
    await closed;
    const reason = 'the receiver did not confirm in time that it had read everything';
    expect(last.result).toMatchObject({ kind: 'again', reason });
    await target.close();
    const quick = await receiver();
    const other = create({ ...config, port: quick.port }, targetDeps({ clock: { ...manual, sleep } }));
    const delivered = deliver(other, 'c');
    await until(() => quick.text().includes('"c"'));
    await manual.advance(2000);
    await delivered;
    await other.close();
    expect(naps.at(-1)?.aborted).toBe(true);
  });

  it('of a connection on which nothing was ever sent is over at once', async () => {
    const { target } = syslog({ port: 1 });
    await target.close();
    expect(await deliver(target, 'a')).toMatchObject({ reason: 'the target was closed' });
  });
});

describe('UDP to a port on which nobody listens', () => {
  it('ends in results and never in a crash', async () => {
    const { target } = syslog({ port: await freePort(), protocol: 'udp' });
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

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../../src/lib/clock.ts';
import type { SyslogConfig } from '../../../src/targets/syslog/settings.ts';
import { configSchema, create } from '../../../src/targets/syslog.ts';
import type { DeliveryResult, Target } from '../../../src/targets/target.ts';
import { describeTarget } from '../../contract/target.ts';
import { type Certificates, makeCertificates } from '../certificates.ts';
import { noSignal, sampleDelivery, targetDeps } from '../sample-alert.ts';
import { readMessage5424 } from '../syslog-receiver.ts';
import { agree, type RelpAnswer, type RelpReceiver, rsp, startRelpReceiver, WELCOME } from './relp-receiver.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function receiver(...args: Parameters<typeof startRelpReceiver>): Promise<RelpReceiver> {
  const one = await startRelpReceiver(...args);
  open.push(one);
  return one;
}

function relp(port: number, config: Partial<SyslogConfig> = {}) {
  const clock = createManualClock(0, 5_000_000_000);
  const all: SyslogConfig = { type: 'syslog', host: '127.0.0.1', port, protocol: 'relp', ...config };
  const target = create(all, targetDeps({ clock }));
  open.push(target);
  return { target, clock };
}

const deliver = (target: Target, id: string, description = 'd') =>
  target.deliver(sampleDelivery(id, { description }), noSignal());
const idOf = (message: string): string => JSON.parse(readMessage5424(message).body).id;
const reasonsOf = (results: readonly DeliveryResult[]) =>
  results.map((result) => (result.kind === 'delivered' ? 'delivered' : `${result.kind}: ${result.reason}`));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

/** Notes results in the order in which they come. */
function watchAll(results: readonly Promise<DeliveryResult>[]): string[] {
  const seen: string[] = [];
  for (const [at, result] of results.entries()) void result.then(({ kind }) => seen.push(`${at} ${kind}`));
  return seen;
}

/** Answers as `agree` does, but to messages, by their place (from 0), as `toMessage` says. */
function answering(toMessage: (place: number, transaction: number) => string | null): RelpAnswer {
  let place = -1;
  return (frame, socket) => {
    if (frame.command !== 'syslog') return agree(frame, socket);
    place += 1;
    return toMessage(place, frame.transaction);
  };
}

/** A receiver that acknowledges nothing; `held` has the transactions of the messages. */
async function silent(): Promise<{ server: RelpReceiver; held: number[] }> {
  const held: number[] = [];
  const server = await receiver(
    answering((_place, transaction) => {
      held.push(transaction);
      return null;
    }),
  );
  return { server, held };
}

describeTarget({
  type: 'syslog',
  configSchema,
  config: { type: 'syslog', host: 'siem.example', protocol: 'relp', tls: {} },
  make: async () => {
    const server = await startRelpReceiver();
    const { target } = relp(server.port);
    return {
      target,
      passTime: async () => undefined,
      received: async () => server.messages().map(idOf),
      stop: async () => {
        await target.close();
        await server.close();
      },
    };
  },
});

describe('a session of RELP', () => {
  it('is opened with offers, carries messages as transactions and is closed', async () => {
    const server = await receiver();
    const { target } = relp(server.port);
    expect(await Promise.all([deliver(target, 'a', 'Größe €\n猫'), deliver(target, 'b')])).toEqual([
      { kind: 'delivered' },
      { kind: 'delivered' },
    ]);
    await target.close();
    expect(server.said.map(({ transaction, command }) => `${transaction} ${command}`)).toEqual([
      '1 open',
      '2 syslog',
      '3 syslog',
      '4 close',
    ]);
    expect(server.said[0]?.data.split('\n')).toEqual(['relp_version=0', 'relp_software=huntwire', 'commands=syslog']);
    expect(server.messages().map(idOf)).toEqual(['a', 'b']);
    expect(JSON.parse(readMessage5424(server.messages()[0] ?? '').body).description).toBe('Größe €\n猫');
  });

  it('sends nothing before the receiver has welcomed it', async () => {
    const server = await receiver(() => null);
    const { target, clock } = relp(server.port);
    const result = deliver(target, 'a');
    await until(() => server.said.length === 1);
    await clock.advance(9950);
    expect(server.messages()).toEqual([]);
    await clock.advance(50);
    expect(await result).toMatchObject({ kind: 'again', reason: 'the receiver did not open a session in time' });
  });

  it.each([
    ['refuses it', '500 no room', 'blocked: the receiver refused the session: 500 no room'],
    ['refuses it without a word', '', 'blocked: the receiver refused the session: without a word'],
    ['takes no syslog', '200 OK\ncommands=eventlog', 'blocked: the receiver takes no syslog over RELP'],
  ])('blocks the target when the receiver %s', async (_name, answer, reason) => {
    const server = await receiver(({ transaction }) => rsp(transaction, answer));
    expect(reasonsOf([await deliver(relp(server.port).target, 'a')])).toEqual([reason]);
  });

  it.each([
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'the receiver does not speak RELP'],
    ['a command of its own', '1 open 0\n', 'the receiver sent "open", which is none of RELP’s answers'],
  ])('blocks the target when what answers speaks %s', async (_name, answer, reason) => {
    const server = await receiver(() => answer);
    expect(await deliver(relp(server.port).target, 'a')).toMatchObject({ kind: 'blocked', reason });
  });
});

describe('a message over RELP', () => {
  it('is delivered when it is acknowledged, however late, and not before', async () => {
    const { server, held } = await silent();
    const { target, clock } = relp(server.port);
    const seen = watchAll([deliver(target, 'a'), deliver(target, 'b')]);
    await until(() => held.length === 2);
    await clock.advance(29_000);
    expect(seen).toEqual([]);
    for (const socket of server.sockets) socket.write(held.map((one) => rsp(one, '200 OK')).join(''));
    await until(() => seen.length === 2);
    expect(seen).toEqual(['0 delivered', '1 delivered']);
  });

  it('comes again when nothing is acknowledged for 30 seconds', async () => {
    const server = await receiver(answering(() => null));
    const { target, clock } = relp(server.port);
    const result = deliver(target, 'a');
    await until(() => server.messages().length === 1);
    const seen = watchAll([result]);
    await clock.advance(29_900);
    expect(seen).toEqual([]);
    await clock.advance(150);
    expect(await result).toMatchObject({ kind: 'again', reason: 'the receiver did not acknowledge a message in time' });
  });

  it('comes again when others are acknowledged and it never is, however often those are', async () => {
    const { server, held } = await silent();
    const { target, clock } = relp(server.port);
    const results = [deliver(target, 'a'), deliver(target, 'b')];
    const seen = watchAll(results);
    await until(() => held.length === 2);
    for (let second = 0; second < 31; second += 1) {
      for (const socket of server.sockets) socket.write(rsp(held[1] ?? 0, '200 OK'));
      await new Promise((resolve) => setTimeout(resolve, 1));
      await clock.advance(1000);
    }
    expect(seen).toEqual(['0 again', '1 again']);
  });

  it('is acknowledged behind those before it, in whatever order the receiver does', async () => {
    const server = await receiver(
      answering((place, transaction) => {
        const ok = (one: number): string => rsp(one, '200 OK');
        return place < 2 ? null : `${ok(transaction)}${ok(transaction - 1)}${ok(transaction - 2)}`;
      }),
    );
    const { target } = relp(server.port);
    const seen = watchAll(['a', 'b', 'c'].map((id) => deliver(target, id)));
    await until(() => seen.length === 3);
    expect(seen).toEqual(['0 delivered', '1 delivered', '2 delivered']);
  });

  it('that is not taken comes again, with what is behind it and not what is before', async () => {
    const server = await receiver(
      answering((place, transaction) => rsp(transaction, place === 1 ? '500 \u001b[31mfull' : '200 OK')),
    );
    const { target } = relp(server.port);
    const results = await Promise.all(['a', 'b', 'c'].map((id) => deliver(target, id)));
    const reason = 'again: the receiver did not take a message: 500  [31mfull';
    expect(reasonsOf(results)).toEqual(['delivered', reason, reason]);
  });

  it('comes again in a new session when the connection breaks, and what was acknowledged does not', async () => {
    const server = await receiver(answering((place, transaction) => (place === 0 ? rsp(transaction, '200 OK') : null)));
    const { target } = relp(server.port);
    const results = ['a', 'b'].map((id) => deliver(target, id));
    expect(await results[0]).toEqual({ kind: 'delivered' });
    for (const socket of server.sockets) socket.resetAndDestroy();
    expect(await results[1]).toMatchObject({ kind: 'again', reason: 'the connection was reset (ECONNRESET)' });
    void deliver(target, 'b');
    await until(() => server.messages().length === 3);
    expect(server.said.map(({ transaction, command }) => `${transaction} ${command}`).slice(3)).toEqual([
      '1 open',
      '2 syslog',
    ]);
  });

  it('comes again when the receiver says that it closes, even where the connection stays', async () => {
    const server = await receiver(
      answering((place, transaction) => (place === 0 ? `${rsp(transaction, '200 OK')}0 serverclose 0\n` : null)),
    );
    const { target } = relp(server.port);
    const results = await Promise.all(['a', 'b'].map((id) => deliver(target, id)));
    expect(reasonsOf(results)).toEqual(['delivered', 'again: the receiver closes the session']);
  });

  it('is one of 1,024 at most that wait for their acknowledgements', async () => {
    const { server, held } = await silent();
    const { target } = relp(server.port);
    const seen = watchAll(Array.from({ length: 1500 }, (_, at) => deliver(target, `a${at}`)));
    await until(() => held.length === 1024);
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(held).toHaveLength(1024);
    const acknowledge = (): void => {
      for (const socket of server.sockets)
        socket.write(
          held
            .splice(0)
            .map((one) => rsp(one, '200 OK'))
            .join(''),
        );
    };
    acknowledge();
    await until(() => server.messages().length === 1500);
    acknowledge();
    await until(() => seen.length === 1500);
    expect(server.messages().map(idOf)).toEqual(Array.from({ length: 1500 }, (_, at) => `a${at}`));
  });

  it('that the receiver was never sent is acknowledged in vain', async () => {
    const server = await receiver(({ transaction, command }) =>
      command === 'open' ? rsp(transaction, WELCOME) : rsp(transaction + 7, '200 OK'),
    );
    expect(await deliver(relp(server.port).target, 'a')).toMatchObject({
      kind: 'again',
      reason: 'the receiver acknowledged what it was not sent',
    });
  });
});

describe('closing a session', () => {
  it('waits for what is in flight, and two seconds at most', async () => {
    const { server, held } = await silent();
    const { target, clock } = relp(server.port);
    const results = ['a', 'b'].map((id) => deliver(target, id));
    await until(() => held.length === 2);
    const closed = target.close();
    for (const socket of server.sockets) socket.write(rsp(held[0] ?? 0, '200 OK'));
    expect(await results[0]).toEqual({ kind: 'delivered' });
    await clock.advance(2000);
    await closed;
    expect((await results[1])?.kind).toBe('again');
  });
});

describe('RELP over TLS', () => {
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = await makeCertificates();
  });
  afterAll(() => certificates.remove());

  it('shows the client certificate, and delivers without a wait', async () => {
    const { ca, server: pair, files } = certificates;
    const mutual = { ...pair, ca: ca.cert, requestCert: true, rejectUnauthorized: true };
    const server = await receiver(agree, mutual);
    const { caFile, certFile, keyFile } = files;
    expect(await deliver(relp(server.port, { tls: { caFile, certFile, keyFile } }).target, 'a')).toEqual({
      kind: 'delivered',
    });
    expect((await deliver(relp(server.port, { tls: { caFile } }).target, 'b')).kind).toBe('blocked');
    expect(server.messages().map(idOf)).toEqual(['a']);
  });
});

import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from '@jest/globals';
import { formatNative } from '../../../src/formats/native.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import { createDatagramSyslog } from '../../../src/targets/syslog/datagram.ts';
import { configSchema } from '../../../src/targets/syslog.ts';
import type { Target } from '../../../src/targets/target.ts';
import { describeTarget } from '../../contract/target.ts';
import { describeOverIpv6 } from '../../ipv6.ts';
import { noSignal, sampleDelivery, targetDeps } from '../sample-alert.ts';
import { readMessage5424 } from '../syslog-receiver.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Receiver {
  readonly port: number;
  readonly ids: string[];
  /** Ports that messages came from: one for every socket of the sender. */
  readonly senders: Set<number>;
}

async function receiver(address: '127.0.0.1' | '::1' = '127.0.0.1'): Promise<Receiver> {
  const socket = createSocket(address === '::1' ? 'udp6' : 'udp4');
  const [ids, senders]: [string[], Set<number>] = [[], new Set()];
  socket.on('message', (message, { port }) => {
    ids.push(JSON.parse(readMessage5424(message.toString('utf8')).body).id);
    senders.add(port);
  });
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  open.push({ close: () => new Promise<void>((resolve) => socket.close(() => resolve())) });
  return { port: socket.address().port, ids, senders };
}

/** A target whose resolver answers with `addresses` one after another, the last again and again; null: it fails. */
function sender(port: number, ...addresses: readonly (string | null)[]) {
  const clock = createManualClock(0, 5_000_000_000);
  const asked: string[] = [];
  const resolveName = async (host: string) => {
    const address = addresses[Math.min(asked.length, addresses.length - 1)];
    asked.push(host);
    if (!address) throw Object.assign(new Error('x'), { code: 'ENOTFOUND' });
    return { address, family: address.includes(':') ? 6 : 4 };
  };
  const config = { type: 'syslog', host: 'siem.test', port, protocol: 'udp' } as const;
  const target = createDatagramSyslog(config, targetDeps({ clock }), resolveName);
  open.push(target);
  return { target, clock, asked };
}

const deliver = (target: Target, id: string) => target.deliver(sampleDelivery(id), noSignal());
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

describeTarget({
  type: 'syslog',
  configSchema,
  config: { type: 'syslog', host: 'siem.example', protocol: 'udp' },
  make: async () => {
    const { port, ids } = await receiver();
    const config = { type: 'syslog', host: '127.0.0.1', port, protocol: 'udp' } as const;
    const target = createDatagramSyslog(config, targetDeps());
    return {
      target,
      passTime: async () => undefined,
      received: async () => {
        for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
        return ids;
      },
      stop: () => target.close(),
    };
  },
});

describe('the name of a receiver over UDP', () => {
  it('is resolved once for many messages, and anew after five minutes', async () => {
    const { port, ids, senders } = await receiver();
    const { target, clock, asked } = sender(port, '127.0.0.1');
    await Promise.all([deliver(target, 'a'), deliver(target, 'b')]);
    await clock.advance(299_999);
    await deliver(target, 'c');
    expect(asked).toEqual(['siem.test']);
    await clock.advance(1);
    await deliver(target, 'd');
    expect(asked).toHaveLength(2);
    await clock.advance(299_999);
    await deliver(target, 'e');
    expect(asked).toHaveLength(2);
    await until(() => ids.length === 5);
    expect([ids.toSorted(), senders.size]).toEqual([['a', 'b', 'c', 'd', 'e'], 2]);
  });

  it('is resolved anew after a failure, so that the next message goes out', async () => {
    const { port, ids } = await receiver();
    const { target, asked } = sender(port, null, '127.0.0.1');
    const failed = await Promise.all([deliver(target, 'a'), deliver(target, 'b')]);
    expect(failed).toEqual(
      Array(2).fill({
        kind: 'blocked',
        reason: 'the host name could not be resolved (ENOTFOUND)',
        status: null,
        retryAfterMs: null,
      }),
    );
    expect(await deliver(target, 'c')).toEqual({ kind: 'delivered' });
    await until(() => ids.length === 1);
    expect([ids, asked.length]).toEqual([['c'], 2]);
  });

  it('that leads where nothing may be sent is told, and tried again', async () => {
    const { target, asked } = sender(9, '255.255.255.255');
    expect((await deliver(target, 'a')).kind).toBe('again');
    expect((await deliver(target, 'a')).kind).toBe('again');
    expect(asked).toHaveLength(2);
  });
});

describe('the size of a message over UDP', () => {
  const large = sampleDelivery('a', {
    evidence: Array.from({ length: 40 }, (_, row) => ({ Row: row, Text: 'x'.repeat(100) })),
  });
  const sent = async (over: { readonly maxMessageBytes?: number }) => {
    const socket = createSocket('udp4');
    const came = new Promise<Buffer>((resolve) => socket.once('message', resolve));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise<void>((resolve) => socket.close(() => resolve())) });
    const { port } = socket.address();
    const config = { type: 'syslog', host: '127.0.0.1', port, protocol: 'udp', ...over } as const;
    const target = createDatagramSyslog(config, targetDeps({ format: formatNative }));
    open.push(target);
    expect(await target.deliver(large, noSignal())).toEqual({ kind: 'delivered' });
    return came;
  };

  it('is what receivers should take, unless more is asked for, and a shorter alert says so', async () => {
    const usual = await sent({});
    expect(usual.length).toBeLessThanOrEqual(2048);
    expect(JSON.parse(readMessage5424(usual.toString('utf8')).body)).toMatchObject({
      id: 'a',
      evidenceTruncated: true,
    });
    const longer = await sent({ maxMessageBytes: 8000 });
    expect(longer.length).toBeGreaterThan(4000);
  });

  it('is told by a check where it may travel in fragments', async () => {
    const said = async (maxMessageBytes: number) => {
      const config = { type: 'syslog', host: '127.0.0.1', protocol: 'udp', maxMessageBytes } as const;
      return (await createDatagramSyslog(config, targetDeps()).check(noSignal()))[0]?.message.includes('fragments');
    };
    expect([await said(1400), await said(1401)]).toEqual([false, true]);
  });
});

describe('a message over UDP that does not fit', () => {
  it('is refused by the setting that it is above, and nothing is resolved', async () => {
    const clock = createManualClock(0, 5_000_000_000);
    const config = { type: 'syslog', host: 'siem.test', protocol: 'udp', maxMessageBytes: 480 } as const;
    const crowded = { ...config, hostname: 'h'.repeat(255), enterpriseNumber: 1 };
    const target = createDatagramSyslog(crowded, targetDeps({ clock }), () => Promise.reject(new Error('asked')));
    expect(await deliver(target, 'a')).toEqual({
      kind: 'refused',
      reason: 'the alert does not fit into maxMessageBytes (480), even when it is shrunk',
      status: null,
      answer: '',
    });
  });
});

describeOverIpv6('a datagram to an address of IPv6', () => {
  it('arrives', async () => {
    const { port, ids } = await receiver('::1');
    expect(await deliver(sender(port, '::1').target, 'a')).toEqual({ kind: 'delivered' });
    await until(() => ids.length === 1);
  });
});

import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Clock, createManualClock } from '../../../src/lib/clock.ts';
import { Secret } from '../../../src/lib/secret.ts';
import type { DeliveryResult, Target } from '../../../src/targets/target.ts';
import type { WebhookConfig } from '../../../src/targets/webhook/webhook-schema.ts';
import { create } from '../../../src/targets/webhook.ts';
import { type Answer, type HttpReceiver, startHttpReceiver } from '../http-receiver.ts';
import { noSignal, sampleDelivery, targetDeps } from '../sample-alert.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});
async function receiver(answer: Answer): Promise<HttpReceiver> {
  const one = await startHttpReceiver(answer);
  open.push(one);
  return one;
}
type Settings = Omit<WebhookConfig, 'type' | 'url'> & { readonly url: string };
/** On a clock that stands still: nothing ends because time passes. */
function webhook({ url, ...config }: Settings, clock: Clock = createManualClock(0, 5_000_000_000)): Target {
  const target = create({ type: 'webhook', url: new Secret(url), ...config }, targetDeps({ clock }));
  open.push(target);
  return target;
}
const deliver = (target: Target, signal = noSignal()): Promise<DeliveryResult> =>
  target.deliver(sampleDelivery(), signal);
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}
const silent: Answer = () => undefined;
const accept: Answer = (_request, response) => response.writeHead(204).end();

describe('a request without signing', () => {
  it('carries neither signature nor timestamp, and keeps the search of its URL', async () => {
    const server = await receiver(accept);
    await deliver(webhook({ url: `${server.url}?key=a&b=%20` }));
    const [request] = server.received;
    expect(request?.path).toBe('/hook/s3cret-path?key=a&b=%20');
    expect(request?.headers).not.toHaveProperty('webhook-signature');
    expect(request?.headers).not.toHaveProperty('webhook-timestamp');
  });
});

describe('an answer', () => {
  it('that begins and breaks off counts by its status at once', async () => {
    for (const [status, kind] of [
      [200, 'delivered'],
      [422, 'refused'],
    ] as const) {
      const server = await receiver((_request, response, socket) => {
        response.writeHead(status, { 'content-length': '10' });
        response.write('x', () => socket.destroy());
      });
      expect((await deliver(webhook({ url: server.url }))).kind).toBe(kind);
    }
  });

  it('that only promises one is none', async () => {
    const clock = createManualClock(0, 5_000_000_000);
    let promised = false;
    const server = await receiver((_request, response) => {
      response.writeProcessing();
      promised = true;
    });
    const result = deliver(webhook({ url: server.url }, clock));
    await until(() => promised);
    await turns(50);
    await clock.advance(15_000);
    expect(await result).toMatchObject({ kind: 'again', status: null, reason: 'no answer came in time' });
  });

  it('is cut within 1 kB at the end of a character', async () => {
    const server = await receiver((_request, response) => response.writeHead(422).end(`x${'ä'.repeat(600)}`));
    expect(await deliver(webhook({ url: server.url }))).toMatchObject({ answer: `x${'ä'.repeat(511)}` });
  });

  it('is kept over its pieces, and empty where there is none', async () => {
    const server = await receiver((_request, response) => {
      response.writeHead(422).write('a'.repeat(1000), () => setImmediate(() => response.end('b'.repeat(1000))));
    });
    expect(await deliver(webhook({ url: server.url }))).toMatchObject({ answer: 'a'.repeat(1000) + 'b'.repeat(24) });
    const empty = await receiver((_request, response) => response.writeHead(422).end());
    expect(await deliver(webhook({ url: empty.url }))).toMatchObject({ kind: 'refused', answer: '' });
  });

  it('repeats no secret of the configuration', async () => {
    const server = await receiver((request, response) =>
      response.writeHead(422).end(`${request.headers['x-key']} ${request.headers.authorization}`),
    );
    const result = await deliver(
      webhook({
        url: server.url,
        headers: { 'X-Key': new Secret('key-77aa') },
        auth: { basic: { user: 'u', password: new Secret('password') } },
      }),
    );
    expect(result).toMatchObject({ answer: '*** Basic ***' });
  });

  it('tells the wait by the first of its headers', async () => {
    const server = await receiver((_request, response) =>
      response.writeHead(429, ['Retry-After', '3', 'Retry-After', '9']).end(),
    );
    expect(await deliver(webhook({ url: server.url }))).toMatchObject({ kind: 'again', retryAfterMs: 3000 });
  });

  it.each([
    [65_536, 1],
    [65_537, 2],
  ])('of %d bytes leaves %d connections behind two deliveries', async (bytes, connections) => {
    const sockets = new Set<Socket>();
    const server = await receiver((_request, response, socket) => {
      sockets.add(socket);
      response.writeHead(200).end('x'.repeat(bytes));
    });
    const target = webhook({ url: server.url, concurrency: 1 });
    expect([(await deliver(target)).kind, (await deliver(target)).kind]).toEqual(['delivered', 'delivered']);
    expect(sockets.size).toBe(connections);
  });
});

describe('requests at a time', () => {
  it.each([
    [undefined, 4],
    [2, 2],
  ])('are with a concurrency of %s at most %d', async (concurrency, most) => {
    const server = await receiver(silent);
    const target = webhook({ url: server.url, ...(concurrency && { concurrency }) });
    const results = Array.from({ length: 6 }, () => deliver(target));
    await until(() => server.received.length >= most);
    await turns(50);
    expect(server.received).toHaveLength(most);
    await target.close();
    for (const result of await Promise.all(results))
      expect(result).toMatchObject({ kind: 'again', reason: 'the target was closed' });
  });

  it('that wait for their turn and are stopped are never sent', async () => {
    const clock = createManualClock(0, 5_000_000_000);
    const answers: (() => void)[] = [];
    const server = await receiver((_request, response) => answers.push(() => response.writeHead(204).end()));
    const target = webhook({ url: server.url, concurrency: 1 }, clock);
    const first = deliver(target);
    await until(() => answers.length === 1);
    const stop = new AbortController();
    const second = deliver(target, stop.signal);
    const third = deliver(target);
    stop.abort();
    await clock.advance(100);
    expect(await second).toMatchObject({ kind: 'again', reason: 'the delivery was stopped' });
    answers[0]?.();
    expect(await first).toEqual({ kind: 'delivered' });
    await until(() => answers.length === 2);
    answers[1]?.();
    expect(await third).toEqual({ kind: 'delivered' });
    expect(server.received).toHaveLength(2);
  });

  it('end each by its own patience', async () => {
    const clock = createManualClock(0, 5_000_000_000);
    const server = await receiver(silent);
    const target = webhook({ url: server.url, timeoutSeconds: 10 }, clock);
    const ended: string[] = [];
    for (const name of ['first', 'second']) {
      void deliver(target).then(() => ended.push(name));
      await clock.advance(5000);
    }
    expect(ended).toEqual(['first']);
    await clock.advance(4900);
    expect(ended).toEqual(['first']);
    await clock.advance(100);
    expect(ended).toEqual(['first', 'second']);
  });
});

describe('a webhook at rest', () => {
  it('sets no timer, and a closed one leaves none and no connection behind', async () => {
    const clock = createManualClock(0, 5_000_000_000);
    const naps: (AbortSignal | undefined)[] = [];
    const sleep: Clock['sleep'] = (ms, signal) => {
      naps.push(signal);
      return clock.sleep(ms, signal);
    };
    const sockets = new Set<Socket>();
    const server = await receiver((_request, response, socket) => {
      sockets.add(socket);
      if (server.received.length === 1) response.writeHead(204).end();
    });
    const target = webhook({ url: server.url }, { ...clock, sleep });
    await deliver(target);
    await clock.advance(1000);
    expect(naps).toHaveLength(1);
    const last = deliver(target);
    await until(() => server.received.length === 2);
    await target.close();
    expect(await last).toMatchObject({ reason: 'the target was closed' });
    expect(naps.at(-1)?.aborted).toBe(true);
    await until(() => [...sockets].every((socket) => socket.destroyed));
  });
});

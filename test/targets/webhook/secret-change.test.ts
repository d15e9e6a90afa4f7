import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../../../src/lib/secret.ts';
import type { DeliveryResult, Target } from '../../../src/targets/target.ts';
import { create } from '../../../src/targets/webhook.ts';
import { type HttpReceiver, startHttpReceiver } from '../http-receiver.ts';
import { noSignal, sampleDelivery, targetDeps } from '../sample-alert.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const changing = (world: { text: string }): Secret => new Secret({ text: () => world.text, trouble: () => null });

async function receiver(answer: Parameters<typeof startHttpReceiver>[0]): Promise<HttpReceiver> {
  const one = await startHttpReceiver(answer);
  open.push(one);
  return one;
}

function deliver(target: Target): Promise<DeliveryResult> {
  return target.deliver(sampleDelivery(), noSignal());
}

describe('a webhook whose secret has changed', () => {
  it('posts to the new URL and signs with the new secret', async () => {
    const server = await receiver((_request, response) => response.writeHead(204).end());
    const url = { text: `${server.url}/one-path` };
    const key = { text: 'first signing key' };
    const config = { type: 'webhook' as const, url: changing(url), signing: { secrets: [changing(key)] } };
    const target = create(config, targetDeps());
    open.push(target);
    await deliver(target);
    url.text = `${server.url}/other-path`;
    key.text = 'second signing key';
    await deliver(target);
    const [one, other] = server.received;
    expect([one?.path, other?.path]).toEqual(['/hook/s3cret-path/one-path', '/hook/s3cret-path/other-path']);
    expect(one?.headers['webhook-signature']).not.toBe(other?.headers['webhook-signature']);
  });

  it('lets requests that are under way end', async () => {
    const held: ServerResponse[] = [];
    const server = await receiver((_request, response) => held.push(response));
    const bearer = { text: 'first' };
    const target = create(
      { type: 'webhook', url: new Secret(server.url), auth: { bearer: changing(bearer) } },
      targetDeps(),
    );
    open.push(target);
    const before = deliver(target);
    while (held.length === 0) await new Promise(setImmediate);
    bearer.text = 'second';
    const after = deliver(target);
    while (held.length < 2) await new Promise(setImmediate);
    for (const response of held) response.writeHead(204).end();
    expect([await before, await after]).toEqual([{ kind: 'delivered' }, { kind: 'delivered' }]);
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  });

  it('hides the new one and the one before in what an answer repeats', async () => {
    const server = await receiver((_request, response) =>
      response.writeHead(422).end('you sent bearer-of-old, I want bearer-of-new'),
    );
    const bearer = { text: 'bearer-of-old' };
    const target = create(
      { type: 'webhook', url: new Secret(server.url), auth: { bearer: changing(bearer) } },
      targetDeps(),
    );
    open.push(target);
    await deliver(target);
    bearer.text = 'bearer-of-new';
    expect(await deliver(target)).toMatchObject({ kind: 'refused', answer: 'you sent ***, I want ***' });
  });
});

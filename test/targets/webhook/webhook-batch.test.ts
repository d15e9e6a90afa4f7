import { afterEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { formatCef } from '../../../src/formats/cef.ts';
import { formatNative } from '../../../src/formats/native.ts';
import { Secret } from '../../../src/lib/secret.ts';
import type { Target } from '../../../src/targets/target.ts';
import { batchPayload } from '../../../src/targets/webhook/webhook-batch.ts';
import type { WebhookConfig } from '../../../src/targets/webhook/webhook-schema.ts';
import { create } from '../../../src/targets/webhook.ts';
import { type Answer, startHttpReceiver } from '../http-receiver.ts';
import { noSignal, sampleDelivery, targetDeps } from '../sample-alert.ts';

const open: { close(): Promise<void> }[] = [];
const accept: Answer = (_request, response) => response.writeHead(204).end();
const SIGNING = 'signing-secret-77aa';

async function start(over: Partial<WebhookConfig>, answer: Answer = accept, format = formatNative) {
  const server = await startHttpReceiver(answer);
  open.push(server);
  const config = { type: 'webhook' as const, url: new Secret(server.url), batch: { as: 'array' as const }, ...over };
  const target = create(config, targetDeps({ format }));
  open.push(target);
  return { server, target };
}

const deliver = (target: Target, ids: readonly string[]) =>
  target.deliverMany?.(
    ids.map((id) => sampleDelivery(id)),
    noSignal(),
  );

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describe('a batch of a webhook', () => {
  it('is one signed array, under an id that the same batch has again', async () => {
    const { server, target } = await start({ signing: { secrets: [new Secret(SIGNING)] } });
    expect(await deliver(target, ['a', 'b'])).toEqual([{ kind: 'delivered' }, { kind: 'delivered' }]);
    await deliver(target, ['a', 'b']);
    await deliver(target, ['b', 'a']);
    const [first, again, other] = server.received;
    const ids = (JSON.parse(first?.body ?? '') as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(['a', 'b']);
    expect(first?.headers['content-type']).toBe('application/json');
    expect(first?.headers['webhook-id']).toMatch(/^batch-[0-9a-f]{32}$/);
    expect(first?.headers['idempotency-key']).toBe(first?.headers['webhook-id']);
    expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(other?.headers['webhook-id']).not.toBe(first?.headers['webhook-id']);
    const key = `whsec_${Buffer.from(SIGNING).toString('base64')}`;
    new Webhook(key).verify(first?.body ?? '', first?.headers as Record<string, string>);
  });

  it('is one payload a line where that is asked for, also of a format that is no JSON', async () => {
    const { server, target } = await start({ batch: { as: 'ndjson' } });
    await deliver(target, ['a', 'b']);
    const cef = await start({ batch: { as: 'ndjson' } }, accept, formatCef);
    await deliver(cef.target, ['a', 'b']);
    const [json, lines] = [server.received[0], cef.server.received[0]];
    expect(json?.headers['content-type']).toBe('application/x-ndjson');
    expect(json?.body.split('\n').map((line) => line && JSON.parse(line).id)).toEqual(['a', 'b', '']);
    expect(lines?.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(lines?.body).toMatch(/^CEF:0.*\nCEF:0.*\n$/);
  });

  it('is an array of texts where the format is no JSON, and of CloudEvents under their type', async () => {
    const { server, target } = await start({}, accept, formatCef);
    await deliver(target, ['a']);
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual([expect.stringMatching(/^CEF:0/)]);
    expect(batchPayload(['{}'], 'application/cloudevents+json; charset=utf-8', 'array').contentType).toBe(
      'application/cloudevents-batch+json; charset=utf-8',
    );
  });

  it('that is refused is divided, so that one alert alone becomes a dead letter', async () => {
    const { target } = await start({}, ({ body }, response) =>
      response.writeHead(body.includes('"bad"') ? 422 : 200).end('no'),
    );
    const results = await deliver(target, ['a', 'bad', 'c', 'd']);
    expect(results?.map(({ kind }) => kind)).toEqual(['delivered', 'refused', 'delivered', 'delivered']);
  });

  it('may be of one alert, and is not sent behind the end', async () => {
    const { server, target } = await start({ batch: { as: 'array', max: 7, every: '250ms' } });
    expect(target.traits.batch).toEqual({ max: 7, everyMs: 250, maxCharacters: 1_000_000 });
    expect(await target.deliver(sampleDelivery('a'), noSignal())).toEqual({ kind: 'delivered' });
    expect(JSON.parse(server.received[0]?.body ?? '')).toHaveLength(1);
    await target.close();
    expect(await deliver(target, ['b'])).toMatchObject([{ kind: 'again', reason: 'the target was closed' }]);
  });

  it('waits a minute at most', async () => {
    await expect(start({ batch: { as: 'array', every: '61s' } })).rejects.toThrow('targets.soar.batch.every');
  });
});

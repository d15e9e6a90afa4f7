import { createHmac } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { Alert } from '../../../src/alerts/alert.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import { type Log, silentLog } from '../../../src/lib/log.ts';
import { Secret } from '../../../src/lib/secret.ts';
import type { WebhookConfig } from '../../../src/targets/webhook/webhook-schema.ts';
import { create } from '../../../src/targets/webhook.ts';
import { startHttpReceiver } from '../http-receiver.ts';
import { noSignal, sampleDelivery, targetDeps } from '../sample-alert.ts';
import { startBytesReceiver } from './bytes-receiver.ts';

const KEY = 'a key of the receiver';
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** Sends one alert and tells what the receiver got, its body as bytes. */
async function sent(config: Omit<WebhookConfig, 'type' | 'url'>, changes: Partial<Alert> = {}, log: Log = silentLog) {
  const receiver = await startBytesReceiver();
  const deps = targetDeps({ clock: createManualClock(Date.parse('2026-11-05T09:00:00Z')), log });
  const target = create({ type: 'webhook', url: new Secret(`${receiver.url}/base/?key=1`), ...config }, deps);
  open.push(receiver, target);
  const result = await target.deliver(sampleDelivery(undefined, changes), noSignal());
  const [request] = receiver.received;
  if (!request) throw new Error(`nothing was sent: ${JSON.stringify(result)}`);
  return { ...request, result };
}

describe('a compressed body', () => {
  it('is gzip, and what is signed is what is sent', async () => {
    const { headers, bytes } = await sent({
      compress: 'gzip',
      signing: { secrets: [new Secret(KEY)], style: 'github' },
    });
    expect(headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(bytes).toString())).toMatchObject({ id: sampleDelivery().alert.id });
    const expected = createHmac('sha256', KEY).update(bytes).digest('hex');
    expect(headers['x-hub-signature-256']).toBe(`sha256=${expected}`);
    expect(headers['webhook-signature']).toBeUndefined();
  });

  it('is signed as Standard Webhooks says, too', async () => {
    const secret = `whsec_${Buffer.from(KEY).toString('base64')}`;
    const { headers, bytes } = await sent({ compress: 'gzip', signing: { secrets: [new Secret(secret)] } });
    const [id, timestamp, signature] = ['id', 'timestamp', 'signature'].map((name) =>
      String(headers[`webhook-${name}`]),
    );
    const mac = createHmac('sha256', KEY).update(`${id}.${timestamp}.`).update(bytes).digest('base64');
    expect(signature).toBe(`v1,${mac}`);
  });
});

describe('signatures', () => {
  it('stay what the library checks', async () => {
    const secret = `whsec_${Buffer.from(KEY).toString('base64')}`;
    const receiver = await startHttpReceiver((_request, response) => response.writeHead(204).end());
    const target = create(
      { type: 'webhook', url: new Secret(receiver.url), signing: { secrets: [new Secret(secret)] } },
      targetDeps(),
    );
    open.push(receiver, target);
    await target.deliver(sampleDelivery(), noSignal());
    const [request] = receiver.received;
    const headers = Object.fromEntries(
      Object.entries(request?.headers ?? {}).map(([key, value]) => [key, String(value)]),
    );
    expect(() => new Webhook(secret).verify(request?.body ?? '', headers)).not.toThrow();
  });
});

describe('traceparent', () => {
  it('has the alert as its trace, and is sent where it is wanted', async () => {
    const { headers } = await sent({ traceparent: true });
    expect(headers.traceparent).toMatch(new RegExp(`^00-${sampleDelivery().alert.id}-[0-9a-f]{16}-01$`));
    expect((await sent({})).headers.traceparent).toBeUndefined();
  });
});

describe('a template', () => {
  const template = {
    path: '/alerts/{{ rule.id }}?from={{ tenant }}',
    headers: { 'X-Severity': new Secret('{{ severity }}') },
    body: { name: '{{ title }}', level: '{{ {"high": 3}.high }}', hosts: '{{ entities.name }}' },
  };

  it('makes path, headers and body', async () => {
    const { path, headers, bytes, result } = await sent({ template });
    expect(result.kind).toBe('delivered');
    expect(path).toBe('/base/alerts/encoded-powershell?from=contoso&key=1');
    expect([headers['x-severity'], headers['content-type']]).toEqual(['high', 'application/json']);
    expect(JSON.parse(bytes.toString())).toEqual({ name: 'Encoded command on pc1', level: 3 });
  });

  it('that fails lets the alert go out as it is, with the reason, and the log says so', async () => {
    const warned: unknown[] = [];
    const log: Log = { ...silentLog, warn: (message) => warned.push(message) };
    const { path, bytes } = await sent({ template: { body: { a: '{{ title + 1 }}' } } }, {}, log);
    const body = JSON.parse(bytes.toString());
    expect(path).toBe('/base/?key=1');
    expect(body).toMatchObject({
      id: sampleDelivery().alert.id,
      renderErrors: [{ message: expect.stringMatching(/title \+ 1/) }],
    });
    expect(warned).toEqual(['A template failed; the alert goes out as it is.']);
  });

  it('cannot put a line into a header', async () => {
    const headers = { 'X-Title': new Secret('{{ title }}') };
    const { headers: got, bytes } = await sent({ template: { headers } }, { title: 'a\r\nx-evil: 1' });
    expect([got['x-title'], got['x-evil']]).toEqual([undefined, undefined]);
    expect(JSON.parse(bytes.toString()).renderErrors).toHaveLength(1);
  });

  it('of a batch has no path and no headers of its own', () => {
    const batch = { as: 'array' as const };
    expect(() =>
      create({ type: 'webhook', url: new Secret('http://127.0.0.1:1/'), batch, template }, targetDeps()),
    ).toThrow('targets.soar.template: a batch is one request; it can only have a body.');
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../../src/lib/clock.ts';
import { MINUTE_MS, SECOND_MS } from '../../../src/lib/duration.ts';
import { Secret } from '../../../src/lib/secret.ts';
import type { Target } from '../../../src/targets/target.ts';
import type { WebhookConfig } from '../../../src/targets/webhook/webhook-schema.ts';
import { create } from '../../../src/targets/webhook.ts';
import { assertLeaksNoSecret } from '../../contract/target.ts';
import { type HttpReceiver, startHttpReceiver } from '../http-receiver.ts';
import { noSignal, sampleDelivery, targetDeps } from '../sample-alert.ts';
import type { VendorReply } from '../vendors/stand-in.ts';
import { startTokens, type TokenEndpoint } from '../vendors/token-endpoint.ts';

const CLIENT = { id: 'app-1', secret: 'client-secret-9d2e', scope: 'https://api.example/.default' };
const open: { close(): Promise<void> }[] = [];

interface Play {
  readonly faults?: VendorReply[];
  /** Whether the resource takes this authorization. */
  readonly takes?: (authorization: string, tokens: readonly string[]) => boolean;
  readonly settings?: Partial<WebhookConfig>;
  readonly secret?: string;
  readonly lifeSeconds?: number;
}

async function start({
  faults = [],
  takes = () => true,
  settings = {},
  secret = CLIENT.secret,
  lifeSeconds,
}: Play = {}) {
  const endpoint = await startTokens({ ...CLIENT, ...(lifeSeconds !== undefined && { lifeSeconds }) }, faults);
  const api = await startHttpReceiver(({ headers }, response) => {
    const authorization = String(headers.authorization);
    response.writeHead(takes(authorization, endpoint.tokens) ? 204 : 401).end(`not with ${authorization}`);
  });
  const clock = createManualClock(Date.parse('2026-11-05T00:00:00Z'));
  const oauth2 = {
    tokenUrl: `${endpoint.base}/oauth2/token`,
    clientId: CLIENT.id,
    clientSecret: new Secret(secret),
    scope: CLIENT.scope,
  };
  const config = { type: 'webhook' as const, url: new Secret(api.url), auth: { oauth2 }, ...settings };
  const target = create(config, targetDeps({ clock }));
  open.push(endpoint, api, target);
  return { endpoint, api, clock, target };
}

const deliver = (target: Target) => target.deliver(sampleDelivery(), noSignal());
const authorizations = (api: HttpReceiver) => api.received.map(({ headers }) => headers.authorization);
const isLatest = (authorization: string, tokens: readonly string[]) => authorization === `Bearer ${tokens.at(-1)}`;
const shownBy = ({ tokens }: TokenEndpoint) => [CLIENT.secret, ...tokens];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describe('a token', () => {
  it('is got once for many deliveries at a time, and kept', async () => {
    const { endpoint, api, target } = await start({ takes: isLatest, settings: { concurrency: 8 } });
    const results = await Promise.all(Array.from({ length: 8 }, () => deliver(target)));
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['delivered']));
    await deliver(target);
    expect(endpoint.received).toHaveLength(1);
    expect(new Set(authorizations(api))).toEqual(new Set(['Bearer token-1-5f1c']));
  });

  it('is got anew five minutes before its end', async () => {
    const { endpoint, clock, target } = await start();
    await deliver(target);
    await clock.advance(55 * MINUTE_MS - 1);
    await deliver(target);
    expect(endpoint.tokens).toHaveLength(1);
    await clock.advance(1);
    await deliver(target);
    expect(endpoint.tokens).toHaveLength(2);
  });

  it('of a short life is got anew after half of it', async () => {
    const { endpoint, clock, target } = await start({ lifeSeconds: 60 });
    await deliver(target);
    await clock.advance(30 * SECOND_MS);
    await deliver(target);
    expect(endpoint.tokens).toHaveLength(2);
  });

  it('is used while it holds, though a new one cannot be got', async () => {
    const faults: VendorReply[] = [];
    const { endpoint, api, clock, target } = await start({ faults });
    await deliver(target);
    faults.push({ status: 503 });
    await clock.advance(56 * MINUTE_MS);
    expect(await deliver(target)).toEqual({ kind: 'delivered' });
    await deliver(target);
    expect(endpoint.received).toHaveLength(2);
    expect(new Set(authorizations(api))).toEqual(new Set(['Bearer token-1-5f1c']));
    await clock.advance(30 * SECOND_MS);
    await deliver(target);
    expect(endpoint.tokens).toHaveLength(2);
  });

  it('that is refused with 401 is got anew once, and the request is sent once more', async () => {
    const { endpoint, api, target } = await start({ takes: (one) => one.includes('token-2') });
    expect(await deliver(target)).toEqual({ kind: 'delivered' });
    expect(authorizations(api)).toEqual(['Bearer token-1-5f1c', 'Bearer token-2-5f1c']);
    expect(endpoint.tokens).toHaveLength(2);
  });

  it('that is refused again blocks the target', async () => {
    const { endpoint, api, target } = await start({ takes: () => false });
    const result = await deliver(target);
    expect(result).toMatchObject({ kind: 'blocked', status: 401, reason: 'the webhook answered 401' });
    expect([api.received.length, endpoint.tokens.length]).toEqual([2, 2]);
  });

  it('is shown nowhere, nor is the secret of the client', async () => {
    const { endpoint, target } = await start();
    await deliver(target);
    const wrong = await start({ faults: [{ status: 400, body: { error: CLIENT.secret } }] });
    const echo = await startHttpReceiver(({ headers }, response) => response.writeHead(422).end(headers.authorization));
    const other = await start({ settings: { url: new Secret(echo.url) } });
    open.push(echo);
    const results = [await deliver(wrong.target), await deliver(other.target)];
    expect(results[1]).toMatchObject({ kind: 'refused', answer: 'Bearer ***' });
    assertLeaksNoSecret(results, [...shownBy(endpoint), ...shownBy(other.endpoint)]);
  });
});

describe('without a token', () => {
  it.each([
    { name: 'that the client is unknown', play: { secret: 'wrong' }, kind: 'blocked', says: '401 (invalid_client)' },
    {
      name: '400',
      play: { faults: [{ status: 400, body: { error: 'invalid_scope' } }] },
      kind: 'blocked',
      says: '400 (invalid_scope)',
    },
    { name: '429', play: { faults: [{ status: 429, headers: { 'retry-after': '7' } }] }, kind: 'again', says: '429' },
    { name: '500', play: { faults: [{ status: 500, body: 'x' }] }, kind: 'again', says: '500' },
    {
      name: 'nothing of a token',
      play: { faults: [{ status: 200, body: {} }] },
      kind: 'blocked',
      says: 'without a token',
    },
    {
      name: 'a token that no header carries',
      play: { faults: [{ status: 200, body: { access_token: 'a b' } }] },
      kind: 'blocked',
      says: 'without a token',
    },
  ])('nothing is sent where the endpoint says $name', async ({ play, kind, says }) => {
    const { api, target } = await start(play as Play);
    expect(await deliver(target)).toMatchObject({ kind, reason: expect.stringContaining(says) });
    expect(api.received).toEqual([]);
  });

  it('nothing is sent where the endpoint is not there, and its address is checked', async () => {
    const { endpoint, api, target } = await start();
    expect((await target.check(noSignal())).map(({ ok }) => ok)).toEqual([true, true, true, true]);
    await endpoint.close();
    expect(await deliver(target)).toMatchObject({ kind: 'again', reason: expect.stringMatching(/^no token: /) });
    expect(api.received).toEqual([]);
    expect((await target.check(noSignal())).map(({ ok }) => ok)).toEqual([true, true, true, false]);
  });

  it('a delivery ends when it is stopped, or the target is closed', async () => {
    const { target } = await start();
    expect(await target.deliver(sampleDelivery(), AbortSignal.abort())).toMatchObject({ kind: 'again' });
    await target.close();
    expect(await deliver(target)).toMatchObject({ kind: 'again' });
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { SPLUNK_HEC } from '../../src/formats/presets/splunk-hec.ts';
import { Secret } from '../../src/lib/secret.ts';
import { configSchema, create, type SplunkHecConfig } from '../../src/targets/splunk-hec.ts';
import type { Target } from '../../src/targets/target.ts';
import { assertLeaksNoSecret, describeTarget } from '../contract/target.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';
import { startSplunk } from './vendors/splunk-hec.ts';
import type { VendorReply } from './vendors/stand-in.ts';

const TOKEN = '7a3c0d52-1b9e-4f60-8c1d-hec-token';
const open: { close(): Promise<void> }[] = [];

async function start(changes: Partial<SplunkHecConfig> = {}, faults: VendorReply[] = []) {
  const vendor = await startSplunk(TOKEN, ['security'], faults);
  const config = { type: 'splunk-hec' as const, token: new Secret(TOKEN), url: new Secret(vendor.base), ...changes };
  const target = create(config, targetDeps({ preset: SPLUNK_HEC }));
  open.push(vendor, target);
  return { vendor, target };
}

const deliver = (target: Target) => target.deliver(sampleDelivery(), noSignal());
const deliverMany = async (target: Target, ids: readonly string[]) =>
  (await target.deliverMany?.(
    ids.map((id) => sampleDelivery(id)),
    noSignal(),
  )) ?? [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describeTarget({
  type: 'splunk-hec',
  configSchema,
  config: {
    type: 'splunk-hec',
    url: 'https://splunk.example:8088',
    token: TOKEN,
    index: 'security',
    sourcetype: 'x',
    batch: { max: 100, every: '2s' },
  },
  make: async () => {
    const { vendor, target } = await start();
    return {
      target,
      passTime: async () => undefined,
      received: async () => vendor.events.map(({ event }) => String(event.id)),
      stop: async () => undefined,
    };
  },
});

describe('alerts at the HTTP Event Collector', () => {
  it('are events with their time, host, index and source type, several in one request', async () => {
    const { vendor, target } = await start({ index: 'security' });
    const entities = [{ type: 'host' as const, name: 'pc1' }];
    await target.deliver(sampleDelivery('a'.repeat(32), { entities }), noSignal());
    await deliverMany(target, ['b', 'c']);
    expect(vendor.received).toHaveLength(2);
    expect(vendor.events.map(({ event }) => event.id)).toEqual(['a'.repeat(32), 'b', 'c']);
    expect(vendor.events[0]).toMatchObject({
      time: 1793869623.123,
      host: 'pc1',
      source: 'huntwire',
      sourcetype: 'huntwire:alert',
      index: 'security',
      fields: { alert_id: 'a'.repeat(32), severity: 'high', status: 'firing', rule_id: 'encoded-powershell' },
    });
    expect(vendor.events[1]).not.toHaveProperty('host');
  });

  it('go in requests that the collector takes, however large they are', async () => {
    const { vendor, target } = await start();
    const large = Array.from({ length: 8 }, (_, at) =>
      sampleDelivery(`a${at}`, { evidence: [{ A: '😀'.repeat(50_000) }, { A: 'x'.repeat(90_000) }] }),
    );
    const results = (await target.deliverMany?.(large, noSignal())) ?? [];
    expect(results.map(({ kind }) => kind)).toEqual(large.map(() => 'delivered'));
    expect(vendor.received.length).toBeGreaterThan(1);
  });

  it('are refused one by one where the collector names the one that it does not like', async () => {
    const bad = { status: 400, body: { text: 'Invalid data format', code: 6, 'invalid-event-number': 1 } };
    const { vendor, target } = await start({}, [bad]);
    const results = await deliverMany(target, ['a', 'b', 'c']);
    expect(results).toEqual([
      { kind: 'delivered' },
      expect.objectContaining({ kind: 'refused', reason: 'Splunk answered 400: Invalid data format' }),
      { kind: 'delivered' },
    ]);
    expect(vendor.events.map(({ event }) => event.id)).toEqual(['a', 'c']);
  });

  it('wait where the index is not one that the token may write to', async () => {
    const { target } = await start({ index: 'nowhere' });
    expect(await deliverMany(target, ['a', 'b'])).toEqual(
      Array(2).fill(
        expect.objectContaining({ kind: 'blocked', status: 400, reason: 'Splunk answered 400: Incorrect index' }),
      ),
    );
  });

  it.each([
    [429, {}, 'again'],
    [500, { code: 8, text: 'Internal server error' }, 'again'],
    [503, { code: 9, text: 'Server is busy' }, 'again'],
    [400, { code: 10, text: 'Data channel is missing' }, 'blocked'],
    [400, { code: 6, text: 'Invalid data format' }, 'refused'],
    [400, 'no JSON', 'refused'],
    [401, { code: 3, text: 'Invalid authorization' }, 'blocked'],
    [403, { code: 4, text: 'Invalid token' }, 'blocked'],
    [403, { code: 1, text: 'Token disabled' }, 'blocked'],
  ])('answered by %i %j are %s, and the token is shown nowhere', async (status, body, kind) => {
    const { target } = await start({}, [{ status, body: body instanceof Object ? { ...body, echo: TOKEN } : TOKEN }]);
    const result = await deliver(target);
    expect(result).toMatchObject({ kind, status, reason: expect.not.stringContaining('undefined') });
    assertLeaksNoSecret([result], [TOKEN]);
  });

  it('are blocked with a wrong token', async () => {
    const { target } = await start({ token: new Secret('another') });
    expect(await deliver(target)).toMatchObject({ kind: 'blocked', status: 403 });
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { OTLP } from '../../src/formats/presets/otlp.ts';
import { Secret } from '../../src/lib/secret.ts';
import { configSchema, create, type OtlpConfig } from '../../src/targets/otlp.ts';
import type { Target } from '../../src/targets/target.ts';
import { assertLeaksNoSecret, describeTarget } from '../contract/target.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';
import { startOtlp } from './vendors/otlp.ts';
import type { VendorReply } from './vendors/stand-in.ts';

const KEY = 'backend-key-41aa';
const open: { close(): Promise<void> }[] = [];

async function start(path = '', changes: Partial<OtlpConfig> = {}, rejects: string[] = [], faults: VendorReply[] = []) {
  const vendor = await startOtlp(rejects, faults);
  const headers = { 'X-Api-Key': new Secret(KEY) };
  const config = { type: 'otlp' as const, url: new Secret(`${vendor.base}${path}`), headers, ...changes };
  const target = create(config, targetDeps({ preset: OTLP }));
  open.push(vendor, target);
  return { vendor, target };
}

const deliverMany = async (target: Target, ids: readonly string[]) =>
  (await target.deliverMany?.(
    ids.map((id) => sampleDelivery(id)),
    noSignal(),
  )) ?? [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describeTarget({
  type: 'otlp',
  configSchema,
  config: { type: 'otlp', url: 'http://collector:4318', headers: { 'x-api-key': KEY }, severityMap: { high: 18 } },
  make: async () => {
    const { vendor, target } = await start();
    return {
      target,
      passTime: async () => undefined,
      received: async () => vendor.records.map(({ attributes }) => String(attributes['huntwire.alert.id'])),
      stop: async () => undefined,
    };
  },
});

describe('alerts at a collector', () => {
  it('are log records with their time to 100 ns, several in one request', async () => {
    const { vendor, target } = await start('', { severityMap: { low: 12, critical: 'bad' } });
    const entities = [{ type: 'host' as const, name: 'pc1' }];
    await target.deliver(sampleDelivery('a', { entities, severity: 'low' }), noSignal());
    await target.deliver(sampleDelivery('b', { severity: 'critical', lastSeen: '2026-11-05T09:07:03Z' }), noSignal());
    await deliverMany(target, ['c', 'd']);
    expect(vendor.received).toHaveLength(3);
    expect(vendor.received[0]?.headers['x-api-key']).toBe(KEY);
    expect(vendor.records[0]).toMatchObject({
      timeUnixNano: '1793869623123456700',
      severityNumber: 12,
      severityText: 'low',
      body: { stringValue: 'Encoded command on pc1' },
      attributes: { 'huntwire.alert.id': 'a', 'host.name': 'pc1', 'huntwire.alert.status': 'firing' },
    });
    expect(vendor.records[1]).toMatchObject({ timeUnixNano: '1793869623000000000', severityNumber: 21 });
  });

  it.each([
    ['0001-01-01T00:00:00Z', '0'],
    ['9999-12-31T23:59:59.9999999Z', '0'],
    ['2262-01-01T00:00:00.5Z', '9214646400500000000'],
  ])('last seen at %s have the time %s: what 64 bits cannot hold is not known', async (lastSeen, timeUnixNano) => {
    const { vendor, target } = await start();
    expect(await target.deliver(sampleDelivery('a', { lastSeen }), noSignal())).toEqual({ kind: 'delivered' });
    expect(vendor.records).toMatchObject([{ timeUnixNano, observedTimeUnixNano: '1793869623123456700' }]);
  });

  it.each(['', '/', '/v1/logs'])('go to the same page from the address with %j', async (path) => {
    const { target } = await start(path);
    expect(await target.deliver(sampleDelivery(), noSignal())).toEqual({ kind: 'delivered' });
  });

  it('that it rejects among others are found one by one', async () => {
    const { vendor, target } = await start('', {}, ['c']);
    const results = await deliverMany(target, ['a', 'b', 'c', 'd']);
    expect(results.map(({ kind }) => kind)).toEqual(['delivered', 'delivered', 'refused', 'delivered']);
    expect(results[2]).toMatchObject({ reason: 'the collector rejected the record: too odd' });
    expect(new Set(vendor.records.map(({ attributes }) => attributes['huntwire.alert.id']))).toEqual(
      new Set(['a', 'b', 'd']),
    );
  });

  it('are taken where it only warns', async () => {
    const warning = { status: 200, body: { partialSuccess: { rejectedLogRecords: '0', errorMessage: 'use gRPC' } } };
    const { target } = await start('', {}, [], [warning]);
    expect(await target.deliver(sampleDelivery(), noSignal())).toEqual({ kind: 'delivered' });
  });

  it.each([
    [429, 'again'],
    [502, 'again'],
    [503, 'again'],
    [504, 'again'],
    [400, 'refused'],
    [401, 'blocked'],
    [404, 'blocked'],
  ])('answered by %i are %s, and the key is shown nowhere', async (status, kind) => {
    const { target } = await start('', {}, [], [{ status, body: KEY }]);
    const result = await target.deliver(sampleDelivery(), noSignal());
    expect(result).toMatchObject({ kind, status });
    assertLeaksNoSecret([result], [KEY]);
  });
});

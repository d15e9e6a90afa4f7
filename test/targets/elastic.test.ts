import { afterEach, describe, expect, it } from '@jest/globals';
import { ELASTIC } from '../../src/formats/presets/elastic.ts';
import { Secret } from '../../src/lib/secret.ts';
import { configSchema, create, type ElasticConfig } from '../../src/targets/elastic.ts';
import type { Delivery, Target } from '../../src/targets/target.ts';
import { assertLeaksNoSecret, describeTarget } from '../contract/target.ts';
import { noSignal, sampleAlert, sampleDelivery, targetDeps } from './sample-alert.ts';
import { type ItemFaults, startElastic } from './vendors/elastic.ts';
import type { VendorReply } from './vendors/stand-in.ts';

const KEY = 'dHJ1c3RtZTphbkFwaUtleQ==';
const open: { close(): Promise<void> }[] = [];

async function start(changes: Partial<ElasticConfig> = {}, faults: VendorReply[] = [], items: ItemFaults = {}) {
  const vendor = await startElastic(KEY, faults, items);
  const config = { type: 'elastic' as const, apiKey: new Secret(KEY), url: new Secret(vendor.base), ...changes };
  const target = create(config, targetDeps({ preset: ELASTIC }));
  open.push(vendor, target);
  return { vendor, target };
}

const deliverMany = async (target: Target, deliveries: readonly Delivery[]) =>
  (await target.deliverMany?.(deliveries, noSignal())) ?? [];
const some = (...ids: readonly string[]) => ids.map((id) => sampleDelivery(id));

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describeTarget({
  type: 'elastic',
  configSchema,
  config: { type: 'elastic', url: 'https://es.example:9200', apiKey: KEY, index: 'logs-a.b-default' },
  make: async () => {
    const { vendor, target } = await start();
    return {
      target,
      passTime: async () => undefined,
      received: async () => [...vendor.documents.keys()],
      stop: async () => undefined,
    };
  },
});

describe('alerts in Elasticsearch', () => {
  it('are documents in the Elastic Common Schema, each message one of its own', async () => {
    const { vendor, target } = await start();
    const id = 'f'.repeat(32);
    const alert = sampleAlert({
      id,
      attack: [{ tactic: 'TA0002', technique: 'T1059.001' }],
      entities: [
        { type: 'host', name: 'PC1.contoso.example', id: 'd1' },
        { type: 'account', name: 'anna', domain: 'contoso', sid: 'S-1' },
      ],
    });
    const resolved = { ...alert, status: 'resolved' as const, revision: 1 };
    const results = await deliverMany(target, [
      { messageId: id, alert, receipt: null },
      { messageId: `${id}-1`, alert: resolved, receipt: null },
    ]);
    expect(results).toEqual([{ kind: 'delivered' }, { kind: 'delivered' }]);
    expect([...vendor.documents.keys()]).toEqual([id, `${id}-1`]);
    expect(vendor.documents.get(id)).toMatchObject({
      '@timestamp': '2026-11-05T09:07:03.123Z',
      message: alert.title,
      event: { kind: 'alert', id, severity: 8 },
      rule: { id: 'encoded-powershell' },
      host: { name: 'pc1.contoso.example', id: 'd1' },
      user: { name: 'anna' },
      threat: { tactic: { id: ['TA0002'] }, technique: { id: ['T1059'], subtechnique: { id: ['T1059.001'] } } },
    });
    expect(vendor.received[0]?.body).toContain('{"create":{"_index":"logs-huntwire.alerts-default"');
  });

  it('that come again are there already', async () => {
    const { vendor, target } = await start();
    await deliverMany(target, some('a'));
    expect(await deliverMany(target, some('a', 'b'))).toEqual([{ kind: 'delivered' }, { kind: 'delivered' }]);
    expect(vendor.documents.size).toBe(2);
  });

  it('have each their own result, though the answer is a 200', async () => {
    const fault = (status: number, type: string) => ({ status, error: { type, reason: `because of ${KEY}` } });
    const { target } = await start({}, [], {
      b: fault(429, 'es_rejected_execution_exception'),
      c: fault(503, 'unavailable_shards_exception'),
      d: fault(400, 'document_parsing_exception'),
      e: fault(403, 'security_exception'),
      f: fault(404, 'index_not_found_exception'),
    });
    const results = await deliverMany(target, some('a', 'b', 'c', 'd', 'e', 'f'));
    expect(results.map((one) => [one.kind, 'status' in one ? one.status : null])).toEqual([
      ['delivered', null],
      ['again', 429],
      ['again', 503],
      ['refused', 400],
      ['blocked', 403],
      ['blocked', 404],
    ]);
    assertLeaksNoSecret(results, [KEY]);
  });

  it.each([
    { type: 'index_closed_exception', reason: 'closed' },
    { type: 'invalid_index_name_exception', reason: 'Invalid index name [_x]' },
    { type: 'illegal_argument_exception', reason: 'no write index is defined for alias [x]' },
    { type: 'illegal_argument_exception', reason: 'pipeline with id [x] does not exist' },
  ])('wait where $type says of the index that $reason', async (error) => {
    const { target } = await start({}, [{ status: 400, body: { error, status: 400 } }], { a: { status: 400, error } });
    for (const _ of ['the whole request', 'the document'])
      expect(await target.deliver(sampleDelivery('a'), noSignal())).toMatchObject({ kind: 'blocked', status: 400 });
  });

  it.each([
    { name: 'was cut', body: '{"errors":false,"items":[{"create":{"status":201}},{"cre' },
    { name: 'names too few documents', body: { errors: false, items: [{ create: { status: 201 } }] } },
    { name: 'names none', body: {} },
    { name: 'says nothing of one', body: { items: [{}, {}] } },
  ])('come again where the answer $name', async ({ body }) => {
    const { target } = await start({}, [{ status: 200, body }]);
    expect((await deliverMany(target, some('a', 'b'))).map(({ kind }) => kind)).toEqual(['again', 'again']);
  });

  it.each([
    [429, 'again'],
    [502, 'again'],
    [401, 'blocked'],
    [413, 'refused'],
  ])('are all answered by a status of %i: %s', async (status, kind) => {
    const { target } = await start({}, [{ status, body: KEY }]);
    const result = await target.deliver(sampleDelivery(), noSignal());
    expect(result).toMatchObject({ kind, status });
    assertLeaksNoSecret([result], [KEY]);
  });

  it('take the two forms of an API key', async () => {
    const { target } = await start({ apiKey: new Secret('trustme:anApiKey') });
    expect(await target.deliver(sampleDelivery(), noSignal())).toEqual({ kind: 'delivered' });
    const other = await start({ apiKey: new Secret('trustme:another') });
    expect(await other.target.deliver(sampleDelivery(), noSignal())).toMatchObject({ kind: 'blocked', status: 401 });
  });

  it('hold a severity that is a number', async () => {
    const { vendor, target } = await start({ severityMap: { high: 'bad', low: 7 } });
    await deliverMany(target, [sampleDelivery('a'), sampleDelivery('b', { severity: 'low' })]);
    const events = [...vendor.documents.values()].map(({ event }) => event);
    expect(events).toMatchObject([{ severity: 8 }, { severity: 7 }]);
  });
});

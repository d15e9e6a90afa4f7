import { afterEach, describe, expect, it } from '@jest/globals';
import { LOGS_INGESTION } from '../../src/formats/presets/logs-ingestion.ts';
import { Secret } from '../../src/lib/secret.ts';
import { configSchema, create, type LogsIngestionConfig } from '../../src/targets/logs-ingestion.ts';
import { assertLeaksNoSecret, describeTarget } from '../contract/target.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';
import { startLogsIngestion } from './vendors/logs-ingestion.ts';
import type { VendorReply } from './vendors/stand-in.ts';
import { startTokens } from './vendors/token-endpoint.ts';

const SCOPE = 'https://monitor.azure.com//.default';
const CLIENT = { id: 'app-1', secret: 'client-secret-9d2e', scope: SCOPE };
const open: { close(): Promise<void> }[] = [];

async function start(changes: Partial<LogsIngestionConfig> = {}, faults: VendorReply[] = []) {
  const login = await startTokens(CLIENT);
  const vendor = await startLogsIngestion(login.tokens, faults);
  const oauth2 = {
    tokenUrl: `${login.base}/t/oauth2/v2.0/token`,
    clientId: CLIENT.id,
    clientSecret: new Secret(CLIENT.secret),
  };
  const rule = { ruleId: 'dcr-0123abcd', stream: 'Custom-Huntwire_CL', auth: { oauth2 } };
  const config = { type: 'logs-ingestion' as const, endpoint: vendor.base, ...rule, ...changes };
  const target = create(config, targetDeps({ preset: LOGS_INGESTION }));
  open.push(login, vendor, target);
  return { login, vendor, target };
}

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describeTarget({
  type: 'logs-ingestion',
  configSchema,
  config: {
    type: 'logs-ingestion',
    endpoint: 'https://x.ingest.monitor.azure.com',
    ruleId: 'dcr-0123abcd',
    stream: 'Custom-Huntwire_CL',
    auth: { oauth2: { tokenUrl: 'https://login.example/t', clientId: 'a', clientSecret: 'b', scope: 'c' } },
  },
  make: async () => {
    const { vendor, target } = await start();
    return {
      target,
      passTime: async () => undefined,
      received: async () => vendor.rows.map(({ AlertId }) => String(AlertId)),
      stop: async () => undefined,
    };
  },
});

describe('alerts in a table of Azure Monitor', () => {
  it('are rows with their time, several in one request, under a token of the scope of Azure Monitor', async () => {
    const { login, vendor, target } = await start();
    await target.deliverMany?.(
      [sampleDelivery('a'), sampleDelivery('b', { status: 'resolved', revision: 1 })],
      noSignal(),
    );
    expect([login.received.length, vendor.received.length]).toEqual([1, 1]);
    expect(vendor.rows).toMatchObject([
      { TimeGenerated: '2026-11-05T09:07:03.1234567Z', AlertId: 'a', Revision: 0, Status: 'firing', Severity: 'High' },
      { AlertId: 'b', Revision: 1, Status: 'resolved' },
    ]);
  });

  it('keep to 1 MB a request and 64 KB a field, however large they are', async () => {
    const { vendor, target } = await start();
    const text = '😀'.repeat(20_000);
    const large = Array.from({ length: 30 }, (_, at) =>
      sampleDelivery(`a${at}`, { title: text.slice(0, 512), description: text, evidence: [{ A: text }, { A: 'x' }] }),
    );
    const results = (await target.deliverMany?.(large, noSignal())) ?? [];
    expect(results.map(({ kind }) => kind)).toEqual(large.map(() => 'delivered'));
    expect(vendor.received.length).toBeGreaterThan(1);
    expect(vendor.rows).toHaveLength(30);
  });

  it('get a new token where theirs has been withdrawn', async () => {
    const { login, vendor, target } = await start();
    await target.deliver(sampleDelivery('a'), noSignal());
    login.tokens.push('another');
    expect(await target.deliver(sampleDelivery('b'), noSignal())).toEqual({ kind: 'delivered' });
    expect([login.received.length, vendor.rows.length]).toEqual([2, 2]);
  });

  it.each([
    [429, 'again'],
    [503, 'again'],
    [400, 'refused'],
    [413, 'refused'],
    [403, 'blocked'],
    [404, 'blocked'],
  ])('answered by %i are %s', async (status, kind) => {
    const { login, target } = await start({}, [{ status, body: CLIENT.secret, headers: { 'retry-after': '3' } }]);
    const result = await target.deliver(sampleDelivery(), noSignal());
    expect(result).toMatchObject({ kind, status, reason: `Azure Monitor answered ${status}` });
    assertLeaksNoSecret([result], [...login.tokens]);
  });

  it.each([
    { code: 'InvalidStream', message: 'The stream is not part of the rule.' },
    { code: 'BadRequest', message: 'Custom-Huntwire_CL is not known to the data collection rule.' },
  ])('wait where Azure Monitor does not know their stream ($code)', async (error) => {
    const { target } = await start({}, [{ status: 400, body: { error } }]);
    const results = (await target.deliverMany?.([sampleDelivery('a'), sampleDelivery('b')], noSignal())) ?? [];
    const reason = `Azure Monitor answered 400: it does not take the stream or the ruleId: ${error.code} ${error.message}`;
    expect(results).toMatchObject([
      { kind: 'blocked', reason },
      { kind: 'blocked', reason },
    ]);
  });

  it('go where `url` says, if it is given', async () => {
    const { vendor, target } = await start({ endpoint: 'http://127.0.0.1:1' });
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ kind: 'again' });
    const other = await start({ endpoint: 'http://127.0.0.1:1', url: new Secret(vendor.base) });
    expect((await other.target.check(noSignal()))[0]?.ok).toBe(true);
  });
});

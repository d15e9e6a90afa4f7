import { afterEach, describe, expect, it } from '@jest/globals';
import { PRESETS } from '../../../src/formats/presets/registry.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { TARGETS } from '../../../src/targets/registry.ts';
import { noSignal, sampleDelivery, targetDeps } from '../sample-alert.ts';
import { startVendor, type VendorReply } from './stand-in.ts';

const SECRET = new Secret('s3cret-s3cret-s3cret-s3cret-0123');
const open: { close(): Promise<void> }[] = [];

const SETTINGS: Readonly<Record<string, (url: string) => Readonly<Record<string, unknown>>>> = {
  pagerduty: () => ({ routingKey: SECRET }),
  slack: () => ({}),
  teams: () => ({}),
  'splunk-hec': () => ({ token: SECRET }),
  elastic: () => ({ apiKey: SECRET }),
  otlp: () => ({}),
  alertmanager: () => ({}),
  'logs-ingestion': (url) => ({
    endpoint: url,
    ruleId: 'dcr-0123',
    stream: 'Custom-Huntwire_CL',
    auth: { oauth2: { tokenUrl: `${url}/token`, clientId: 'c', clientSecret: SECRET } },
  }),
  jira: () => ({ project: 'SEC', auth: { bearer: SECRET } }),
  servicenow: () => ({ auth: { bearer: SECRET } }),
  thehive: () => ({ apiKey: SECRET }),
  xsoar: () => ({ apiKey: SECRET }),
};

/** What becomes of an alert to which a vendor answers this. */
async function resultOf(type: string, reply: VendorReply) {
  const token = { status: 200, body: { access_token: 'abc', expires_in: 3600 } };
  const vendor = await startVendor(({ path }) => (path === '/token' ? token : reply));
  const config = { type, url: new Secret(`${vendor.base}/x`), ...SETTINGS[type]?.(vendor.base) };
  const target = TARGETS.get(type)?.create(config, targetDeps({ preset: PRESETS.get(type) ?? null }));
  open.push(vendor, ...(target ? [target] : []));
  return target?.deliver(sampleDelivery(), noSignal());
}

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describe('a 2xx that says that nothing was taken', () => {
  it.each(Object.keys(SETTINGS))('is none where a page of something else answers for %s', async (type) => {
    const body = '<!DOCTYPE html>\n<html><title>Sign in</title></html>';
    expect(await resultOf(type, { status: 200, body })).toMatchObject({ kind: 'again' });
  });

  const TOLD: readonly (readonly [type: string, body: unknown, kind: string])[] = [
    ['pagerduty', { status: 'invalid event', errors: ['no'] }, 'again'],
    ['pagerduty', { error: 'try later' }, 'again'],
    ['slack', { ok: false, error: 'invalid_payload' }, 'again'],
    [
      'teams',
      'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with',
      'again',
    ],
    [
      'teams',
      'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with',
      'refused',
    ],
    ['teams', { error: { code: 'NoResponse' } }, 'again'],
    ['splunk-hec', { text: 'Server is busy', code: 9 }, 'again'],
    ['splunk-hec', { text: 'Invalid token', code: 4 }, 'blocked'],
    ['otlp', { code: 14, message: 'unavailable' }, 'again'],
    ['otlp', { partial_success: { rejected_log_records: 1 } }, 'refused'],
    ['alertmanager', { status: 'error', error: 'bad data' }, 'again'],
    ['logs-ingestion', { error: { code: 'TooMany', message: 'wait' } }, 'again'],
    ['logs-ingestion', { error: { code: 'InvalidStream' } }, 'blocked'],
    ['elastic', { error: { type: 'x' }, status: 503 }, 'again'],
  ];
  it.each(TOLD)('is none of %s with %j: %s', async (type, body, kind) => {
    expect(await resultOf(type, { status: 200, body })).toMatchObject({ kind });
  });

  const TAKEN: readonly (readonly [type: string, body: unknown])[] = [
    ['pagerduty', { status: 'success', message: 'Event processed', dedup_key: 'x' }],
    ['pagerduty', ''],
    ['teams', ''],
    ['splunk-hec', { text: 'Success', code: 0, ackId: 1 }],
    ['otlp', { partialSuccess: { rejectedLogRecords: '0', errorMessage: 'deprecated' } }],
    ['otlp', ''],
    ['alertmanager', { status: 'success' }],
    ['logs-ingestion', ''],
  ];
  it.each(TAKEN)('is one of %s with %j', async (type, body) => {
    expect(await resultOf(type, { status: 202, body })).toMatchObject({ kind: 'delivered' });
  });
});

import type { Secret } from '../lib/secret.ts';
import { blocked } from './delivery-result.ts';
import type { DeliveryResult, Target, TargetDeps } from './target.ts';
import { secretSchema, vendorSchema } from './vendor-schema.ts';
import { createVendorTarget, type VendorAnswer, type VendorSettings } from './vendor-target.ts';
import { requestUrl } from './webhook/request-url.ts';

export interface PagerdutyConfig extends VendorSettings {
  readonly type: 'pagerduty';
  readonly routingKey: Secret;
  readonly region?: 'us' | 'eu';
}

const HOSTS = { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' };
/** A key may send about 120 events a minute. */
const RATE_PER_SECOND = 2;

export const name = 'pagerduty';
export const configSchema = vendorSchema({
  type: name,
  description: 'Opens, updates and resolves incidents through the Events API v2 of PagerDuty.',
  required: ['routingKey'],
  url: 'that of the region',
  ratePerSecond: RATE_PER_SECOND,
  severity: { enum: ['critical', 'error', 'warning', 'info'] },
  properties: {
    routingKey: secretSchema('The integration key of a service that has the integration "Events API V2".'),
    region: { enum: ['us', 'eu'], default: 'us', description: 'Where the account is served from.' },
  },
});

/** One event an alert (developer.pagerduty.com, Events API v2); 202 is delivered. */
export function create(config: PagerdutyConfig, deps: TargetDeps): Target {
  const material = () => {
    const routingKey = config.routingKey.reveal();
    const url = requestUrl(config.url?.reveal() ?? HOSTS[config.region ?? 'us'], `targets.${deps.name}`);
    return { url, headers: { 'user-agent': `huntwire/${deps.version}` }, secrets: [routingKey], routingKey };
  };
  return createVendorTarget({
    title: 'PagerDuty',
    config,
    deps,
    material,
    traits: { ratePerSecond: RATE_PER_SECOND },
    deliver: async ({ material: { routingKey }, body, send }, { alert }, signal) => {
      const event = { routing_key: routingKey, ...body('event', alert) };
      return read(await send({ path: '/v2/enqueue', body: event }, signal));
    },
  });
}

/** A 400 that is about the key is about every alert: they wait until it is mended. */
function read({ result, answer }: VendorAnswer): DeliveryResult {
  if (result.kind !== 'refused' || answer?.status !== 400 || !/routing[ _]key/i.test(answer.text)) return result;
  return blocked('PagerDuty answered 400: it does not know the routingKey', { status: 400, retryAfterMs: null });
}

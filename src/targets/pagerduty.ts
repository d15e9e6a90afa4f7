import type { Secret } from '../lib/secret.ts';
import { again } from './delivery-result.ts';
import type { Target, TargetDeps } from './target.ts';
import { jsonOf, objectOf, textIn } from './tickets/answer-json.ts';
import { secretSchema, vendorSchema } from './vendor-schema.ts';
import { createVendorTarget, type VendorSettings } from './vendor-target.ts';
import type { Denial } from './webhook/denial.ts';
import { requestUrl } from './webhook/request-url.ts';

export interface PagerdutyConfig extends VendorSettings {
  readonly type: 'pagerduty';
  readonly routingKey: Secret;
  readonly region?: 'us' | 'eu';
}

const HOSTS = { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' };
/** A key may send about 120 events a minute. */
const RATE_PER_SECOND = 2;
const ABOUT_KEY = /routing[ _]key/i;

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
    complaint: ({ text }) => (ABOUT_KEY.test(text) ? 'does not know the routingKey' : null),
    denial,
    deliver: async ({ material: { routingKey }, body, send }, { alert }, signal) => {
      const event = { routing_key: routingKey, ...body('event', alert) };
      return (await send({ path: '/v2/enqueue', body: event }, signal)).result;
    },
  });
}

const denial: Denial = (answer, shown) => {
  const status = textIn(objectOf(jsonOf(answer)).status);
  if (status === null || status === 'success') return null;
  return again(`PagerDuty answered ${answer.status} and "${shown(status)}"`, {
    status: answer.status,
    retryAfterMs: null,
  });
};

import type { Secret } from '../lib/secret.ts';
import type { Target, TargetDeps } from './target.ts';
import { createThehiveDesk } from './tickets/thehive-desk.ts';
import { deliverTicket } from './tickets/ticket-flow.ts';
import { numberSchema, secretSchema, vendorSchema } from './vendor-schema.ts';
import { createVendorTarget, type VendorSettings } from './vendor-target.ts';
import { keyedMaterial } from './webhook/keyed-material.ts';

export interface ThehiveConfig extends VendorSettings {
  readonly type: 'thehive';
  readonly url: NonNullable<VendorSettings['url']>;
  readonly apiKey: Secret;
}

export const name = 'thehive';
export const configSchema = vendorSchema({
  type: name,
  description: 'Raises every alert once in TheHive 5, changes it and closes it.',
  required: ['apiKey'],
  url: null,
  severity: numberSchema([1, 2, 3, 4]),
  properties: { apiKey: secretSchema('The API key of a user that may manage alerts.') },
});

/** One alert of theirs for one of ours (TheHive 5, API v1). */
export function create(config: ThehiveConfig, deps: TargetDeps): Target {
  const { url, apiKey: key } = config;
  const material = () =>
    keyedMaterial({ url, key, setting: 'apiKey' }, deps, (apiKey) => ({
      value: `Bearer ${apiKey}`,
      secrets: [apiKey],
    }));
  return createVendorTarget({
    title: 'TheHive',
    config,
    deps,
    material,
    deliver: (talk, delivery, signal) => deliverTicket(createThehiveDesk(talk, delivery.alert, signal), delivery),
  });
}

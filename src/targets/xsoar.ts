import type { Secret } from '../lib/secret.ts';
import type { Target, TargetDeps } from './target.ts';
import { deliverTicket } from './tickets/ticket-flow.ts';
import { createXsoarDesk } from './tickets/xsoar-desk.ts';
import { numberSchema, secretSchema, vendorSchema } from './vendor-schema.ts';
import { createVendorTarget, type VendorSettings } from './vendor-target.ts';
import { headerValue } from './webhook/request-auth.ts';
import { requestUrl } from './webhook/request-url.ts';

export interface XsoarConfig extends VendorSettings {
  readonly type: 'xsoar';
  readonly url: NonNullable<VendorSettings['url']>;
  readonly keyId?: string | number;
  readonly apiKey: Secret;
}

/** Where version 8 has its API; version 6 has it at its root. */
const PREFIX = '/xsoar/public/v1';

export const name = 'xsoar';
export const configSchema = vendorSchema({
  type: name,
  description: 'Creates one incident for each alert in Cortex XSOAR 8 or 6, adds to its war room and closes it.',
  required: ['apiKey'],
  url: null,
  severity: numberSchema([0, 0.5, 1, 2, 3, 4]),
  properties: {
    keyId: {
      anyOf: [{ type: 'string', minLength: 1 }, { type: 'integer' }],
      description: 'The ID of the API key, for version 8; without it version 6 is spoken.',
    },
    apiKey: secretSchema('The API key; in version 8 one with the security level "Standard".'),
  },
});

/** One incident an alert. A key with an ID is one of version 8. */
export function create(config: XsoarConfig, deps: TargetDeps): Target {
  const where = `targets.${deps.name}`;
  const { keyId } = config;
  const material = () => {
    const apiKey = headerValue(config.apiKey.reveal(), `${where}.apiKey`);
    const headers = {
      'user-agent': `huntwire/${deps.version}`,
      accept: 'application/json',
      authorization: apiKey,
      ...(keyId !== undefined && { 'x-xdr-auth-id': headerValue(String(keyId), `${where}.keyId`) }),
    };
    return { url: requestUrl(config.url.reveal(), where), headers, secrets: [apiKey] };
  };
  const prefix = keyId === undefined ? '' : PREFIX;
  return createVendorTarget({
    title: 'XSOAR',
    config,
    deps,
    material,
    deliver: (talk, delivery, signal) =>
      deliverTicket(createXsoarDesk({ talk, prefix, alert: delivery.alert, signal }), delivery),
  });
}

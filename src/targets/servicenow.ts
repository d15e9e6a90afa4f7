import type { Target, TargetDeps } from './target.ts';
import { jsonOf, objectOf, textIn } from './tickets/answer-json.ts';
import { createServicenowDesk } from './tickets/servicenow-desk.ts';
import { deliverTicket } from './tickets/ticket-flow.ts';
import { numberSchema, vendorSchema } from './vendor-schema.ts';
import { createVendorTarget, type VendorSettings } from './vendor-target.ts';
import { authorizationOf, type RequestAuth, requestAuthSchema } from './webhook/request-auth.ts';
import { requestUrl } from './webhook/request-url.ts';
import type { HttpAnswer } from './webhook/webhook-exchange.ts';

export interface ServicenowConfig extends VendorSettings {
  readonly type: 'servicenow';
  readonly url: NonNullable<VendorSettings['url']>;
  readonly table?: string;
  readonly auth: RequestAuth;
  readonly resolveState?: string | number;
}

export const name = 'servicenow';
export const configSchema = vendorSchema({
  type: name,
  description: 'Creates one record for each alert in a table of ServiceNow, adds work notes and resolves it.',
  required: ['auth'],
  url: null,
  severity: numberSchema([1, 2, 3, 4, 5]),
  properties: {
    table: {
      type: 'string',
      pattern: '^[a-z][a-z0-9_]*$',
      'x-hint': 'write the name of the table, as incident or sn_si_incident',
      default: 'incident',
      description: 'The table, by its name. It needs the field `correlation_id`.',
    },
    auth: requestAuthSchema,
    resolveState: {
      anyOf: [{ type: 'string', minLength: 1 }, { type: 'integer' }],
      default: 6,
      description: 'The value of `state` that a resolve sets; of an incident 6 is Resolved, 7 is Closed.',
    },
  },
});

/** One record an alert through the Table API. */
export function create(config: ServicenowConfig, deps: TargetDeps): Target {
  const where = `targets.${deps.name}`;
  const table = config.table ?? 'incident';
  const material = () => {
    const url = requestUrl(config.url.reveal(), where);
    const authorization = authorizationOf(config.auth, where);
    const headers = {
      'user-agent': `huntwire/${deps.version}`,
      accept: 'application/json',
      ...(authorization && { authorization: authorization.value }),
    };
    return { url, headers, secrets: authorization?.secrets ?? [] };
  };
  return createVendorTarget({
    title: 'ServiceNow',
    config,
    deps,
    material,
    complaint,
    deliver: (talk, delivery, signal) =>
      deliverTicket(createServicenowDesk({ talk, table, alert: delivery.alert, signal }), delivery),
  });
}

/** Whatever is asked of a table that is none. */
function complaint(answer: HttpAnswer): string | null {
  const said = textIn(objectOf(objectOf(jsonOf(answer)).error).message) ?? '';
  return /invalid table/i.test(said) ? `refuses the table: ${said}` : null;
}

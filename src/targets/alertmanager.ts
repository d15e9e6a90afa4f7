import type { JsonObject } from '../formats/presets/preset.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, parseDuration, SECOND_MS } from '../lib/duration.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { Secret } from '../lib/secret.ts';
import type { PartOutcome } from './batch/send-in-parts.ts';
import { durationSchema } from './shared-schema.ts';
import type { Delivery, Target, TargetDeps } from './target.ts';
import { objectOf } from './tickets/answer-json.ts';
import { vendorSchema } from './vendor-schema.ts';
import { createVendorTarget, type VendorSettings } from './vendor-target.ts';
import { authorizationOf, type RequestAuth, requestAuthSchema } from './webhook/request-auth.ts';
import { requestUrl } from './webhook/request-url.ts';

export interface AlertmanagerConfig extends VendorSettings {
  readonly type: 'alertmanager';
  readonly url: Secret;
  readonly auth?: RequestAuth;
  readonly resendEvery?: string;
}

const PATH = '/api/v2/alerts';
const REQUEST_BYTES = 1_000_000;
const COMMA = 1;
const DEFAULT_RESEND = '1m';
/** An alert that nothing resolves is told of for so long. */
const FIRES_FOR_MS = DAY_MS;
/** Behind the last time that it was sent, an alert stays for this long at least: a restart of ours shall resolve nothing. */
const LEAST_HOLD_MS = HOUR_MS;
const RESENDS_HELD = 4;

export const name = 'alertmanager';
export const configSchema = vendorSchema({
  type: name,
  description: 'Raises alerts in the Alertmanager of Prometheus, keeps them firing, and resolves them.',
  required: [],
  url: null,
  batch: true,
  properties: {
    auth: requestAuthSchema,
    resendEvery: {
      ...durationSchema,
      default: DEFAULT_RESEND,
      description: 'How often alerts that fire are sent again; 10s to 1h.',
    },
  },
});

/** Alertmanager keeps alerts in memory and knows them by their labels: what fires is sent again, so that one that was started anew knows it. */
export function create(config: AlertmanagerConfig, deps: TargetDeps): Target {
  const where = `targets.${deps.name}`;
  const everyMs = resendOf(config, where);
  const holdMs = Math.max(LEAST_HOLD_MS, RESENDS_HELD * everyMs);
  const material = () => {
    const authorization = authorizationOf(config.auth ?? {}, where);
    const headers = {
      'user-agent': `huntwire/${deps.version}`,
      ...(authorization && { authorization: authorization.value }),
    };
    return { url: requestUrl(config.url.reveal(), where), headers, secrets: authorization?.secrets ?? [] };
  };
  return createVendorTarget({
    title: 'Alertmanager',
    config,
    deps,
    material,
    traits: { resend: { everyMs, forMs: FIRES_FOR_MS } },
    limits: { maxBytes: REQUEST_BYTES, extraBytes: COMMA },
    write: ({ body }, delivery) => writtenOf(body('alert', delivery.alert), delivery, deps.clock.now(), holdMs),
    sendPart: async ({ body, send }, parcels, signal): Promise<PartOutcome> => {
      const alerts = parcels.map(({ text }) => text).join(',');
      const { result } = await send({ path: PATH, body: `[${alerts}]` }, signal);
      if (result.kind !== 'delivered') return result;
      return parcels.map(({ delivery }) => ({
        kind: 'delivered',
        receipt: severityOf(body('alert', delivery.alert)),
      }));
    },
  });
}

/** The alert with its end; a heartbeat names its own. Its severity is a label: where that has changed since the last message, the alert under the old one is ended. */
function writtenOf(
  alert: JsonObject,
  { alert: { status, time, health, details }, receipt }: Delivery,
  now: number,
  holdMs: number,
): string {
  const expires = health?.code === 'heartbeat' ? String(details.expires) : null;
  const isFiring = status === 'firing';
  const over = new Date(Math.max(Date.parse(String(alert.startsAt)), Math.min(now, Date.parse(time)))).toISOString();
  const current = { ...alert, endsAt: isFiring ? (expires ?? new Date(now + holdMs).toISOString()) : over };
  if (receipt === null || receipt === severityOf(alert)) return JSON.stringify(current);
  const before = { ...alert, labels: { ...objectOf(alert.labels), severity: receipt }, endsAt: over };
  return `${JSON.stringify(before)},${JSON.stringify(current)}`;
}

function severityOf(alert: JsonObject): string {
  return String(objectOf(alert.labels).severity);
}

function resendOf({ resendEvery = DEFAULT_RESEND }: AlertmanagerConfig, where: string): number {
  const everyMs = parseDuration(resendEvery);
  if (everyMs === null || everyMs < 10 * SECOND_MS || everyMs > 60 * MINUTE_MS)
    throw new HuntwireError('CONFIG_INVALID', `${where}.resendEvery: write a duration from 10s to 1h.`);
  return everyMs;
}

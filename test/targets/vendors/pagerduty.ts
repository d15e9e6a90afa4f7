import type { Received } from '../http-receiver.ts';
import { objectIn, startVendor, type VendorReply, type VendorStandIn } from './stand-in.ts';

const ACTIONS = ['trigger', 'acknowledge', 'resolve'];
const SEVERITIES = ['critical', 'error', 'warning', 'info'];
const MAX_BYTES = 512 * 1024;

/** An incident as the stand-in has it. */
export interface Incident {
  readonly dedupKey: string;
  readonly isOpen: boolean;
  readonly summaries: readonly string[];
}

export interface PagerdutyStandIn extends VendorStandIn {
  readonly incidents: ReadonlyMap<string, Incident>;
}

/** The rules of the Events API v2 as its pages give them: one key, known actions, caps, one open incident a `dedup_key`. */
export async function startPagerduty(routingKey: string, faults: VendorReply[] = []): Promise<PagerdutyStandIn> {
  const incidents = new Map<string, Incident>();
  const reply = (request: Received): VendorReply => {
    const errors = errorsOf(request, routingKey);
    if (errors.length > 0)
      return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors } };
    take(incidents, objectIn(request) ?? {});
    return { status: 202, body: { status: 'success', message: 'Event processed' } };
  };
  return { ...(await startVendor(reply, faults)), incidents };
}

function errorsOf(request: Received, routingKey: string): readonly string[] {
  if (request.path !== '/v2/enqueue' || request.method !== 'POST') return ['no such page'];
  if (Buffer.byteLength(request.body) > MAX_BYTES) return ['the event is larger than 512 KB'];
  const event = objectIn(request);
  if (!event) return ['the event is no object'];
  const errors: string[] = [];
  if (event.routing_key !== routingKey) errors.push("'routing_key' is invalid");
  if (!ACTIONS.includes(String(event.event_action))) errors.push("'event_action' is invalid");
  if (typeof event.dedup_key !== 'string' || event.dedup_key.length > 255) errors.push("'dedup_key' is invalid");
  if (event.event_action === 'trigger') errors.push(...payloadErrors(event.payload));
  return errors;
}

function payloadErrors(payload: unknown): readonly string[] {
  if (typeof payload !== 'object' || payload === null) return ["'payload' is missing"];
  const { summary, source, severity, timestamp } = payload as Readonly<Record<string, unknown>>;
  const errors: string[] = [];
  if (typeof summary !== 'string' || summary === '' || summary.length > 1024) errors.push("'summary' is invalid");
  if (typeof source !== 'string' || source === '') errors.push("'source' is missing or blank");
  if (!SEVERITIES.includes(String(severity))) errors.push("'severity' is invalid");
  if (Number.isNaN(Date.parse(String(timestamp)))) errors.push("'timestamp' is invalid");
  return errors;
}

function take(incidents: Map<string, Incident>, event: Readonly<Record<string, unknown>>): void {
  const key = String(event.dedup_key);
  const now = incidents.get(key) ?? { dedupKey: key, isOpen: false, summaries: [] };
  if (event.event_action === 'resolve') incidents.set(key, { ...now, isOpen: false });
  else {
    const { summary } = event.payload as { readonly summary: string };
    incidents.set(key, { ...now, isOpen: true, summaries: [...now.summaries, summary] });
  }
}

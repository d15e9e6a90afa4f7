import type { Received } from '../http-receiver.ts';
import { startVendor, type VendorReply, type VendorStandIn } from './stand-in.ts';

export interface AlertmanagerAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

export interface AlertmanagerStandIn extends VendorStandIn {
  /** By their labels. */
  readonly alerts: Map<string, AlertmanagerAlert>;
  /** Severity and alert id of what fires now. */
  firing(now: number): readonly string[];
}

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The API v2: an array, labels by their grammar, an end that is not before the start; the same labels are the same alert. */
export async function startAlertmanager(faults: VendorReply[] = []): Promise<AlertmanagerStandIn> {
  const alerts = new Map<string, AlertmanagerAlert>();
  const reply = (request: Received): VendorReply => {
    if (request.path !== '/api/v2/alerts' || request.method !== 'POST') return { status: 404 };
    if (request.headers['content-type'] !== 'application/json') return { status: 415 };
    const sent = JSON.parse(request.body) as readonly AlertmanagerAlert[];
    if (!Array.isArray(sent)) return { status: 422, body: 'no array' };
    for (const one of sent.filter(isValid)) alerts.set(keyOf(one), one);
    return sent.every(isValid) ? { status: 200 } : { status: 400, body: 'invalid label set' };
  };
  const firing = (now: number): readonly string[] =>
    [...alerts.values()]
      .filter(({ endsAt }) => Date.parse(endsAt) > now)
      .map(({ labels }) => `${labels.severity} ${labels.alert_id}`);
  return { ...(await startVendor(reply, faults)), alerts, firing };
}

function isValid({ labels, annotations, startsAt, endsAt }: AlertmanagerAlert): boolean {
  const names = Object.keys(labels);
  const texts = [...Object.values(labels), ...Object.values(annotations)];
  return (
    names.length > 0 &&
    [...names, ...Object.keys(annotations)].every((name) => LABEL.test(name)) &&
    texts.every((text) => typeof text === 'string' && text !== '') &&
    Date.parse(endsAt) >= Date.parse(startsAt)
  );
}

function keyOf({ labels }: AlertmanagerAlert): string {
  return JSON.stringify(Object.entries(labels).sort());
}

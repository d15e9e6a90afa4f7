import type { Received } from '../http-receiver.ts';
import { type Fault, objectIn, startVendor, type VendorReply } from './stand-in.ts';
import type { StandInTicket, TicketStandIn } from './tickets.ts';

type Json = Readonly<Record<string, unknown>>;

interface HiveAlert extends StandInTicket {
  readonly stage: string;
}

/** Types of observables that TheHive has from the start. */
const DATA_TYPES =
  'autonomous-system domain file filename fqdn hash hostname ip mail mail-subject other regexp registry uri_path url user-agent'.split(
    ' ',
  );
const STATUSES: Readonly<Record<string, string>> = {
  New: 'New',
  Updated: 'New',
  Ignored: 'Closed',
  Imported: 'Imported',
};
const REFERENCE = ['type', 'source', 'sourceRef'];

export interface ThehiveRules {
  /** How many searches show nothing of what is there. */
  blind?: number;
}

/** Alerts of TheHive 5 as its API v1 says: type, source and sourceRef are there once, a second create is a CreateError. */
export async function startThehive(
  apiKey: string,
  faults: Fault[] = [],
  rules: ThehiveRules = {},
): Promise<TicketStandIn> {
  const alerts = new Map<string, HiveAlert>();
  const vendor = await startVendor((request) => {
    if (request.headers.authorization !== `Bearer ${apiKey}`) return no(401, 'AuthenticationError');
    return replyOf(request, alerts, rules);
  }, faults);
  return {
    ...vendor,
    tickets: () => [...alerts.values()],
    close: (key) => {
      const alert = alerts.get(key);
      if (alert) alerts.set(key, { ...alert, stage: 'Imported', isOpen: false });
    },
    remove: (key) => alerts.delete(key),
    stop: vendor.close,
  };
}

function replyOf(request: Received, alerts: Map<string, HiveAlert>, rules: ThehiveRules): VendorReply {
  const document = objectIn(request) ?? {};
  const call = `${request.method} ${request.path}`;
  if (call === 'POST /api/v1/query?name=alerts') return found(document, alerts, rules);
  if (call === 'POST /api/v1/alert') return created(document, alerts);
  const [, id = ''] = /^(?:GET|PATCH) \/api\/v1\/alert\/([^/]+)$/.exec(call) ?? [];
  const alert = alerts.get(decodeURIComponent(id));
  if (id === '') return { status: 404, body: 'no such route' };
  if (!alert) return no(404, 'NotFoundError');
  if (request.method === 'GET') return { status: 200, body: { _id: alert.key, stage: alert.stage } };
  return changed(document, alert, alerts);
}

function found({ query }: Json, alerts: ReadonlyMap<string, HiveAlert>, rules: ThehiveRules): VendorReply {
  const [list, filter, page] = query as Json[];
  const wanted = (filter?._and as { _field: string; _value: unknown }[] | undefined) ?? [];
  if (list?._name !== 'listAlert' || filter?._name !== 'filter' || page?._name !== 'page') return no(400, 'BadRequest');
  const hits = [...alerts.values()].filter(({ document }) =>
    wanted.every(({ _field, _value }) => document[_field] === _value),
  );
  const isBlind = hits.length > 0 && (rules.blind ?? 0) > 0;
  if (isBlind) rules.blind = (rules.blind ?? 0) - 1;
  return { status: 200, body: isBlind ? [] : hits.map(({ key }) => ({ _id: key })) };
}

function created(document: Json, alerts: Map<string, HiveAlert>): VendorReply {
  if (wrongWith(document)) return no(400, 'BadRequest');
  const isThere = [...alerts.values()].some((alert) =>
    REFERENCE.every((field) => alert.document[field] === document[field]),
  );
  if (isThere) return { status: 400, body: { type: 'CreateError', message: 'Alert already exist in organisation' } };
  const key = `~${4096 + alerts.size}`;
  alerts.set(key, { key, alertId: String(document.sourceRef), isOpen: true, notes: [], document, stage: 'New' });
  return { status: 201, body: { _id: key, stage: 'New' } };
}

function changed(document: Json, alert: HiveAlert, alerts: Map<string, HiveAlert>): VendorReply {
  const { status } = document;
  const stage = status === undefined ? alert.stage : STATUSES[String(status)];
  if (stage === undefined || (document.title !== undefined && wrongWith({ ...alert.document, ...document })))
    return no(400, 'BadRequest');
  const isOpen = !['Closed', 'Imported'].includes(stage);
  alerts.set(alert.key, { ...alert, stage, isOpen, document: { ...alert.document, ...document } });
  return { status: 204 };
}

function wrongWith({ title, description, severity, date, tags, sourceRef, observables = [] }: Json): boolean {
  const texts = [title, description, sourceRef].every((text) => typeof text === 'string' && text !== '');
  const seen = (observables as Json[]).map(({ dataType, data }) => `${dataType} ${data}`);
  const fine = (observables as Json[]).every(
    ({ dataType, data }) => DATA_TYPES.includes(String(dataType)) && data !== '' && data !== 'odd',
  );
  const tagged = Array.isArray(tags) && tags.every((tag) => typeof tag === 'string' && tag !== '' && tag.length <= 128);
  const short = String(title).length <= 512 && String(sourceRef).length <= 128;
  return !(
    texts &&
    short &&
    fine &&
    tagged &&
    new Set(seen).size === seen.length &&
    [1, 2, 3, 4].includes(Number(severity)) &&
    Number.isInteger(date)
  );
}

function no(status: number, type: string): VendorReply {
  return { status, body: { type, message: 'no' } };
}

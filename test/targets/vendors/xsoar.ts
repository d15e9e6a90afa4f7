import type { Received } from '../http-receiver.ts';
import { type Fault, objectIn, startVendor, type VendorReply } from './stand-in.ts';
import type { StandInTicket, TicketStandIn } from './tickets.ts';

type Json = Readonly<Record<string, unknown>>;

export interface XsoarRules {
  readonly version: 6 | 8;
  readonly apiKey: string;
  /** Whether the field for ids of other systems is kept. */
  readonly mirrors?: boolean;
}

interface XsoarEntry extends StandInTicket {
  readonly status: number;
}

/** Cortex XSOAR as its API says: version 8 below a path and with the key's id, nothing keeps two apart, a search without a size is empty. */
export async function startXsoar(rules: XsoarRules, faults: Fault[] = []): Promise<TicketStandIn> {
  const entries = new Map<string, XsoarEntry>();
  const vendor = await startVendor((request) => replyOf(request, entries, rules), faults);
  return {
    ...vendor,
    tickets: () => [...entries.values()],
    close: (key) => {
      const entry = entries.get(key);
      if (entry) entries.set(key, { ...entry, status: 2, isOpen: false });
    },
    remove: (key) => entries.delete(key),
    stop: vendor.close,
  };
}

function replyOf(request: Received, entries: Map<string, XsoarEntry>, rules: XsoarRules): VendorReply {
  const { version, apiKey } = rules;
  const { headers, path, method } = request;
  if (headers.authorization !== apiKey || (version === 8) !== (headers['x-xdr-auth-id'] === '7')) return no(401);
  const prefix = version === 8 ? '/xsoar/public/v1' : '';
  if (method !== 'POST' || !path.startsWith(`${prefix}/`)) return no(404);
  const document = objectIn(request) ?? {};
  const call = path.slice(prefix.length);
  if (call === '/incidents/search') return found(document, entries, rules);
  if (call === '/incident') return created(document, entries);
  if (call === '/entry') return noted(document, entries);
  return call === '/incident/batchClose' ? closed(document, entries) : no(404);
}

function found({ filter }: Json, entries: ReadonlyMap<string, XsoarEntry>, { mirrors }: XsoarRules): VendorReply {
  const { query, id, size = 0 } = (filter ?? {}) as Json;
  const [, field, text] = /^dbotMirrorId:"(\w+)" or "(\w+)"$/.exec(String(query)) ?? [];
  const hits = [...entries.values()].filter((entry) => {
    if (Array.isArray(id)) return id.includes(entry.key);
    const isMirror = mirrors !== false && entry.document.dbotMirrorId === field;
    return isMirror || JSON.stringify(entry.document).includes(String(text));
  });
  const data = hits.slice(0, Number(size)).map(({ key, status, document: { labels, dbotMirrorId } }) => ({
    id: key,
    status,
    labels,
    ...(mirrors !== false && { dbotMirrorId }),
  }));
  return { status: 200, body: { total: hits.length, data: data.length === 0 ? null : data } };
}

function created(document: Json, entries: Map<string, XsoarEntry>): VendorReply {
  const { name, severity, occurred, details, dbotMirrorId, rawJSON, createInvestigation } = document;
  const fine =
    typeof name === 'string' &&
    name !== '' &&
    [0, 0.5, 1, 2, 3, 4].includes(Number(severity)) &&
    createInvestigation === true;
  if (!fine || Number.isNaN(Date.parse(String(occurred))) || typeof details !== 'string') return no(400);
  JSON.parse(String(rawJSON));
  const key = String(entries.size + 1);
  entries.set(key, { key, alertId: String(dbotMirrorId), isOpen: true, notes: [], document, status: 1 });
  return { status: 201, body: { id: key, version: 1, investigationId: key } };
}

function noted({ investigationId, data }: Json, entries: Map<string, XsoarEntry>): VendorReply {
  const entry = entries.get(String(investigationId));
  if (!entry || typeof data !== 'string' || data === '') return no(400);
  entries.set(entry.key, { ...entry, notes: [...entry.notes, data] });
  return { status: 200, body: { id: `${entry.notes.length}@${entry.key}` } };
}

function closed({ ids, closeReason }: Json, entries: Map<string, XsoarEntry>): VendorReply {
  for (const id of ids as string[]) {
    const entry = entries.get(id);
    if (!entry || closeReason !== 'Resolved') return no(400);
    entries.set(id, { ...entry, status: 2, isOpen: false });
  }
  return { status: 200, body: { total: 1, data: [] } };
}

function no(status: number): VendorReply {
  return { status, body: { id: 'bad_request', status, title: 'no', detail: 'no' } };
}

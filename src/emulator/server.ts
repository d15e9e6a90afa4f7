import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../lib/clock.ts';
import type { Answerer, EmulatedApi } from './answer.ts';
import { EMULATED_APPLICATION, RECEIVER_PATH } from './application.ts';
import { type FaultShare, faultAt } from './fault-share.ts';
import { createFaultList, FAULTS, type FaultList, spoil } from './faults.ts';
import {
  answerHunting,
  answerTables,
  apiAt,
  DOCUMENTED_LIMITS,
  type HuntingDeps,
  type HuntingLimits,
} from './hunting.ts';
import { answerLogin } from './login.ts';
import { createEmulatedMeter, DOCUMENTED_QUOTA, type EmulatedQuota } from './meter.ts';
import { json, type Reply } from './refusals.ts';
import type { EmulatedApplication } from './token.ts';
import { catalogAt } from './workspaces/catalog.ts';

export interface EmulatorOptions {
  readonly port: number;
  readonly answerer: Answerer;
  readonly clock: Clock;
  readonly application?: Partial<EmulatedApplication>;
  readonly quota?: Partial<EmulatedQuota>;
  readonly limits?: Partial<HuntingLimits>;
  /** Faults that meet a share of all queries, drawn from numbers in [0, 1). */
  readonly chance?: { readonly shares: readonly FaultShare[]; readonly random: () => number };
  /** Takes what is posted to its receiver of webhooks. */
  readonly onAlert?: (body: string) => void;
  /** PEM; plain HTTP where left out. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** One request to a hunting endpoint, for tests and for the demo. */
export interface SeenQuery {
  readonly api: EmulatedApi;
  readonly at: number;
  readonly status: number;
  readonly body: string;
}

export interface Emulator {
  readonly baseUrl: string;
  readonly authority: string;
  readonly application: EmulatedApplication;
  readonly faults: FaultList;
  readonly seen: readonly SeenQuery[];
  /** How many tokens were given out. */
  tokens(): number;
  close(): Promise<void>;
}

const SEEN_LIMIT = 10_000;
const BODY_LIMIT = 8_000_000;

interface Desk {
  readonly application: EmulatedApplication;
  readonly clock: Clock;
  readonly hunting: HuntingDeps;
  readonly onAlert: (body: string) => void;
  readonly seen: SeenQuery[];
  readonly stop: AbortSignal;
  tokens: number;
}

/** Plays the login host and the APIs on one loopback port. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const application = { ...EMULATED_APPLICATION, ...options.application };
  const { chance } = options;
  const faults = createFaultList(() => (chance ? faultAt(chance.shares, chance.random()) : null));
  const stop = new AbortController();
  const hunting = {
    answerer: options.answerer,
    meter: createEmulatedMeter({ ...DOCUMENTED_QUOTA, ...options.quota }),
    faults,
    limits: { ...DOCUMENTED_LIMITS, ...options.limits },
  };
  const { clock, onAlert = () => undefined } = options;
  const desk: Desk = { application, clock, hunting, onAlert, seen: [], stop: stop.signal, tokens: 0 };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    handle(desk, request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  };
  const server = options.tls ? createTlsServer({ ...options.tls }, listener) : createServer(listener);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const baseUrl = `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    stop.abort();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    baseUrl,
    authority: `${baseUrl}/${application.tenantId}`,
    application,
    faults,
    seen: desk.seen,
    tokens: () => desk.tokens,
    close,
  };
}

async function handle(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const body = await readBody(request);
  const api = apiAt(url.pathname);
  if (api) return hunt(desk, api, request, body, response);
  const catalog = catalogAt(url.pathname);
  if (catalog) return send(response, tellTables(desk, catalog, request, body), desk.clock.now());
  if (url.pathname === '/_emulator/faults')
    return send(response, switchFaults(desk.hunting.faults, request.method ?? '', body), desk.clock.now());
  if (url.pathname === RECEIVER_PATH) return receive(desk, request.method ?? '', body, response);
  const asked = { path: url.pathname, method: request.method ?? '', host: request.headers.host ?? '127.0.0.1', body };
  const reply = answerLogin(asked, desk.application, desk.clock.now());
  if (reply.status === 200 && url.pathname.endsWith('/token')) desk.tokens += 1;
  send(response, reply, desk.clock.now());
}

function tellTables(desk: Desk, api: EmulatedApi, request: IncomingMessage, body: string): Reply {
  const now = desk.clock.now();
  const { authorization = '' } = request.headers;
  const asked = { method: request.method ?? '', path: request.url ?? '', authorization, body, signal: desk.stop };
  const reply = answerTables(asked, { api, now, requestId: randomUUID() }, desk.hunting);
  desk.seen.push({ api, at: now, status: reply.status, body });
  return reply;
}

function receive({ onAlert, clock }: Desk, method: string, body: string, response: ServerResponse): void {
  if (method === 'POST') onAlert(body);
  send(response, { status: method === 'POST' ? 204 : 405, headers: {}, body: '' }, clock.now());
}

async function hunt(
  desk: Desk,
  api: EmulatedApi,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): Promise<void> {
  const now = desk.clock.now();
  const given = request.headers['client-request-id'];
  const context = { api, now, requestId: typeof given === 'string' ? given : randomUUID() };
  const asked = {
    method: request.method ?? '',
    path: request.url ?? '',
    authorization: request.headers.authorization ?? '',
    body,
    signal: desk.stop,
  };
  const reply = await answerHunting(asked, context, desk.hunting);
  desk.seen.push({ api, at: now, status: reply.status, body });
  if (desk.seen.length > SEEN_LIMIT) desk.seen.shift();
  if (!('fault' in reply)) return send(response, reply, desk.clock.now());
  const text = reply.fault ? spoil(reply.fault, reply.body) : reply.body;
  const headers = {
    'content-type': api === 'graph' ? GRAPH_TYPE : 'application/json; charset=utf-8',
    'request-id': context.requestId,
  };
  if (reply.fault === 'slow') await desk.clock.sleep(600_000, desk.stop).catch(() => undefined);
  if (reply.fault === 'reset') return reset(response, text, headers);
  return send(response, { status: 200, headers, body: text }, desk.clock.now());
}

const GRAPH_TYPE = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

/** Half of the body, then a broken connection. */
function reset(response: ServerResponse, body: string, headers: Readonly<Record<string, string>>): void {
  response.writeHead(200, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
  response.write(body.slice(0, Math.floor(body.length / 2)), () => response.destroy());
}

/** `POST {name, ruleId?, times?}` sets a fault, `DELETE` clears them. */
function switchFaults(faults: FaultList, method: string, body: string): Reply {
  if (method === 'DELETE') faults.clear();
  if (method !== 'POST') return { status: 204, headers: {}, body: '' };
  const asked = readFault(body);
  const name = FAULTS.find((one) => one === asked?.name);
  if (!name) return json({ error: `Unknown fault; known: ${FAULTS.join(', ')}.` }, 400);
  const ruleId = typeof asked?.ruleId === 'string' ? asked.ruleId : null;
  faults.set({ name, ruleId, times: typeof asked?.times === 'number' ? asked.times : 1 });
  return { status: 204, headers: {}, body: '' };
}

function readFault(body: string): { name?: unknown; ruleId?: unknown; times?: unknown } | null {
  try {
    return JSON.parse(body) as { name?: unknown; ruleId?: unknown; times?: unknown } | null;
  } catch {
    return null;
  }
}

function send(response: ServerResponse, reply: Reply, now: number): void {
  response.sendDate = false;
  response.writeHead(reply.status, { ...reply.headers, date: new Date(now).toUTCString() });
  response.end(reply.body);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

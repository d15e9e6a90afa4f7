import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { Secret } from '../../../src/lib/secret.ts';
import { createStreamTarget } from '../../../src/targets/stdout.ts';
import type { Target, TargetDeps } from '../../../src/targets/target.ts';
import type { Certificates } from '../../targets/certificates.ts';
import { startHttpReceiver } from '../../targets/http-receiver.ts';
import { startRelpReceiver } from '../../targets/syslog/relp-receiver.ts';
import { startSyslogReceiver } from '../../targets/syslog-receiver.ts';
import { startAlertmanager } from '../../targets/vendors/alertmanager.ts';
import { startElastic } from '../../targets/vendors/elastic.ts';
import { startMailServer } from '../../targets/vendors/email.ts';
import { startJira } from '../../targets/vendors/jira.ts';
import { startLogsIngestion } from '../../targets/vendors/logs-ingestion.ts';
import { startOtlp } from '../../targets/vendors/otlp.ts';
import { startPagerduty } from '../../targets/vendors/pagerduty.ts';
import { startServicenow } from '../../targets/vendors/servicenow.ts';
import { startSlack } from '../../targets/vendors/slack.ts';
import { startSplunk } from '../../targets/vendors/splunk-hec.ts';
import { startTeams } from '../../targets/vendors/teams.ts';
import { startThehive } from '../../targets/vendors/thehive.ts';
import { startTokens } from '../../targets/vendors/token-endpoint.ts';
import { startXsoar } from '../../targets/vendors/xsoar.ts';

/** Where the receiver is, or is said to be: `http://127.0.0.1:4711/path`, `tcp://…` of those that are no HTTP. */
export interface Behind {
  readonly url: URL;
  /** Settings of a target for a receiver at this place. */
  settings(place: URL): Readonly<Record<string, unknown>>;
  /** Of a target that is not made of settings alone. */
  create?(place: URL, deps: TargetDeps): Target;
  /** Ids of alerts that the receiver has taken. */
  received(): readonly string[];
  close(): Promise<unknown>;
}

const KEY = 'the-key-of-this-receiver';
const BASIC = `Basic ${Buffer.from(`user:${KEY}`).toString('base64')}`;
const ID = /[0-9a-f]{32}/;
const secret = (url: URL): Secret => new Secret(url.href.replace(/\/$/, ''));
const basic = { basic: { user: 'user', password: new Secret(KEY) } };

/** Every target of the registry with a receiver that keeps to its rules; a new target needs its own here. */
export const RECEIVERS_BEHIND: Readonly<Record<string, (certificates: Certificates) => Promise<Behind>>> = {
  webhook: async () => {
    const receiver = await startHttpReceiver((_request, response) => response.writeHead(204).end());
    const received = () => receiver.received.map(({ headers }) => String(headers['webhook-id']));
    return { url: new URL(receiver.url), settings: (url) => ({ url: secret(url) }), received, close: receiver.close };
  },
  pagerduty: async () => {
    const vendor = await startPagerduty(KEY);
    const settings = (url: URL) => ({ url: secret(url), routingKey: new Secret(KEY) });
    return { url: new URL(vendor.base), settings, received: () => [...vendor.incidents.keys()], close: vendor.close };
  },
  jira: async () => {
    const vendor = await startJira({ version: 3, authorization: BASIC });
    const settings = (url: URL) => ({ url: secret(url), project: 'SEC', auth: basic });
    return tickets(vendor, settings);
  },
  servicenow: async () => {
    const vendor = await startServicenow({ authorization: BASIC });
    return tickets(vendor, (url) => ({ url: secret(url), auth: basic }));
  },
  thehive: async () => {
    const vendor = await startThehive(KEY);
    return tickets(vendor, (url) => ({ url: secret(url), apiKey: new Secret(KEY) }));
  },
  xsoar: async () => {
    const vendor = await startXsoar({ version: 6, apiKey: KEY });
    return tickets(vendor, (url) => ({ url: secret(url), apiKey: new Secret(KEY) }));
  },
  slack: async () => posts(await startSlack()),
  teams: async () => posts(await startTeams()),
  'splunk-hec': async () => {
    const vendor = await startSplunk(KEY, []);
    const settings = (url: URL) => ({ url: secret(url), token: new Secret(KEY) });
    const received = () => vendor.events.map(({ event }) => String(event.id));
    return { url: new URL(vendor.base), settings, received, close: vendor.close };
  },
  elastic: async () => {
    const vendor = await startElastic(KEY);
    const settings = (url: URL) => ({ url: secret(url), apiKey: new Secret(KEY) });
    return { url: new URL(vendor.base), settings, received: () => [...vendor.documents.keys()], close: vendor.close };
  },
  'logs-ingestion': startMonitor,
  otlp: async () => {
    const vendor = await startOtlp();
    const received = () => vendor.records.map(({ attributes }) => String(attributes['huntwire.alert.id']));
    return { url: new URL(vendor.base), settings: (url) => ({ url: secret(url) }), received, close: vendor.close };
  },
  alertmanager: async () => {
    const vendor = await startAlertmanager();
    const received = () => [...vendor.alerts.values()].map(({ labels }) => String(labels.alert_id));
    return { url: new URL(vendor.base), settings: (url) => ({ url: secret(url) }), received, close: vendor.close };
  },
  email: async (certificates) => {
    const server = await startMailServer({ pair: certificates.server });
    const settings = ({ hostname, port, protocol }: URL) => ({
      host: hostname,
      // A connection that changes to TLS is what most servers want: the one whose certificate is not trusted is this one.
      port: protocol === 'tls:' ? server.port : Number(port),
      ...(protocol === 'tcp:' && { tls: { caFile: certificates.files.caFile } }),
      from: 'huntwire@contoso.example',
      to: ['soc@contoso.example'],
    });
    const received = () => server.mails.map(({ raw }) => ID.exec(raw)?.[0] ?? '');
    return { url: new URL(`tcp://127.0.0.1:${server.port}`), settings, received, close: server.close };
  },
  syslog: async () => {
    const receiver = await startSyslogReceiver();
    const settings = ({ hostname, port, protocol }: URL) => ({
      host: hostname,
      port: Number(port),
      protocol: protocol === 'tls:' ? 'tls' : 'tcp',
    });
    const received = () => [...new Set(receiver.text().match(new RegExp(ID, 'g')) ?? [])];
    return { url: new URL(`tcp://127.0.0.1:${receiver.port}`), settings, received, close: receiver.close };
  },
  'syslog over RELP': async () => {
    const receiver = await startRelpReceiver();
    const settings = ({ hostname, port, protocol }: URL) => ({
      host: hostname,
      port: Number(port),
      protocol: 'relp',
      ...(protocol === 'tls:' && { tls: {} }),
    });
    const received = () => receiver.messages().map((text) => ID.exec(text)?.[0] ?? '');
    return { url: new URL(`tcp://127.0.0.1:${receiver.port}`), settings, received, close: receiver.close };
  },
  'syslog over UDP': startDatagrams,
  file: startFile,
  stdout: startStdout,
};

/** The type of target behind a name of `RECEIVERS_BEHIND`. */
export function typeOf(kind: string): string {
  return kind.split(' over ')[0] ?? kind;
}

/** `fault:folder`, `fault:disk`: where a file cannot be. */
async function startFile(): Promise<Behind> {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-faults-'));
  const path = join(folder, 'alerts.jsonl');
  const settings = ({ href }: URL) => {
    if (href === 'fault:folder') return { path: join(folder, 'nowhere', 'alerts.jsonl') };
    return { path: href === 'fault:disk' ? '/dev/full' : path };
  };
  const received = () => readFileSync(path, 'utf8').match(new RegExp(`(?<="id":")${ID.source}`, 'g')) ?? [];
  return { url: pathToFileURL(path), settings, received, close: async () => rmSync(folder, { recursive: true }) };
}

async function startStdout(): Promise<Behind> {
  const out = new PassThrough();
  const create = ({ protocol }: URL, deps: TargetDeps): Target => {
    const gone = new PassThrough();
    gone.destroy();
    return createStreamTarget(deps, protocol === 'fault:' ? gone : out);
  };
  const received = () => String(out.read() ?? '').match(new RegExp(`(?<="id":")${ID.source}`, 'g')) ?? [];
  return { url: new URL('stdout:'), settings: () => ({}), create, received, close: async () => out.destroy() };
}

/** A datagram is never answered, so there is nothing to see of a receiver. */
async function startDatagrams(): Promise<Behind> {
  const texts: string[] = [];
  const socket = createSocket('udp4', (message) => texts.push(message.toString('utf8')));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const settings = ({ hostname, port }: URL) => ({ host: hostname, port: Number(port), protocol: 'udp' });
  const close = () => new Promise<void>((resolve) => socket.close(resolve));
  const received = () => texts.map((text) => ID.exec(text)?.[0] ?? '');
  return { url: new URL(`tcp://127.0.0.1:${socket.address().port}`), settings, received, close };
}

type Tickets = Awaited<ReturnType<typeof startJira>>;

function tickets(vendor: Tickets, settings: Behind['settings']): Behind {
  const received = () => vendor.tickets().map(({ alertId }) => alertId);
  return { url: new URL(vendor.base), settings, received, close: vendor.stop };
}

function posts(vendor: Awaited<ReturnType<typeof startSlack>>): Behind {
  const received = () => vendor.posted.map((one) => ID.exec(JSON.stringify(one))?.[0] ?? '');
  return { url: new URL(vendor.base), settings: (url) => ({ url: secret(url) }), received, close: vendor.close };
}

async function startMonitor(): Promise<Behind> {
  const login = await startTokens({ id: 'app', secret: KEY, scope: 'https://monitor.azure.com//.default' });
  const vendor = await startLogsIngestion(login.tokens);
  const oauth2 = { tokenUrl: `${login.base}/t`, clientId: 'app', clientSecret: new Secret(KEY) };
  const rule = { ruleId: 'dcr-0123abcd', stream: 'Custom-Huntwire_CL', auth: { oauth2 } };
  return {
    url: new URL(vendor.base),
    settings: (url) => ({ endpoint: url.origin, ...rule }),
    received: () => vendor.rows.map(({ AlertId }) => String(AlertId)),
    close: () => Promise.all([login.close(), vendor.close()]),
  };
}

import { createRequire } from 'node:module';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type * as Undici from 'undici';
import type { buildConnector, Dispatcher } from 'undici';
import { HuntwireError } from './errors.ts';
import { namingProxy } from './proxy/named-proxy.ts';
import { withoutContinue } from './socket/unasked-continue.ts';
import { secureContextOf, type TlsMaterial, trustOf } from './tls.ts';

export interface DispatcherOptions {
  /** What will be asked, so that a network of NO_PROXY that its address lies in counts. */
  readonly url?: URL;
  readonly tls: TlsMaterial;
  /** Proxy URL; null: HTTPS_PROXY and HTTP_PROXY as the environment says. NO_PROXY holds for both. */
  readonly proxy: string | null;
  /** Requests without TLS are handed to the proxy as they are, as most expect it: many let tunnels lead to port 443 only. Default: a tunnel for all. */
  readonly plainProxy?: boolean;
  /** Never through a proxy, whatever the environment says: for addresses that exist on this machine only. */
  readonly direct?: boolean;
  readonly connectTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly connections: number;
  /** Resolves host names in place of the system's resolver, where no proxy does. */
  readonly lookup?: LookupFunction;
}

const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
/** Loopback is never behind a proxy of the environment; a proxy set for one connection by name is used as told. */
const LOOPBACK = 'localhost,127.0.0.1,[::1]';

let loaded: typeof Undici | null = null;

/** The HTTP client, loaded with the first connection: most verbs make none, and its 130 files take as long as Node itself. */
export function undici(): typeof Undici {
  loaded ??= createRequire(import.meta.url)('undici') as typeof Undici;
  return loaded;
}

/** An undici dispatcher that adds a CA to the trusted ones, carries a client certificate and goes through a proxy. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { Agent, EnvHttpProxyAgent } = undici();
  const { ca, ...own } = options.tls;
  // Whatever NODE_TLS_REJECT_UNAUTHORIZED says: nothing is taken from the environment but the proxy.
  const trust = { rejectUnauthorized: true, ...trustOf(options.tls) };
  const common = {
    headersTimeout: options.headersTimeoutMs,
    bodyTimeout: options.bodyTimeoutMs,
    connections: options.connections,
    connect: { ...trust, ...own, timeout: options.connectTimeoutMs, ...(options.lookup && { lookup: options.lookup }) },
  };
  const isExempted = options.url !== undefined && proxyFor(options.url, options.proxy) === null;
  if (options.direct || isExempted || !(options.proxy || proxyInEnvironment()))
    return new Agent({ ...common, connect: withoutContinue(connectorOf(options)) });
  const agent = new EnvHttpProxyAgent({
    ...common,
    ...(options.proxy ? namedProxy(options.proxy) : environmentProxy()),
    ...(options.plainProxy && { proxyTunnel: false }),
    requestTls: { ...trust, ...own, timeout: options.connectTimeoutMs },
    // The client certificate and server name are meant for the other side, not for the proxy in between.
    proxyTls: { ...trust, timeout: options.connectTimeoutMs },
  });
  return agent.compose(namingProxy((origin) => proxyFor(origin, options.proxy)));
}

/** Where a CA is added, one secure context serves all connections, made with the first: undici would read the roots again for each. */
function connectorOf({ tls, connectTimeoutMs: timeout, lookup }: DispatcherOptions): buildConnector.connector {
  let connector: buildConnector.connector | null = null;
  const make = (): buildConnector.connector => {
    const { servername, ca, ...own } = tls;
    const name = servername === undefined ? {} : { servername };
    const shown = ca === undefined ? own : { secureContext: secureContextOf(tls) };
    return undici().buildConnector({ rejectUnauthorized: true, ...name, ...shown, timeout, ...(lookup && { lookup }) });
  };
  return (where, done) => {
    connector ??= make();
    connector(where, done);
  };
}

interface ProxyParts {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly token?: string;
  readonly noProxy?: string;
}

function namedProxy(proxy: string): ProxyParts {
  const url = proxyUrl('proxy', proxy);
  if (!/^https?:$/.test(url.protocol)) throw noProxyUrl('proxy');
  return { httpProxy: url.origin, httpsProxy: url.origin, ...tokenOf(url) };
}

/** undici greets with a name and a password only, and would leave the other out that stands alone. */
function tokenOf({ username, password }: URL): Pick<ProxyParts, 'token'> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { token: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
}

/** undici reads the variables by itself; what it would stumble over is told by name. */
function environmentProxy(): ProxyParts {
  for (const name of PROXY_VARIABLES) {
    const text = environment()[name];
    if (text) proxyUrl(name, text);
  }
  return { noProxy: `${noProxy()},${LOOPBACK}` };
}

/** A proxy's URL with credentials that can be sent. Errors show nothing of it: a mistake may put the password anywhere. */
function proxyUrl(where: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') throw noProxyUrl(where);
  try {
    tokenOf(url);
  } catch {
    throw new HuntwireError(
      'CONFIG_INVALID',
      `${where}: user and password must be written as in a URL: % as %25, @ as %40.`,
    );
  }
  return url;
}

function noProxyUrl(where: string): HuntwireError {
  const advice = 'user and password in it as URLs have them (# as %23, / as %2F, @ as %40)';
  return new HuntwireError('CONFIG_INVALID', `${where}: write a URL such as http://proxy.example:8080, ${advice}.`);
}

/** The proxy that a request to `url` goes through, as createDispatcher does it with this `proxy`; null: none. */
export function proxyFor(url: URL, proxy: string | null): URL | null {
  const fromEnvironment = (scheme: string): string | undefined =>
    environment()[`${scheme}_proxy`] || environment()[`${scheme.toUpperCase()}_PROXY`];
  const used = proxy ?? (url.protocol === 'https:' ? fromEnvironment('https') : undefined) ?? fromEnvironment('http');
  const exempt = proxy === null ? `${noProxy()},${LOOPBACK}` : noProxy();
  if (!used || !URL.canParse(used) || isExempt(url, exempt)) return null;
  return new URL(used);
}

/** Names, names with a port, `.domain` or `*.domain` for all below it, as undici reads NO_PROXY, and networks such as `10.0.0.0/8`, which it does not know. */
function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[,\s]+/)
    .some((entry) => {
      if (entry.includes('/')) return isInNetwork(host.replace(/^\[|\]$/g, ''), entry);
      const [, name = entry, ownPort = port] = /^(.+):(\d+)$/.exec(entry) ?? [];
      if (entry === '*') return true;
      return ownPort === port && (/^[.*]/.test(name) ? host.endsWith(name.replace(/^\*/, '')) : host === name);
    });
}

/** Addresses only: a name is not resolved for this, as others do not either. */
function isInNetwork(address: string, network: string): boolean {
  const [base = '', prefix = ''] = network.split('/');
  const family = isIP(base);
  const longest = family === 6 ? 128 : 32;
  if (family === 0 || isIP(address) !== family || !/^\d{1,3}$/.test(prefix) || Number(prefix) > longest) return false;
  const list = new BlockList();
  list.addSubnet(base, Number(prefix), family === 6 ? 'ipv6' : 'ipv4');
  return list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function proxyInEnvironment(): boolean {
  return PROXY_VARIABLES.some((name) => Boolean(environment()[name]));
}

function noProxy(): string {
  return environment().no_proxy ?? environment().NO_PROXY ?? '';
}

function environment(): NodeJS.ProcessEnv {
  // biome-ignore lint/style/noProcessEnv: the proxy variables are a convention that undici itself reads from the environment
  return process.env;
}

import type { LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { Agent, type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from 'undici';
import type { TlsMaterial } from './tls.ts';

export interface DispatcherOptions {
  readonly tls: TlsMaterial;
  /** Proxy URL; null: HTTPS_PROXY, HTTP_PROXY and NO_PROXY as the environment says. */
  readonly proxy: string | null;
  readonly connectTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly connections: number;
  /** Resolves host names in place of the system's resolver, where no proxy does. */
  readonly lookup?: LookupFunction;
}

/** An undici dispatcher that adds a CA to the trusted ones, carries a client certificate and goes through a proxy. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { ca, ...own } = options.tls;
  const tls = { ...own, ...(ca && { ca: [...rootCertificates, ca] }) };
  const common = {
    headersTimeout: options.headersTimeoutMs,
    bodyTimeout: options.bodyTimeoutMs,
    connections: options.connections,
    connect: { ...tls, timeout: options.connectTimeoutMs, ...(options.lookup && { lookup: options.lookup }) },
  };
  if (options.proxy) return new ProxyAgent({ ...common, uri: options.proxy, requestTls: tls, proxyTls: tls });
  if (!proxyInEnvironment()) return new Agent(common);
  return new EnvHttpProxyAgent({ ...common, requestTls: tls, proxyTls: tls });
}

function proxyInEnvironment(): boolean {
  const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
  // biome-ignore lint/style/noProcessEnv: the proxy variables are a convention that undici itself reads from the environment
  return names.some((name) => Boolean(process.env[name]));
}

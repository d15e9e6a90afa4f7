import type { Dispatcher } from 'undici';
import { createDispatcher, proxyFor } from '../lib/dispatcher.ts';
import { HuntwireError } from '../lib/errors.ts';
import { followTls } from '../lib/followed/followed-tls.ts';
import { createMask } from '../lib/mask.ts';
import { createRenewed, type Renewed } from '../lib/renewed.ts';
import { secretsInUrl } from '../lib/secrets-in-url.ts';
import { loadTls, type TlsMaterial } from '../lib/tls.ts';
import { TARGET_CLOSED } from './delivery-result.ts';
import { isPrivateAddress, lookupPublic } from './private-address.ts';
import type { Delivery, DeliveryResult, Target, TargetDeps } from './target.ts';
import { createTicker } from './ticker.ts';
import { checkWebhook, type WebhookCheck } from './webhook/check-webhook.ts';
import {
  abandon,
  createExchange,
  type Exchange,
  requestOf,
  send,
  type WebhookContext,
} from './webhook/webhook-exchange.ts';
import { fixedHeaders } from './webhook/webhook-headers.ts';
import { type WebhookConfig, webhookSchema } from './webhook/webhook-schema.ts';
import { signingKey } from './webhook/webhook-signature.ts';

export const name = 'webhook';
export const configSchema = webhookSchema;

const DEFAULT_TIMEOUT_SECONDS = 15;
const DEFAULT_CONCURRENCY = 4;
/** How many texts of secrets that have changed are still looked for in answers. */
const MOST_HIDDEN = 100;
/** How late a timeout or a stop may be noticed. */
const WATCH_EVERY_MS = 100;

/**
 * One alert, one POST. Redirects are never followed and nothing is retried; what the answer means is decided by
 * webhook-answer.ts. Throws CONFIG_INVALID for settings that cannot work.
 */
export function create(config: WebhookConfig, deps: TargetDeps): Target {
  const contexts = contextsOf(config, deps);
  const exchanges = new Set<Exchange>();
  const ticker = createTicker(deps.clock, WATCH_EVERY_MS, () => watch(exchanges, deps.clock.monotonic()));
  let closed = false;
  const deliver = async (delivery: Delivery, signal: AbortSignal): Promise<DeliveryResult> => {
    if (closed || signal.aborted) return TARGET_CLOSED;
    const context = contexts.current();
    const request = requestOf(context, delivery);
    return new Promise((resolve) => {
      const exchange = createExchange(context, signal, (outcome) => {
        exchanges.delete(exchange);
        resolve(outcome);
      });
      exchanges.add(exchange);
      ticker.start();
      send(exchange, request);
    });
  };
  const close = async (): Promise<void> => {
    closed = true;
    ticker.stop();
    for (const exchange of exchanges) abandon(exchange, 'the target was closed');
    await contexts.destroy();
  };
  const traits = {
    concurrency: config.concurrency ?? DEFAULT_CONCURRENCY,
    ratePerSecond: config.ratePerSecond ?? null,
  };
  const check: Target['check'] = (signal) => checkWebhook(checkOf(config, deps), signal);
  return { name: deps.name, type: name, traits, deliver, check, close };
}

interface Contexts extends Pick<Renewed<WebhookContext>, 'current'> {
  destroy(): Promise<void>;
}

/** The context as secrets and certificates are now; requests that are under way keep theirs. */
function contextsOf(config: WebhookConfig, deps: TargetDeps): Contexts {
  const leaving = new Set<Dispatcher>();
  const hidden = new Set<string>();
  const retire = ({ dispatcher }: WebhookContext): void => {
    leaving.add(dispatcher);
    const left = (): unknown => leaving.delete(dispatcher);
    dispatcher.close().then(left, left);
  };
  const { log } = deps;
  const where = `targets.${deps.name}`;
  const tls = followTls(config.tls ?? {}, `${where}.tls`, deps.clock, log);
  const make = (): WebhookContext => contextOf(config, deps, tls.current(), hidden);
  const settings = { ...config, tls: null };
  const { current } = createRenewed({ settings, inner: tls.current, make, where, log, retire });
  return {
    current,
    destroy: async () => {
      await Promise.all([...leaving, current().dispatcher].map((one) => one.destroy()));
    },
  };
}

function checkOf(config: WebhookConfig, deps: TargetDeps): WebhookCheck {
  const where = `targets.${deps.name}`;
  return {
    target: deps.name,
    url: requestUrl(config, where),
    tls: loadTls(config.tls ?? {}, `${where}.tls`),
    proxy: config.proxy?.reveal() ?? null,
    publicOnly: config.refusePrivateAddresses ?? false,
    clock: deps.clock,
  };
}

/** `hidden` takes what must not be shown, and holds what has been used before. */
function contextOf(config: WebhookConfig, deps: TargetDeps, tls: TlsMaterial, hidden: Set<string>): WebhookContext {
  const where = `targets.${deps.name}`;
  const url = requestUrl(config, where);
  const timeoutMs = (config.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
  const { headers, secrets } = fixedHeaders(config, where, `huntwire/${deps.version}`);
  const proxy = config.proxy?.reveal() ?? '';
  hide(hidden, [...secrets, ...secretsInUrl(url.href), ...secretsInUrl(proxy)]);
  return {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    headers,
    mask: createMask([...hidden]),
    keys: (config.signing?.secrets ?? []).map((secret, at) => signingKey(secret, `${where}.signing.secrets.${at}`)),
    timeoutMs,
    clock: deps.clock,
    format: deps.format,
    dispatcher: createDispatcher({
      url,
      tls,
      proxy: config.proxy?.reveal() ?? null,
      connectTimeoutMs: timeoutMs,
      headersTimeoutMs: 0,
      bodyTimeoutMs: 0,
      connections: config.concurrency ?? DEFAULT_CONCURRENCY,
      ...(config.refusePrivateAddresses && { lookup: lookupPublic }),
    }),
  };
}

/** The latest last; what was used long ago goes. */
function hide(hidden: Set<string>, texts: readonly string[]): void {
  for (const text of texts) {
    hidden.delete(text);
    hidden.add(text);
  }
  for (const text of [...hidden].slice(0, -Math.max(texts.length, MOST_HIDDEN))) hidden.delete(text);
}

/** The URL to post to. Messages never show it: chat and automation tools put the secret into the path. */
function requestUrl(config: WebhookConfig, where: string): URL {
  const text = config.url.reveal();
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new HuntwireError('CONFIG_INVALID', `${where}.url: write a URL that begins with https:// or http://.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new HuntwireError('CONFIG_INVALID', `${where}.url: put user and password into auth.basic, not into the URL.`);
  }
  if (!config.refusePrivateAddresses) return url;
  if (proxyFor(url, config.proxy?.reveal() ?? null)) {
    const advice = config.proxy ? '' : ' Name the host in NO_PROXY.';
    const message = `${where}: refusePrivateAddresses cannot be kept through a proxy.${advice}`;
    throw new HuntwireError('CONFIG_INVALID', message);
  }
  if (isPrivateAddress(url.hostname.replace(/^\[|\]$/g, ''))) {
    throw new HuntwireError(
      'CONFIG_INVALID',
      `${where}.url: the address is private, and refusePrivateAddresses is set.`,
    );
  }
  return url;
}

function watch(exchanges: ReadonlySet<Exchange>, now: number): boolean {
  for (const exchange of exchanges) {
    if (exchange.signal.aborted) abandon(exchange, 'the delivery was stopped');
    else if (now >= exchange.deadline) abandon(exchange, 'no answer came in time');
  }
  return exchanges.size > 0;
}

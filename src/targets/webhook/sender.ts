import type { Dispatcher } from 'undici';
import type { CheckResult } from '../../lib/check-result.ts';
import { createDispatcher } from '../../lib/dispatcher.ts';
import { followTls } from '../../lib/followed/followed-tls.ts';
import { createMask, type Mask } from '../../lib/mask.ts';
import { createRenewed, type Renewed } from '../../lib/renewed.ts';
import { secretsInUrl } from '../../lib/secrets-in-url.ts';
import { loadTls, type TlsFiles, type TlsMaterial } from '../../lib/tls.ts';
import { visible } from '../../lib/visible.ts';
import { DELIVERY_STOPPED, TARGET_CLOSED } from '../delivery-result.ts';
import type { TargetDeps } from '../target.ts';
import { createTicker } from '../ticker.ts';
import { checkWebhook } from './check-webhook.ts';
import { maskOfBody, rehearsedOf } from './rehearsed.ts';
import type { RequestAuth } from './request-auth.ts';
import { type AddressSettings, guardOf } from './request-url.ts';
import {
  abandon,
  createExchange,
  type Exchange,
  type HttpAnswer,
  type SenderOutcome,
  type SenderRequest,
  send,
} from './webhook-exchange.ts';

const DEFAULT_TIMEOUT_SECONDS = 15;
export const DEFAULT_CONCURRENCY = 4;
/** How many texts of secrets that have changed are still looked for in answers. */
const MOST_HIDDEN = 100;
/** How late a timeout or a stop may be noticed. */
const WATCH_EVERY_MS = 100;
/** How much of an answer is shown. */
const SHOWN_BYTES = 1024;

/** Settings that every target over HTTP has. */
export interface SenderSettings extends AddressSettings {
  /** Only `oauth2` is looked at, by openSender. */
  readonly auth?: RequestAuth;
  readonly tls?: TlsFiles;
  readonly timeoutSeconds?: number;
  readonly concurrency?: number;
}

/** What requests are made of; it is made anew when a secret of the settings has changed. */
export interface Material {
  readonly url: URL;
  /** Whoever asks puts them into each request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Must not be shown when an answer repeats them; those of the URL and the proxy are known. */
  readonly secrets: readonly string[];
}

export interface SenderOptions<Made extends Material> {
  readonly settings: SenderSettings;
  readonly deps: TargetDeps;
  readonly material: () => Made;
  /** How much of an answer is kept for whoever asked. */
  readonly answerBytes: number;
}

/** Requests to one receiver. Redirects are never followed and nothing is retried. */
export interface Sender<Made extends Material> {
  material(): Made;
  /** Never rejects; what comes after `close` is unanswered. */
  ask(request: SenderRequest, signal: AbortSignal): Promise<SenderOutcome>;
  /** The beginning of an answer as people may see it. */
  shown(text: string): string;
  /** Reaches the host, and sends no request. */
  check(signal: AbortSignal): Promise<readonly CheckResult[]>;
  close(): Promise<void>;
}

interface Context<Made> {
  readonly material: Made;
  /** Of the material's URL: asking a URL for it takes its time. */
  readonly origin: string;
  readonly dispatcher: Dispatcher;
  readonly mask: Mask;
  readonly shown: (text: string) => string;
}

/** Finds nothing, whoever is asked for what is there, and has what a login would give. */
const REHEARSED: HttpAnswer = {
  status: 200,
  retryAfter: null,
  text: '{"access_token":"rehearsed","token_type":"Bearer","expires_in":3600,"result":[],"total":0,"data":[]}',
  isWhole: true,
};

/** Throws CONFIG_INVALID for settings that cannot work. */
export function createSender<Made extends Material>(options: SenderOptions<Made>): Sender<Made> {
  const { settings, deps, answerBytes } = options;
  const { clock } = deps;
  const contexts = contextsOf(options);
  const exchanges = new Set<Exchange>();
  const ticker = createTicker(clock, WATCH_EVERY_MS, () => watch(exchanges, clock.monotonic()));
  const timeoutMs = (settings.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
  let closed = false;
  const ask = (request: SenderRequest, signal: AbortSignal): Promise<SenderOutcome> => {
    if (closed) return Promise.resolve({ kind: 'unanswered', result: TARGET_CLOSED });
    if (signal.aborted) return Promise.resolve({ kind: 'unanswered', result: DELIVERY_STOPPED });
    const { origin, dispatcher, mask, material } = contexts.current();
    if (deps.rehearse) {
      const { secrets, url } = material;
      const written = maskOfBody(secrets, [url.href, settings.proxy?.reveal() ?? '']);
      deps.rehearse(rehearsedOf(dispatchOf(request, origin), { sent: mask, written }));
      return Promise.resolve({ kind: 'answered', answer: REHEARSED });
    }
    return new Promise((resolve) => {
      const exchange = createExchange({ clock, timeoutMs, answerBytes, signal }, (outcome) => {
        exchanges.delete(exchange);
        resolve(outcome);
      });
      exchanges.add(exchange);
      ticker.start();
      send(exchange, dispatcher, dispatchOf(request, origin));
    });
  };
  const close = async (): Promise<void> => {
    closed = true;
    ticker.stop();
    for (const exchange of exchanges) abandon(exchange, 'the target was closed');
    await contexts.destroy();
  };
  return {
    material: () => contexts.current().material,
    ask,
    shown: (text) => contexts.current().shown(text),
    check: (signal) => checkReceiver(options, signal),
    close,
  };
}

function dispatchOf({ method, path, headers, body }: SenderRequest, origin: string): Dispatcher.DispatchOptions {
  return { origin, path, method, headers, body };
}

interface Contexts<Made> extends Pick<Renewed<Context<Made>>, 'current'> {
  destroy(): Promise<void>;
}

/** The context as secrets and certificates are now; requests that are under way keep theirs. */
function contextsOf<Made extends Material>(options: SenderOptions<Made>): Contexts<Made> {
  const { settings, deps } = options;
  const leaving = new Set<Dispatcher>();
  const hidden = new Set<string>();
  const retire = ({ dispatcher }: Context<Made>): void => {
    leaving.add(dispatcher);
    const left = (): unknown => leaving.delete(dispatcher);
    dispatcher.close().then(left, left);
  };
  const { log } = deps;
  const where = `targets.${deps.name}`;
  const tls = followTls(settings.tls ?? {}, `${where}.tls`, deps.clock, log);
  const make = (): Context<Made> => contextOf(options, tls.current(), hidden);
  const { current } = createRenewed({
    settings: { ...settings, tls: null },
    inner: tls,
    make,
    where,
    log,
    retire,
  });
  return {
    current,
    destroy: async () => {
      await Promise.all([...leaving, current().dispatcher].map((one) => one.destroy()));
    },
  };
}

/** `hidden` takes what must not be shown, and holds what has been used before. */
function contextOf<Made extends Material>(
  { settings, deps, material }: SenderOptions<Made>,
  tls: TlsMaterial,
  hidden: Set<string>,
): Context<Made> {
  const made = material();
  const guard = guardOf(made.url, settings, `targets.${deps.name}`);
  const proxy = settings.proxy?.reveal() ?? null;
  hide(hidden, [...made.secrets, ...secretsInUrl(made.url.href), ...secretsInUrl(proxy ?? '')]);
  const mask = createMask([...hidden]);
  const dispatcher = createDispatcher({
    url: made.url,
    tls,
    proxy,
    connectTimeoutMs: (settings.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
    plainProxy: true,
    headersTimeoutMs: 0,
    bodyTimeoutMs: 0,
    connections: settings.concurrency ?? DEFAULT_CONCURRENCY,
    ...(guard && { lookup: guard.lookup }),
  });
  return {
    material: made,
    origin: made.url.origin,
    dispatcher,
    mask,
    shown: (text) => visible(mask(firstBytes(text), true)),
  };
}

function firstBytes(text: string): string {
  return new TextDecoder().decode(Buffer.from(text.slice(0, SHOWN_BYTES), 'utf8').subarray(0, SHOWN_BYTES), {
    stream: true,
  });
}

/** The latest last; what was used long ago goes. */
function hide(hidden: Set<string>, texts: readonly string[]): void {
  for (const text of texts) {
    hidden.delete(text);
    hidden.add(text);
  }
  for (const text of [...hidden].slice(0, -Math.max(texts.length, MOST_HIDDEN))) hidden.delete(text);
}

function checkReceiver<Made extends Material>(
  { settings, deps, material }: SenderOptions<Made>,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const { url } = material();
  const check = {
    target: deps.name,
    url,
    tls: loadTls(settings.tls ?? {}, `targets.${deps.name}.tls`),
    proxy: settings.proxy?.reveal() ?? null,
    guard: guardOf(url, settings, `targets.${deps.name}`),
    clock: deps.clock,
  };
  return checkWebhook(check, signal);
}

function watch(exchanges: ReadonlySet<Exchange>, now: number): boolean {
  for (const exchange of exchanges) {
    if (exchange.signal.aborted) abandon(exchange, 'the delivery was stopped');
    else if (now >= exchange.deadline) abandon(exchange, 'no answer came in time');
  }
  return exchanges.size > 0;
}

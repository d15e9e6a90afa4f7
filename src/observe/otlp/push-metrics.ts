import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock } from '../../lib/clock.ts';
import { createDispatcher, undici } from '../../lib/dispatcher.ts';
import { SECOND_MS } from '../../lib/duration.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Secret } from '../../lib/secret.ts';
import { type Figure, figureParts, otlpRequest, type ResourceAttributes } from './otlp-metrics.ts';

export interface MetricsTarget {
  /** The address of metrics itself, or the base of a collector. */
  readonly url: string;
  readonly headers: Readonly<Record<string, Secret>>;
  readonly everyMs: number;
}

export interface PushDeps {
  readonly figures: () => Promise<readonly Figure[]>;
  readonly resource: ResourceAttributes;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly log: Log;
  /** Told of every push. */
  readonly pushed: (outcome: 'ok' | 'failed') => void;
}

const PATH = '/v1/metrics';
/** A receiver that takes longer is left; the next push has all that this one had. */
const LIMIT_MS = 10 * SECOND_MS;
/** At the end of a process. */
const LAST_LIMIT_MS = 2 * SECOND_MS;
const MOST_VALUES = 5000;
const LONGEST_ANSWER = 64 * 1024;

/**
 * Hands all figures to a receiver of OTLP over HTTP now and then, and once more when `signal` aborts. Counts are since the start, so a push
 * that failed is made up for by the next one: nothing is kept, and nobody waits. What goes wrong is logged when it begins. Never rejects.
 */
export async function pushMetrics(target: MetricsTarget, deps: PushDeps, signal: AbortSignal): Promise<void> {
  const { clock, log } = deps;
  const startedAt = clock.now();
  const url = addressOf(target.url);
  let failing = false;
  for (let isLast = false; !isLast; ) {
    await clock.sleep(target.everyMs, signal).catch(() => undefined);
    isLast = signal.aborted;
    const reason = await pushOnce(url, target, deps, startedAt, isLast ? LAST_LIMIT_MS : LIMIT_MS).then(
      () => null,
      (thrown: unknown) => toHuntwireError(thrown).message,
    );
    deps.pushed(reason === null ? 'ok' : 'failed');
    if (reason !== null && !failing) log.warn('figures could not be pushed; they are again', { url, reason });
    if (reason === null && failing) log.info('figures are pushed again', { url });
    failing = reason !== null;
  }
}

function addressOf(text: string): string {
  const url = new URL(text);
  if (!url.pathname.endsWith(PATH)) url.pathname = `${url.pathname.replace(/\/$/, '')}${PATH}`;
  return url.href;
}

async function pushOnce(
  url: string,
  { headers }: MetricsTarget,
  { figures, resource, clock }: PushDeps,
  startedAt: number,
  limitMs: number,
): Promise<void> {
  const times = { startedAt, now: clock.now() };
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()]));
  const dispatcher = createDispatcher({
    ...{ url: new URL(url), tls: {}, proxy: null, connections: 1 },
    ...{ connectTimeoutMs: limitMs, headersTimeoutMs: limitMs, bodyTimeoutMs: limitMs },
  });
  const signal = AbortSignal.timeout(limitMs);
  try {
    for (const part of figureParts(await figures(), MOST_VALUES)) {
      const body = await promisify(gzip)(JSON.stringify(otlpRequest(part, resource, times)));
      const sent = { ...own, 'content-type': 'application/json', 'content-encoding': 'gzip' };
      const answer = await undici().request(url, { method: 'POST', headers: sent, body, dispatcher, signal });
      await judge(answer.statusCode, answer.body);
    }
  } finally {
    await dispatcher.destroy();
  }
}

/** Throws what a receiver had against it. */
async function judge(status: number, body: AsyncIterable<Uint8Array>): Promise<void> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) break;
    chunks.push(chunk);
  }
  if (status < 200 || status > 299) throw new Error(`The receiver answered with ${status}.`);
  const rejected = rejectedIn(Buffer.concat(chunks).toString('utf8'));
  if (rejected > 0) throw new Error(`The receiver rejected ${rejected} values.`);
}

function rejectedIn(text: string): number {
  try {
    const answer = JSON.parse(text) as { readonly partialSuccess?: { readonly rejectedDataPoints?: string | number } };
    return Number(answer.partialSuccess?.rejectedDataPoints ?? 0);
  } catch {
    return 0;
  }
}

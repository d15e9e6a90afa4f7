import { createManualClock, type ManualClock } from '../../src/lib/clock.ts';
import type { Log, LogFields } from '../../src/lib/log.ts';
import { createDeliveryLoop, type DeliveryLoop, type DrainCounts } from '../../src/outbox/delivery-loop.ts';
import type { DeliveryLoopOptions } from '../../src/outbox/session.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { Store } from '../../src/state/store.ts';
import type { Delivery, DeliveryResult, Target, TargetTraits } from '../../src/targets/target.ts';
import { START } from '../state/samples.ts';

export const DELIVERED: DeliveryResult = { kind: 'delivered' };
export const again = (retryAfterMs: number | null = null): DeliveryResult => ({
  kind: 'again',
  reason: 'HTTP 503',
  status: 503,
  retryAfterMs,
});
export const BLOCKED: DeliveryResult = { kind: 'blocked', reason: 'HTTP 401', status: 401, retryAfterMs: null };
export const REFUSED: DeliveryResult = { kind: 'refused', reason: 'HTTP 422', status: 422, answer: 'no such field' };
export const NEVER = new Promise<DeliveryResult>(() => undefined);

export type Answer = (delivery: Delivery, signal: AbortSignal) => DeliveryResult | Promise<DeliveryResult>;

/** A target made of a function, which remembers what it was handed: message ids, of health alerts what they say. */
export interface FakeTarget extends Target {
  readonly seen: string[];
  answer: Answer;
}

function labelOf({ messageId, alert }: Delivery): string {
  return alert.health ? `${alert.status} ${alert.health.code} ${alert.health.subject}` : messageId;
}

export function fakeTarget(
  name: string,
  answer: Answer = () => DELIVERED,
  traits: Partial<TargetTraits> = {},
): FakeTarget {
  const target: FakeTarget = {
    name,
    type: 'fake',
    traits: { concurrency: 4, ratePerSecond: null, ...traits },
    seen: [],
    answer,
    deliver: async (delivery, signal) => {
      target.seen.push(labelOf(delivery));
      return target.answer(delivery, signal);
    },
    check: async () => [],
    close: async () => undefined,
  };
  return target;
}

/** Where monotonic time begins: nothing may depend on it. */
export const ORIGIN = 5_000_000_000;

export interface Scene {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly loop: DeliveryLoop;
  readonly logged: { level: string; message: string; fields: LogFields | undefined }[];
  /** Starts `run` in the background. */
  start(): Promise<void>;
  /** Ends `run`, moving the clock on where it waits for something. */
  stop(): Promise<void>;
  /** A drain whose deadline is `wait` ms ahead, moving the clock on until it ends. */
  drain(wait?: number, ignoreBackoff?: boolean): Promise<readonly DrainCounts[]>;
  /** Message ids of pending entries, whatever their back-off, order key by order key. */
  pending(target: string): Promise<string[]>;
}

export interface SceneOptions {
  readonly targets: readonly Target[];
  readonly healthTargets?: readonly string[];
  readonly store?: Store;
  readonly clock?: ManualClock;
  readonly random?: () => number;
  readonly tenant?: string;
  readonly fallbacks?: DeliveryLoopOptions['fallbacks'];
  readonly lookMs?: number;
}

export function createScene(options: SceneOptions): Scene {
  const clock = options.clock ?? createManualClock(START, ORIGIN);
  const store = options.store ?? openMemoryStore({ clock });
  const logged: Scene['logged'] = [];
  const loop = createDeliveryLoop({
    store,
    clock,
    targets: options.targets,
    log: collect(logged),
    random: options.random ?? (() => 0.5),
    healthTargets: options.healthTargets ?? [],
    tenant: options.tenant ?? 'contoso',
    ...(options.fallbacks && { fallbacks: options.fallbacks }),
    ...(options.lookMs && { lookMs: options.lookMs }),
  });
  let stop = new AbortController();
  let running: Promise<void> = Promise.resolve();
  return {
    clock,
    store,
    loop,
    logged,
    start: async () => {
      stop = new AbortController();
      running = loop.run(stop.signal);
      await clock.advance(0);
    },
    stop: async () => {
      stop.abort();
      await ended(clock, running);
    },
    drain: (wait = 0, ignoreBackoff = true) => {
      const signal = new AbortController().signal;
      return ended(clock, loop.drain({ deadline: clock.monotonic() + wait, ignoreBackoff, signal }));
    },
    pending: async (target) => {
      const query = { now: store.outboxNow(), limit: 1000, except: new Set<number>(), ignoreBackoff: true };
      return (await store.pending(target, query)).map((entry) => entry.messageId);
    },
  };
}

/** Moves the clock second by second until the work is done; after an hour it never will be. */
async function ended<Result>(clock: ManualClock, work: Promise<Result>): Promise<Result> {
  let done = false;
  const watched = work.finally(() => {
    done = true;
  });
  watched.catch(() => undefined);
  for (let second = 0; !done && second < 3600; second += 1) await clock.advance(second === 0 ? 0 : 1000);
  if (!done) throw new Error('the loop does not end');
  return watched;
}

function collect(logged: Scene['logged']): Log {
  const at = (level: string) => (message: string, fields?: LogFields) => {
    logged.push({ level, message, fields });
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

import type { Alert } from '../alerts/alert.ts';
import { type Bell, createBell } from '../lib/bell.ts';
import type { Clock } from '../lib/clock.ts';
import { SECOND_MS } from '../lib/duration.ts';
import { endsRunner, toHuntwireError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Way } from '../state/detour-store.ts';
import type { Journal } from '../state/journal.ts';
import type { OutboxEntry, OutboxStore, TargetState } from '../state/outbox-store.ts';
import type { SilenceReader } from '../state/silence-store.ts';
import type { Target } from '../targets/target.ts';
import { type Chains, createChains } from './chains.ts';
import { createLasting, type Lasting } from './lasting.ts';
import { createPace, type Pace } from './pace.ts';
import { type DeliveryPart, deliversTo, shardOf } from './parts/delivery-part.ts';
import { shareOfTarget } from './parts/share-of-target.ts';
import { createRecurringFailure, type RecurringFailure } from './recurring-failure.ts';
import { createResultWriter, type ResultWriter } from './result-writer.ts';
import type { SessionEnd } from './session-end.ts';
import type { Fallback } from './stand-in.ts';
import { type Conditions, loadConditions } from './target-conditions.ts';
import { createThrottle, type Throttle } from './throttle.ts';

export interface DeliveryLoopOptions {
  readonly store: OutboxStore;
  readonly targets: readonly Target[];
  readonly clock: Clock;
  readonly log: Log;
  /** From [0, 1), for jitter. */
  readonly random: () => number;
  /** Names of the targets that health alerts go to. */
  readonly healthTargets: readonly string[];
  /** Which ways they go; left out: to all of `healthTargets`. */
  readonly routeHealth?: (alert: Alert) => readonly Way[];
  /** The tenant that health alerts of targets are raised under. */
  readonly tenant: string;
  /** What is silent at the moment; left out: nothing ever is. */
  readonly silences?: SilenceReader;
  /** By target: who stands in for it while it is down. */
  readonly fallbacks?: ReadonlyMap<string, Fallback>;
  /** Which part of the deliveries this loop does; left out: all of it. */
  readonly part?: DeliveryPart;
  /** Whether a delivery may begin at the moment; left out: always. */
  readonly mayBegin?: () => boolean;
  /** Told where there is something new for a target that others deliver to; left out: nobody else delivers. */
  readonly wakeOthers?: () => void;
  /** Told of every result of a delivery; left out: nobody asks. */
  readonly journal?: Journal;
  /** Told now and then while the loop goes on, so that someone notices when it ends; left out: nobody asks. */
  readonly beat?: (part: string, isOver?: boolean) => void;
  /** However quiet it is, the state is looked into this often, ms: another process may have written to it. 15 s where left out. */
  readonly lookMs?: number;
}

export function longestLook({ lookMs = 15 * SECOND_MS }: Pick<DeliveryLoopOptions, 'lookMs'>): number {
  return lookMs;
}

/** `run`: until the signal; `drain`: until nothing is left to do before the deadline (monotonic time). */
export type Mode =
  | { readonly kind: 'run' }
  | { readonly kind: 'drain'; readonly deadline: number; readonly ignoreBackoff: boolean };

/** The work of one target, or of one of its shards. */
export interface Queue {
  readonly target: Target;
  /** What the state calls it: the name of the target, or of the shard. */
  readonly part: string;
  readonly bell: Bell;
  readonly pace: Pace;
  readonly throttle: Throttle;
  /** Of a target to which alerts are handed over again. */
  readonly lasting: Lasting | null;
  /** Refusals with a pause, one after another, without a delivery between them. */
  strikes: number;
  /** Fetched and not started, in order. */
  readonly ready: OutboxEntry[];
  /** Monotonic time since when there has been something in `ready`. */
  readySince: number;
  /** Ids that must not be fetched: ready, in flight, or with a result that is not stored yet. */
  readonly held: Set<number>;
  /** Of a target to which the entries of an order key go one behind another. */
  readonly chains: Chains | null;
  /** Ids that had their attempt in such a part: each gets one before back-off counts again. */
  readonly tried: Set<number>;
  /** Deliveries, of one entry or a batch. */
  inFlight: number;
  /** Length of the alerts that are ready or in flight. */
  characters: number;
  /** The store may hold entries that were not fetched. */
  stale: boolean;
  /** Outbox time up to which due entries were fetched. */
  lookedAt: number;
  /** While blocked: the id of the entry that is sent as a probe. */
  probe: number | null;
  /** While blocked: whether the latest attempt failed for a reason that may pass by itself, and not because somebody has to do something. */
  mayPass: boolean;
  /** First part of a drain, and behind a blocked time: every entry gets one attempt, whatever its back-off. */
  eager: boolean;
  state: TargetState;
  /** Outbox time since which every delivery has failed; null after one that did not. The state is told of it later. */
  downSince: number | null;
  /** Entries up to this id have been given to the target that stands in. */
  divertedTo: number;
  /** Monotonic time of the latest result. */
  progressAt: number;
  delivered: number;
  /** By id of an entry that was answered that the target takes nothing, or nothing now: how often, others being taken in between, and how many had been taken then. */
  readonly blamed: Map<number, { readonly times: number; readonly taken: number }>;
  /** Entries that became dead letters. */
  buried: number;
  /** Why the latest delivery failed; null after one that did not. */
  failure: string | null;
}

/** One run of the loop, from its start to its end. */
export interface Session extends DeliveryLoopOptions {
  readonly mode: Mode;
  readonly end: SessionEnd;
  /** The signal of `end`. */
  readonly signal: AbortSignal;
  /** Aborts deliveries in flight when the grace period is over. */
  readonly giveUp: AbortController;
  readonly queues: readonly Queue[];
  readonly results: ResultWriter;
  readonly conditions: Conditions;
  /** Rung where escalations or digests may have begun. */
  readonly detours: Bell;
  /** Chores follow one another. */
  chores: Promise<void>;
  /** Of chores. */
  readonly failure: RecurringFailure;
  /** Health alerts were committed since the queues were last told. */
  told: boolean;
  /** A chore that refreshes the health conditions is waiting for its turn. */
  refreshing: boolean;
  /** Results that come from now on are lost; their entries are sent again by the next session. */
  isOver: boolean;
}

export async function openSession(options: DeliveryLoopOptions, mode: Mode, end: SessionEnd): Promise<Session> {
  const served = options.targets.filter(({ name }) => deliversTo(options, name));
  const queues = await Promise.all(served.map((target) => openQueue(options, target, mode)));
  const results = createResultWriter({
    ...options,
    fail: end.fail,
    onWritten: (ids) => release(queues, ids),
  });
  const conditions = await loadConditions(options);
  const { signal } = end;
  const failure = createRecurringFailure(options.clock);
  const detours = createBell(options.clock);
  const shared = { mode, end, signal, queues, results, conditions, detours, failure, giveUp: new AbortController() };
  return { ...options, ...shared, chores: Promise.resolve(), told: false, refreshing: false, isOver: false };
}

async function openQueue(options: DeliveryLoopOptions, whole: Target, mode: Mode): Promise<Queue> {
  const shard = shardOf(options);
  const target = shareOfTarget(whole, shard);
  const part = shard?.name ?? target.name;
  const state = await options.store.targetState(part);
  const isEager = mode.kind === 'drain' && mode.ignoreBackoff;
  const pauseEnd = options.clock.monotonic() + (state.pausedUntil ?? 0) - options.store.outboxNow();
  return {
    target,
    part,
    state,
    downSince: state.downSince,
    divertedTo: 0,
    bell: createBell(options.clock),
    pace: createPace(target.traits.ratePerSecond),
    throttle: createThrottle(isEager ? Number.NEGATIVE_INFINITY : pauseEnd),
    lasting: target.traits.resend ? createLasting() : null,
    strikes: 0,
    ready: [],
    readySince: Number.NEGATIVE_INFINITY,
    held: new Set(),
    chains: target.traits.keepsOrder ? createChains() : null,
    tried: new Set(),
    inFlight: 0,
    characters: 0,
    stale: true,
    lookedAt: Number.MIN_SAFE_INTEGER,
    probe: null,
    mayPass: false,
    eager: isEager,
    progressAt: options.clock.monotonic(),
    delivered: 0,
    blamed: new Map(),
    buried: 0,
    failure: null,
  };
}

/** Entries whose results are stored: followers of the same order key may be due now. */
function release(queues: readonly Queue[], ids: readonly number[]): void {
  for (const queue of queues) {
    const before = queue.held.size;
    for (const id of ids) if (queue.held.delete(id)) queue.chains?.release(id);
    if (queue.held.size < before) wake(queue);
  }
}

/** Gives back what was fetched and not started. */
export function putBack(queue: Queue): void {
  for (const entry of queue.ready.splice(0)) letGo(queue, entry);
}

/** The store hands the entry out again. */
export function letGo(queue: Queue, { id, characters }: OutboxEntry): void {
  queue.held.delete(id);
  queue.chains?.release(id);
  queue.characters -= characters;
}

/** Makes a queue look into the store. */
export function wake(queue: Queue): void {
  queue.stale = true;
  queue.bell.ring();
}

/** Work beside the deliveries, one piece after another; a failure is logged, and what it left undone is found by the next refresh. */
export function addChore(session: Session, work: () => Promise<void>): void {
  const { failure } = session;
  session.chores = session.chores.then(work).then(failure.over, (thrown: unknown) => {
    const error = toHuntwireError(thrown);
    if (endsRunner(error)) session.end.fail(error);
    if (!failure.isNews(error.code)) return;
    session.log.error('The delivery loop could not store a change.', { code: error.code, reason: error.message });
  });
}

/** Resolves when no chore is left, those included that chores have added. */
export async function choresDone(session: Session): Promise<void> {
  let last: Promise<void> | null = null;
  while (last !== session.chores) {
    last = session.chores;
    await last;
  }
}

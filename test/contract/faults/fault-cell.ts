import { setTimeout as shortSleep } from 'node:timers/promises';
import { formatNative } from '../../../src/formats/native.ts';
import { PRESETS } from '../../../src/formats/presets/registry.ts';
import { createManualClock, type ManualClock } from '../../../src/lib/clock.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/duration.ts';
import { openMemoryStore } from '../../../src/state/sqlite-store.ts';
import type { Store } from '../../../src/state/store.ts';
import { TARGETS } from '../../../src/targets/registry.ts';
import type { DeliveryResult, Target } from '../../../src/targets/target.ts';
import { createScene, ORIGIN } from '../../outbox/scene.ts';
import { commitAlerts, START } from '../../state/samples.ts';
import type { Certificates } from '../../targets/certificates.ts';
import { targetDeps } from '../../targets/sample-alert.ts';
import { tries } from '../../tries.ts';
import { openAnswerFault } from './answer-faults.ts';
import type { ReceiverFault } from './faults.ts';
import { openMailFault } from './mail-faults.ts';
import { type Behind, RECEIVERS_BEHIND, typeOf } from './receivers-behind.ts';
import { type FaultyPlace, openWireFault } from './wire-faults.ts';

/** What a fault does to an alert for one kind of target. */
export interface FaultCell {
  /** Of the first attempt. */
  readonly outcome: DeliveryResult['kind'];
  readonly reason: string;
  /** While the fault lasted. */
  readonly attempts: number;
  /** Where the alert is after that time. */
  readonly standing: 'pending' | 'dead' | 'delivered';
  /** Ids that the receiver has in the end, once it works again and dead letters were replayed. */
  readonly arrived: readonly string[];
}

export const FAULT_ALERT = 'a'.repeat(32);
const NAME = 'soar';
const NOWHERE = { secure: false, host: '', port: 0, holding: () => 0, close: async () => undefined };
const STEP_MS = 30 * SECOND_MS;
/** Nobody else writes to this state, so that looks for what another process wrote would find nothing. */
const LOOK_MS = HOUR_MS;
/** What is delivered or dead is watched for so long behind its last attempt, to see whether it is sent again. */
const QUIET_MS = tries(10 * MINUTE_MS, HOUR_MS);
/** What takes longer waits for another thread, such as that of names: turns without end would only burn its processor time. */
const QUICK_TURNS = 50;
/** So many short waits for each second that the clock goes on with nobody asleep on purpose. */
const WAITS_A_SECOND = 200;
/** Longer than a step, so that nothing runs out of time that is only waited for. */
const TIMEOUT_SECONDS = 60;
const WITHOUT_TIMEOUT: readonly string[] = ['syslog', 'file', 'stdout'];

/** One alert, so long of the fault (less where the alert is done with), and then a receiver that works. */
export async function measureCell(
  kind: string,
  fault: ReceiverFault,
  { lasts, certificates }: { readonly lasts: number; readonly certificates: Certificates },
): Promise<FaultCell> {
  const behind = await startBehind(kind, certificates);
  const type = typeOf(kind);
  const clock = createManualClock(START, ORIGIN);
  const place = await openFault(fault, behind, clock, certificates);
  const store = openMemoryStore({ clock });
  await commitAlerts(store, [FAULT_ALERT], [NAME]);
  try {
    const one = watched(targetAt(type, behind, placeUrl(behind, place), clock));
    const faulty = await endure(one, { lasts, place, store, clock });
    const standing = await standingOf(store);
    await replayDead(store, clock);
    await recover(watched(targetAt(type, behind, behind.url, clock)), store, clock);
    return { ...faulty, standing, arrived: behind.received() };
  } finally {
    await place.close();
    await behind.close();
    await store.close();
  }
}

function startBehind(kind: string, certificates: Certificates): Promise<Behind> {
  const start = RECEIVERS_BEHIND[kind];
  if (!start) throw new Error(`receivers-behind.ts has no receiver for ${kind}`);
  return start(certificates);
}

function openFault(
  { does }: ReceiverFault,
  { url }: Behind,
  clock: ManualClock,
  certificates: Certificates,
): Promise<FaultyPlace> {
  if ('mail' in does) return openMailFault(does.mail);
  if ('local' in does) return Promise.resolve({ ...NOWHERE, local: does.local });
  if ('answers' in does) return openAnswerFault(does.answers, { now: clock.now, origin: url.origin });
  const isMail = url.protocol === 'tcp:';
  const drip = isMail ? '220-' : 'HTTP/1.1 200 OK\r\nx-slow: ';
  return openWireFault(does.wire, { clock, pair: certificates.server, greets: isMail, drip });
}

/** The receiver's address with the host and port of the fault. */
function placeUrl({ url }: Behind, { secure, host, port, local }: FaultyPlace): URL {
  if (local) return new URL(`fault:${local}`);
  const scheme = url.protocol === 'tcp:' ? ['tcp', 'tls'] : ['http', 'https'];
  const path = url.protocol === 'tcp:' ? '' : `${url.pathname}${url.search}`;
  return new URL(`${scheme[secure ? 1 : 0]}://${host}:${port}${path}`);
}

function targetAt(type: string, behind: Behind, place: URL, clock: ManualClock): Target {
  const plugin = TARGETS.get(type);
  if (!plugin) throw new Error(`the registry has no ${type}`);
  const timeout = WITHOUT_TIMEOUT.includes(type) ? {} : { timeoutSeconds: TIMEOUT_SECONDS };
  const deps = targetDeps({ name: NAME, clock, format: formatNative, preset: PRESETS.get(type) ?? null });
  if (behind.create) return behind.create(place, deps);
  return plugin.create({ type, ...timeout, ...behind.settings(place) }, deps);
}

interface WatchedTarget {
  readonly target: Target;
  readonly results: DeliveryResult[];
  attempts(): number;
  underWay(): number;
}

function watched(target: Target): WatchedTarget {
  const results: DeliveryResult[] = [];
  let started = 0;
  let ended = 0;
  const watch = async <Answer extends DeliveryResult | readonly DeliveryResult[]>(work: Promise<Answer>) => {
    started += 1;
    const answer = await work.finally(() => {
      ended += 1;
    });
    results.push(...[answer].flat());
    return answer;
  };
  const { deliverMany } = target;
  return {
    target: {
      ...target,
      deliver: (delivery, signal) => watch(target.deliver(delivery, signal)),
      ...(deliverMany && { deliverMany: (deliveries, signal) => watch(deliverMany(deliveries, signal)) }),
    },
    results,
    attempts: () => started,
    underWay: () => started - ended,
  };
}

interface Endured {
  readonly lasts: number;
  readonly place: FaultyPlace;
  readonly store: Store;
  readonly clock: ManualClock;
}

async function endure(one: WatchedTarget, { lasts, place, store, clock }: Endured) {
  const scene = createScene({ targets: [one.target], store, clock, lookMs: LOOK_MS });
  await scene.start();
  let looked = { attempts: -1, isPending: true };
  for (let passed = 0, quiet = 0; passed < lasts && quiet < QUIET_MS; passed += STEP_MS) {
    await settled(one, place.holding);
    const attempts = one.attempts();
    await clock.advance(STEP_MS);
    // Where no attempt ended, the entry stands as it stood.
    if (looked.attempts !== attempts) looked = { attempts, isPending: (await standingOf(store)) === 'pending' };
    quiet = one.attempts() > attempts || looked.isPending ? 0 : quiet + STEP_MS;
  }
  await settled(one, place.holding);
  const attempts = one.attempts();
  await closed(one.target, clock);
  await scene.stop();
  const [first] = one.results;
  return { outcome: first?.kind ?? 'again', reason: first && 'reason' in first ? first.reason : '', attempts };
}

async function standingOf(store: Store): Promise<FaultCell['standing']> {
  const query = { now: store.outboxNow(), limit: 10, except: new Set<number>(), ignoreBackoff: true };
  if ((await store.pending(NAME, query)).length > 0) return 'pending';
  return (await store.deadLetters({ target: NAME, ids: null })).length > 0 ? 'dead' : 'delivered';
}

async function replayDead(store: Store, clock: ManualClock): Promise<void> {
  const dead = await store.deadLetters({ target: NAME, ids: null });
  await store.replay(
    dead.map(({ id }) => id),
    clock.now(),
  );
}

/** The next process, which finds a receiver that works. */
async function recover(one: WatchedTarget, store: Store, clock: ManualClock): Promise<void> {
  const scene = createScene({ targets: [one.target], store, clock, lookMs: LOOK_MS });
  await scene.start();
  for (let passed = 0; passed < HOUR_MS && (await standingOf(store)) !== 'delivered'; passed += STEP_MS) {
    await clock.advance(STEP_MS);
    await outlasted(() => one.underWay() === 0, clock);
  }
  await closed(one.target, clock);
  await scene.stop();
}

/** Lets sockets work without letting the clock go on, until nothing but time ends what is under way. */
async function settled({ underWay }: WatchedTarget, holding: () => number): Promise<void> {
  for (let turn = 0; underWay() > holding(); turn += 1) await (turn < QUICK_TURNS ? turnOfLoop() : shortSleep(1));
}

const turnOfLoop = (): Promise<void> => new Promise(setImmediate);

/** A close may take its time to see whether what was sent has been read. */
async function closed(target: Target, clock: ManualClock): Promise<void> {
  let isClosed = false;
  const closing = target.close().finally(() => {
    isClosed = true;
  });
  await clock.advance(10 * SECOND_MS);
  await outlasted(() => isClosed, clock);
  await closing;
}

/**
 * What sockets and time have to end together. On a busy machine a connection may be there only when the step of the clock is over, and what then
 * waits for time would wait for ever: so the clock goes on, much slower than sockets work.
 */
async function outlasted(isOver: () => boolean, clock: ManualClock): Promise<void> {
  for (let turn = 0; turn < QUICK_TURNS && !isOver(); turn += 1) await turnOfLoop();
  for (let wait = 1; !isOver(); wait += 1) {
    await shortSleep(1);
    if (wait % WAITS_A_SECOND === 0) await clock.advance(SECOND_MS);
  }
}

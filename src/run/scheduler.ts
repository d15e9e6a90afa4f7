import { MINUTE_MS } from '../lib/duration.ts';
import { toHuntwireError } from '../lib/errors.ts';
import type { Lane } from '../sources/quota/lanes.ts';
import type { Admission, Refusal } from '../sources/quota/quota-meter.ts';
import { keepArrivals } from './arrivals/keep-arrivals.ts';
import { keepClock } from './clock/keep-clock.ts';
import { knownTime } from './clock/known-time.ts';
import { type Desk, openDesk } from './desk/desk.ts';
import { enterRules, noteOutlooks, noteRules } from './desk/enter-rules.ts';
import type { AskedTenant } from './desk/errands.ts';
import { finishRunning } from './desk/finish-running.ts';
import { createGate } from './desk/gate.ts';
import { tellOutlook } from './desk/outlook.ts';
import { planAnew, planStart, pushAnew } from './desk/plan-turns.ts';
import { type FullLane, laneOf, type NextTurn, type WaitingTurn } from './desk/ready-turns.ts';
import { tellOthers } from './desk/tell-others.ts';
import { endErrands, takeErrands, workErrand } from './desk/work-errand.ts';
import { noteFault, workTurn } from './desk/work-turn.ts';
import { noteSwitched } from './empty/note-switched.ts';
import { riseAfter } from './lag.ts';
import { chooseRides } from './pack/choose-rides.ts';
import { learningSource } from './pack/learn-answer.ts';
import { startPack } from './pack/start-pack.ts';
import { intervalOf } from './schedule.ts';
import { sumUp } from './silences/sum-up.ts';
import { longestSleep, type RunDeps } from './tenant.ts';
import type { Turn } from './turn.ts';

/**
 * Runs the rules of one tenant on their schedules until `signal` aborts; until the service's clock is known it plans nothing. Where
 * `handOver` aborts it ends, too, as another takes the tenant over, and leaves runs the time they need. Rejects with STATE_FENCED when
 * another runner took over, with STATE_GONE when the state is not there any more.
 */
export async function runSchedule(
  tenant: AskedTenant,
  deps: RunDeps,
  signal: AbortSignal,
  handOver: AbortSignal = new AbortController().signal,
): Promise<void> {
  const desk = openDesk(tenant, deps);
  const ended = new AbortController();
  const stop = (): void => {
    ended.abort();
    desk.bell.ring();
  };
  for (const one of [signal, handOver]) one.addEventListener('abort', stop);
  if (signal.aborted || handOver.aborted) stop();
  const unlisten = tenant.serviceClock.listen(desk.bell.ring);
  const deaf = tenant.listenToRules?.(desk.bell.ring);
  const unasked = tenant.errands?.listen(desk.bell.ring);
  const keeping = Promise.all([
    keepClock(tenant, deps, ended.signal),
    tenant.arrivals && keepArrivals(tenant, tenant.arrivals, deps, ended.signal),
  ]);
  try {
    await runDesk(desk, ended.signal).finally(() => endErrands(desk));
    await finishRunning(desk, signal, handOver);
  } finally {
    for (const one of [signal, handOver]) one.removeEventListener('abort', stop);
    unlisten();
    deaf?.();
    unasked?.();
    stop();
    await keeping;
  }
  if (!signal.aborted && !desk.fatal) beat(desk, true);
  if (desk.fatal) throw desk.fatal;
}

async function runDesk(desk: Desk, signal: AbortSignal): Promise<void> {
  const { serviceClock } = desk.tenant;
  while (!signal.aborted && serviceClock.now() === null) {
    beat(desk);
    await desk.bell.wait(longestSleep(desk.deps));
  }
  if (signal.aborted) return;
  desk.plannedBy = serviceClock.settings();
  // Those that were changed while nobody knew the time are entered as such: what was open of one that is gone would stay so.
  noteRules(desk);
  const rules = desk.rules.filter(({ id }) => !desk.entering.has(id));
  await noteSwitched({ ...desk.tenant, rules }, desk.deps);
  await noteOutlooks(desk, rules);
  planStart(desk, rules);
  while (!signal.aborted && !desk.fatal) await tick(desk);
}

function beat({ deps, tenant }: Desk, isOver = false): void {
  deps.beat?.(`runs of ${tenant.name}`, isOver);
}

async function tick(desk: Desk): Promise<void> {
  beat(desk);
  lookAtClocks(desk);
  await takeUpRules(desk);
  takeDue(desk);
  takeErrands(desk);
  const waitMs = await startReady(desk);
  await look(desk);
  const dueMs = (desk.heap.earliest() ?? Number.POSITIVE_INFINITY) - desk.deps.clock.monotonic();
  const longestMs = longestSleep(desk.deps);
  await desk.bell.wait(Math.max(0, Math.min(dueMs, waitMs ?? longestMs, longestMs)));
}

/** What of the rules was changed is taken up at once, or when its run has ended. */
async function takeUpRules(desk: Desk): Promise<void> {
  noteRules(desk);
  try {
    await enterRules(desk);
  } catch (thrown) {
    noteFault(desk, 'rules that were changed could not be taken up; it is tried again', toHuntwireError(thrown));
  }
}

/** Once a minute. */
async function look(desk: Desk): Promise<void> {
  const now = desk.deps.clock.monotonic();
  if (now - desk.toldAt < MINUTE_MS) return;
  desk.toldAt = now;
  await tellOutlook(desk);
  await tellOthers(desk);
  try {
    await sumUp(desk.tenant.name, knownTime(desk.tenant.serviceClock), desk.deps);
  } catch (thrown) {
    noteFault(desk, 'silences that ended could not be summed up; it is tried again', toHuntwireError(thrown));
  }
}

/** After a jump of our clock the service's is asked for again, as the machine may have slept; meanwhile it goes on as it was known. */
function lookAtClocks(desk: Desk): void {
  const { serviceClock } = desk.tenant;
  const movedMs = desk.jumped();
  if (movedMs !== 0) serviceClock.doubt();
  if (movedMs === 0 && serviceClock.settings() === desk.plannedBy) return;
  desk.plannedBy = serviceClock.settings();
  planAnew(desk, Math.max(0, movedMs));
}

/** The service's clock may have been corrected by a little since a turn was planned: it fires when that clock has reached its time. */
function takeDue(desk: Desk): void {
  const now = desk.deps.clock.monotonic();
  const serviceNow = knownTime(desk.tenant.serviceClock);
  for (let turn = desk.heap.pop(now); turn; turn = desk.heap.pop(now)) {
    if ((turn.scheduledAt ?? serviceNow) > serviceNow) pushAnew(desk, turn);
    else desk.ready.add(waitingTurn(desk, turn, now));
  }
}

function waitingTurn({ behindSince }: Desk, turn: Turn, now: number): WaitingTurn<Turn> {
  const { rule, kind } = turn;
  const dueAt = kind === 'backlog' ? (behindSince.get(rule.id) ?? now) : now;
  const lane = laneOf(rule, kind);
  return { item: turn, kind: kind === 'due' ? 'due' : 'backlog', lane, dueAt, riseMs: riseAfter(intervalOf(rule)) };
}

/** The best lane that has no room, and how long it or a lower one waits. */
interface LaneWaits {
  readonly full: FullLane | null;
  readonly waitMs: number | null;
}

const NO_WAITS: LaneWaits = { full: null, waitMs: null };

/** Whether a better lane may go where one has to wait: nobody does while the tenant is paused or all places are taken. */
function isOfLane(reason: Refusal): boolean {
  return reason !== 'paused' && reason !== 'concurrency' && reason !== 'clock';
}

/** Starts what the quota admits, best lane first; tells how long to wait before asking again, or null when nothing waits for the quota. */
async function startReady(desk: Desk): Promise<number | null> {
  let waits: LaneWaits = NO_WAITS;
  for (;;) {
    const isRunning = (turn: Turn): boolean => desk.running.has(turn.rule.id);
    const next = desk.ready.peek(desk.deps.clock.monotonic(), isRunning, waits.full);
    if (!next || desk.fatal) return waits.waitMs;
    const admission = await admitNext(desk, next.lane);
    if (admission.kind === 'wait') {
      if (!isOfLane(admission.reason)) return admission.waitMs;
      const full = { lane: next.lane, isHeld: admission.reason === 'held' };
      waits = { full, waitMs: Math.min(admission.waitMs, waits.waitMs ?? admission.waitMs) };
      continue;
    }
    waits = NO_WAITS;
    await start(desk, next, admission.call);
  }
}

/** Alone, or with others in one call. */
async function start(desk: Desk, next: NextTurn<Turn>, call: number): Promise<void> {
  const rides = await chooseRides(desk, next);
  const started = rides ? startPack(desk, rides, call) : startAlone(desk, next, call);
  for (const { turn } of rides?.map((ride) => ride.next) ?? [next]) desk.ready.remove(turn);
  for (const [id, work] of started)
    desk.running.set(
      id,
      work.finally(() => ended(desk, id)),
    );
}

function startAlone(desk: Desk, next: NextTurn<Turn>, call: number): ReadonlyMap<string, Promise<void>> {
  const { item: turn } = next.turn;
  const gate = createGate(desk, next, call);
  if (turn.errand) return new Map([[turn.rule.id, workErrand(desk, turn, turn.errand, gate)]]);
  const source = turn.kind === 'sweep' ? turn.tenant.source : learningSource(desk, turn.rule);
  return new Map([[turn.rule.id, workTurn(desk, turn, gate, source)]]);
}

function ended(desk: Desk, id: string): void {
  desk.running.delete(id);
  desk.bell.ring();
}

/** A meter that cannot write holds everything up, and ends nothing. */
async function admitNext(desk: Desk, lane: Lane): Promise<Admission> {
  try {
    return await desk.tenant.meter.admit(lane);
  } catch (thrown) {
    noteFault(desk, 'no call could be admitted', toHuntwireError(thrown));
    return { kind: 'wait', waitMs: MINUTE_MS, reason: 'paused' };
  }
}

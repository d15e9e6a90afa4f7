import { type Bell, createBell } from '../lib/bell.ts';
import { HOUR_MS, MINUTE_MS } from '../lib/duration.ts';
import { endsRunner, type HuntwireError, toHuntwireError } from '../lib/errors.ts';
import type { Lane } from '../sources/quota/lanes.ts';
import type { RuleState } from '../state/store.ts';
import { isPending } from './coverage/ledger.ts';
import { createDueHeap, type DueHeap } from './due-heap.ts';
import { createReadyTurns, laneOf, type ReadyTurns } from './lanes.ts';
import { noteDisabled } from './note-disabled.ts';
import { timetableOf } from './schedule.ts';
import type { RunDeps, Tenant } from './tenant.ts';
import { type Turn, takeTurn } from './turn.ts';

/** How long runs may go on after the scheduler was told to stop. */
const GRACE_MS = 20_000;
/** The longest sleep between two looks at the clock: it may be set, and the machine may sleep. */
const LONGEST_SLEEP_MS = MINUTE_MS;
const FIRST_RETRY_MS = MINUTE_MS;
const LONGEST_RETRY_MS = 15 * MINUTE_MS;
const BLOCKED_RETRY_MS = HOUR_MS;

interface Desk {
  readonly tenant: Tenant;
  readonly deps: RunDeps;
  readonly heap: DueHeap<Turn>;
  readonly ready: ReadyTurns<Turn>;
  readonly running: Map<string, Promise<void>>;
  /** Rules that have a backlog turn in the heap, ready or running. */
  readonly catchingUp: Set<string>;
  readonly bell: Bell;
  /** Ends the queries of runs that outlast the grace. */
  readonly hard: AbortController;
  fatal: HuntwireError | null;
}

/** Runs the rules of one tenant on their schedules until `signal` aborts. Rejects with STATE_FENCED when another runner took over, with STATE_GONE when the state is not there any more. */
export async function runSchedule(tenant: Tenant, deps: RunDeps, signal: AbortSignal): Promise<void> {
  const desk = openDesk(tenant, deps);
  const stop = (): void => desk.bell.ring();
  signal.addEventListener('abort', stop);
  await planStart(desk);
  while (!signal.aborted && !desk.fatal) await tick(desk);
  signal.removeEventListener('abort', stop);
  await finishRunning(desk);
  if (desk.fatal) throw desk.fatal;
}

function openDesk(tenant: Tenant, deps: RunDeps): Desk {
  return {
    tenant,
    deps,
    heap: createDueHeap(),
    ready: createReadyTurns(),
    running: new Map(),
    catchingUp: new Set(),
    bell: createBell(deps.clock),
    hard: new AbortController(),
    fatal: null,
  };
}

/** Every rule is first due at the latest time of its own grid, so that what was missed is made up for at once. */
async function planStart(desk: Desk): Promise<void> {
  const now = desk.deps.clock.now();
  await noteDisabled(desk.tenant, desk.deps);
  for (const rule of desk.tenant.rules) {
    if (rule.status === 'disabled') continue;
    const timetable = timetableOf(rule);
    const at = timetable.latest(now) ?? timetable.next(now);
    if (at !== null) desk.heap.push(at, { tenant: desk.tenant, rule, timetable, kind: 'due', scheduledAt: at });
  }
}

async function tick(desk: Desk): Promise<void> {
  const now = desk.deps.clock.now();
  for (let turn = desk.heap.pop(now); turn; turn = desk.heap.pop(now))
    desk.ready.add(laneOf(turn.rule, turn.kind), turn);
  const waitMs = await startReady(desk);
  const dueMs = (desk.heap.earliest() ?? Number.POSITIVE_INFINITY) - desk.deps.clock.now();
  await desk.bell.wait(Math.max(0, Math.min(dueMs, waitMs ?? LONGEST_SLEEP_MS, LONGEST_SLEEP_MS)));
}

/** Starts what the quota admits, best lane first; tells how long to wait before asking again, or null when nothing waits for the quota. */
async function startReady(desk: Desk): Promise<number | null> {
  for (;;) {
    const next = desk.ready.peek((turn) => desk.running.has(turn.rule.id));
    if (!next || desk.fatal) return null;
    const admission = await desk.tenant.meter.admit(next.lane);
    if (admission.kind === 'wait') return admission.waitMs;
    desk.ready.remove(next.lane, next.item);
    const { id } = next.item.rule;
    const running = work(desk, next.item, next.lane, admission.call).finally(() => {
      desk.running.delete(id);
      desk.bell.ring();
    });
    desk.running.set(id, running);
  }
}

/** One turn and what follows from it. Never rejects. */
async function work(desk: Desk, turn: Turn, lane: Lane, call: number): Promise<void> {
  const gate = createGate(desk, lane, call);
  try {
    const state = await desk.deps.store.ruleState(turn.tenant.name, turn.rule.id);
    const options = { admit: gate.admit, signal: desk.hard.signal, dryRun: false, state };
    const report = isResting(desk, state) ? null : await takeTurn(turn, options, desk.deps);
    planNext(desk, turn, report?.commit.rule ?? (turn.kind === 'due' ? state : null));
  } catch (thrown) {
    afterFault(desk, turn, toHuntwireError(thrown));
  } finally {
    await gate.close();
  }
}

/** A blocked rule is tried again at each scheduled time, at most hourly. */
function isResting(desk: Desk, state: RuleState | null): boolean {
  const triedAt = state?.lastRun?.startedAt ?? 0;
  return state?.standing === 'blocked' && desk.deps.clock.now() - triedAt < BLOCKED_RETRY_MS;
}

interface Gate {
  admit(): Promise<number>;
  close(): Promise<void>;
}

/** The first call of a run was admitted before it began; further ones wait their turn. An admission that was not used is given back. */
function createGate(desk: Desk, lane: Lane, call: number): Gate {
  const { meter } = desk.tenant;
  let first: number | null = call;
  const admit = async (): Promise<number> => {
    if (first !== null) {
      const own = first;
      first = null;
      return own;
    }
    for (;;) {
      const admission = await meter.admit(lane);
      if (admission.kind === 'go') return admission.call;
      await desk.deps.clock.sleep(admission.waitMs, desk.hard.signal);
    }
  };
  return {
    admit,
    close: async () => {
      if (first !== null) await meter.release(first);
    },
  };
}

/** `left` is the rule's state behind the turn; also one that had nothing to ask, as after a restart, may leave windows to catch up with. */
function planNext(desk: Desk, turn: Turn, left: Omit<RuleState, 'lastRun'> | null): void {
  const now = desk.deps.clock.now();
  if (turn.kind === 'backlog') desk.catchingUp.delete(turn.rule.id);
  else planDueTurn(desk, turn, now);
  if (!left?.ledger.some(isPending) || desk.catchingUp.has(turn.rule.id) || left.standing === 'blocked') return;
  desk.catchingUp.add(turn.rule.id);
  const wait = left.standing === 'ok' ? 0 : retryAfter(left.failures);
  desk.heap.push(now + wait, { ...turn, kind: 'backlog', scheduledAt: null });
}

function planDueTurn(desk: Desk, turn: Turn, now: number): void {
  const next = turn.timetable.next(Math.max(turn.scheduledAt ?? now, turn.timetable.latest(now) ?? now));
  if (next !== null) desk.heap.push(next, { ...turn, scheduledAt: next });
}

function retryAfter(failures: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(10, Math.max(0, failures - 1)));
}

/** Nothing was committed: the frontier stands where it stood, and the same turn is taken again in a minute. */
function afterFault(desk: Desk, turn: Turn, error: HuntwireError): void {
  const { id } = turn.rule;
  if (desk.hard.signal.aborted) return;
  if (endsRunner(error)) desk.fatal = error;
  desk.heap.push(desk.deps.clock.now() + FIRST_RETRY_MS, turn);
  desk.deps.log.error('run left nothing behind', {
    tenant: desk.tenant.name,
    ruleId: id,
    code: error.code,
    reason: error.message,
  });
}

async function finishRunning(desk: Desk): Promise<void> {
  const timer = new AbortController();
  const grace = desk.deps.clock.sleep(GRACE_MS, timer.signal).then(
    () => desk.hard.abort(new Error('stopped')),
    () => undefined,
  );
  await Promise.all(desk.running.values());
  timer.abort();
  await grace;
}

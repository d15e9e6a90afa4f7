import { createBell } from '../../lib/bell.ts';
import { MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import { longestSleep, type RunDeps, type Tenant } from '../tenant.ts';
import { askClock, timeOf } from './ask-clock.ts';
import { createClockNotes } from './clock-notes.ts';
import { greet } from './greet.ts';

/** One round asks so often, */
const ROUND_CALLS = 3;
/** and the next one begins so long after it at the earliest. */
const ROUND_EVERY_MS = 15 * MINUTE_MS;
const FIRST_RETRY_MS = 10 * SECOND_MS;
const LONGEST_RETRY_MS = MINUTE_MS;

interface Course {
  readonly tenant: Tenant;
  readonly deps: RunDeps;
  readonly signal: AbortSignal;
  greeted: boolean;
  inRound: boolean;
  /** When the latest round began, monotonic ms. */
  roundAt: number;
  /** Calls of this round that told a time, and while the clock is known those that did not, too. */
  asked: number;
  /** Attempts in a row that told nothing. */
  failures: number;
}

/**
 * Finds the service's clock out where it is not known, and asks for it again where something speaks against it, until `signal` aborts:
 * first the login host, which costs nothing, then in rounds of metered calls; what ordinary answers tell meanwhile counts, too. Never rejects.
 */
export async function keepClock(tenant: Tenant, deps: RunDeps, signal: AbortSignal): Promise<void> {
  const bell = createBell(deps.clock);
  const unlisten = tenant.serviceClock.listen(bell.ring);
  signal.addEventListener('abort', bell.ring);
  const course = startCourse(tenant, deps, signal);
  const notes = createClockNotes(tenant, deps);
  while (!signal.aborted) {
    const waitMs = await step(course).catch((thrown: unknown) => afterFault(course, thrown));
    await notes.keep();
    await bell.wait(Math.min(waitMs, longestSleep(deps)));
  }
  unlisten();
  signal.removeEventListener('abort', bell.ring);
}

function startCourse(tenant: Tenant, deps: RunDeps, signal: AbortSignal): Course {
  const roundAt = Number.NEGATIVE_INFINITY;
  return { tenant, deps, signal, greeted: false, inRound: false, roundAt, asked: 0, failures: 0 };
}

/** Does what is to be done now and gives how long nothing else is. */
async function step(course: Course): Promise<number> {
  const { tenant, signal } = course;
  const { serviceClock } = tenant;
  if (serviceClock.isSure()) {
    course.inRound = false;
    course.failures = 0;
    return longestSleep(course.deps);
  }
  if (!course.greeted && !serviceClock.hasHeard()) {
    const { failure } = await greet(tenant, signal);
    if (failure && !serviceClock.hasHeard()) return retryMs(course);
    course.greeted = true;
    return 0;
  }
  return askInRound(course);
}

async function askInRound(course: Course): Promise<number> {
  const { tenant, deps, signal } = course;
  const sinceRound = deps.clock.monotonic() - course.roundAt;
  if (!course.inRound && sinceRound < ROUND_EVERY_MS) return ROUND_EVERY_MS - sinceRound;
  const sampleInMs = tenant.serviceClock.sampleInMs();
  if (sampleInMs > 0) return sampleInMs;
  const admission = await tenant.meter.admitClock();
  if (admission.kind === 'wait') return admission.waitMs;
  if (!course.inRound) beginRound(course);
  const ended = await askClock(tenant, { call: admission.call, fresh: course.failures > 0, signal }, deps);
  return noteAnswer(course, timeOf(ended) !== null);
}

function beginRound(course: Course): void {
  course.inRound = true;
  course.roundAt = course.deps.clock.monotonic();
  course.asked = 0;
}

/** While nothing is known, a call that told nothing is no part of the round: nothing else goes anyway. */
function noteAnswer(course: Course, told: boolean): number {
  if (told || course.tenant.serviceClock.now() !== null) course.asked += 1;
  if (course.asked >= ROUND_CALLS) course.inRound = false;
  if (!told) return retryMs(course);
  course.failures = 0;
  return 0;
}

/** Nobody told anything: again after 10 s, 20 s, 40 s and then every minute. */
function retryMs(course: Course): number {
  course.failures += 1;
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(10, course.failures - 1));
}

function afterFault({ tenant, deps, signal }: Course, thrown: unknown): number {
  if (signal.aborted) return 0;
  const { code, message } = toHuntwireError(thrown);
  deps.log.warn("the service's clock could not be asked", { tenant: tenant.name, code, reason: message });
  return MINUTE_MS;
}

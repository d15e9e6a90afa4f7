import type { Cache } from '../../lib/cache.ts';
import type { Clock } from '../../lib/clock.ts';
import { SECOND_MS } from '../../lib/duration.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { Tenant } from '../tenant.ts';
import { agreedOffset, type ClockSample } from './agreement.ts';
import { askClock, timeOf } from './ask-clock.ts';
import { greet } from './greet.ts';
import { rememberSkew } from './stored-skew.ts';

export interface LearnOptions {
  /** Monotonic ms until which answers are waited for. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

export interface LearnDeps {
  readonly clock: Clock;
  readonly cache: Pick<Cache, 'set'>;
}

interface Lesson {
  readonly tenant: Tenant;
  readonly deps: LearnDeps;
  readonly options: LearnOptions;
  samples: readonly ClockSample[];
  /** Of the latest attempt that told nothing. */
  failure: HuntwireError | null;
  failures: number;
}

const FIRST_RETRY_MS = 2 * SECOND_MS;
/** Who asks only once is content with so many answers that agree. */
const AGREEING = 2;

/**
 * Finds the service's clock out for work that ends soon: from the login where our clock bears it out, else from two answers that agree.
 * Rejects with what stands in the way of any answer, with SOURCE_CLOCK where answers do not agree, with ABORTED and STATE_ errors.
 */
export async function learnClock(tenant: Tenant, options: LearnOptions, deps: LearnDeps): Promise<void> {
  const lesson: Lesson = { tenant, deps, options, samples: [], failure: null, failures: 0 };
  if (tenant.serviceClock.now() === null) {
    const { serviceTime, failure } = await greet(tenant, options.signal);
    await note(lesson, serviceTime, failure);
  }
  while (tenant.serviceClock.now() === null) await askOnce(lesson);
  const skewMs = tenant.serviceClock.skewMs();
  if (skewMs !== null) await rememberSkew(deps.cache, tenant.name, skewMs);
}

async function askOnce(lesson: Lesson): Promise<void> {
  const { tenant, deps, options } = lesson;
  const admission = await tenant.meter.admitClock();
  if (admission.kind === 'wait') return waitFor(lesson, admission.waitMs);
  const question = { call: admission.call, fresh: lesson.failures > 0, signal: options.signal };
  const ended = await askClock(tenant, question, deps);
  await note(lesson, timeOf(ended), ended.error);
}

async function note(lesson: Lesson, serviceTime: number | null, failure: HuntwireError | null): Promise<void> {
  const { serviceClock } = lesson.tenant;
  const at = lesson.deps.clock.monotonic();
  if (serviceTime === null) {
    lesson.failure = failure;
    lesson.failures += failure ? 1 : 0;
    if (failure) await waitFor(lesson, FIRST_RETRY_MS * 2 ** Math.min(10, lesson.failures - 1));
    return;
  }
  lesson.samples = [...lesson.samples, { offset: serviceTime - at, at }];
  const agreed = agreedOffset(lesson.samples, AGREEING);
  if (serviceClock.now() === null && agreed !== null) serviceClock.set(agreed + at);
}

async function waitFor(lesson: Lesson, waitMs: number): Promise<void> {
  const { clock } = lesson.deps;
  if (clock.monotonic() + waitMs > lesson.options.deadline) throw unknown(lesson);
  await clock.sleep(waitMs, lesson.options.signal);
}

function unknown({ tenant, samples, failure }: Lesson): HuntwireError {
  if (samples.length === 0 && failure) return failure;
  const heard = samples.length === 0 ? 'no answer told it' : 'answers do not agree with this clock or with each other';
  const message = `The service's time is not known for tenant ${tenant.name}: ${heard}. Nothing was asked. Set this machine's clock, or wait longer with --wait.`;
  return new HuntwireError('SOURCE_CLOCK', message, { retryable: true });
}

import { type HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import type { Tenant } from '../tenant.ts';

/** What a login brought: the host's word on the time (epoch ms), which has been observed, and its failure. */
export interface Greeting {
  readonly serviceTime: number | null;
  readonly failure: HuntwireError | null;
}

/** Gets the token that the first query needs anyway, and with it the login host's word on the time. Rejects when `signal` aborts. */
export async function greet(
  { source, serviceClock }: Pick<Tenant, 'source' | 'serviceClock'>,
  signal: AbortSignal,
): Promise<Greeting> {
  const greeting = await greetingOf(source, signal);
  signal.throwIfAborted();
  if (greeting.serviceTime !== null) serviceClock.observe(greeting.serviceTime);
  return greeting;
}

async function greetingOf(source: Tenant['source'], signal: AbortSignal): Promise<Greeting> {
  try {
    return { serviceTime: (await source.greet?.(signal)) ?? null, failure: null };
  } catch (thrown) {
    const failure = toHuntwireError(thrown);
    return { serviceTime: failure.serviceTime, failure };
  }
}

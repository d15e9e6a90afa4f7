import type { App } from '../app.ts';
import { endsRunner, toHuntwireError } from '../lib/errors.ts';
import { countOf } from '../lib/text.ts';
import { tellHealth } from '../run/tell-health.ts';
import { longestSleep, type RunDeps } from '../run/tenant.ts';

/** What the alert about a refused reload is about. */
export const REFUSED_SUBJECT = 'configuration';

/**
 * Where processes share the work: tells, where this one has the chores, which of them run on by what they had because they refused what they
 * read again. It is one alert, and over once none does.
 */
export async function tellRefusals({
  app,
}: {
  readonly app: Pick<App, 'tenants' | 'charge' | 'leased'>;
}): Promise<void> {
  const runs = app.charge();
  const [tenant] = app.tenants;
  if (!runs || !tenant || !app.leased) return;
  const refused = await app.leased.book.refusals.list();
  const [first] = refused;
  const who = refused.map(({ machine, pid }) => `process ${pid} on ${machine}`).join(', ');
  const message = first
    ? `${countOf(refused.length, 'process', 'processes')} of those that share the work refused what was read again and goes on as before: ${who}. ${first.text}`
    : 'Every process that shares the work runs by what it read last.';
  const condition = { code: 'reload-refused', subject: REFUSED_SUBJECT, firing: refused.length > 0 } as const;
  await tellHealth(tenant, [{ ...condition, message, again: false, rule: null }], runs);
}

/** The same each minute until the signal, as long as this process has the chores. Never rejects but with what ends the runner. */
export async function keepRefusals(
  app: Pick<App, 'tenants' | 'charge' | 'leased'>,
  runs: RunDeps,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await tellRefusals({ app }).catch((thrown: unknown) => {
      const error = toHuntwireError(thrown);
      if (endsRunner(error)) throw error;
      const { code, message } = error;
      runs.log.warn('who refused what was read again could not be looked at', { code, reason: message });
    });
    // The sleep rejects when the work is stopped, which the loop looks at next.
    await runs.clock.sleep(longestSleep(runs), signal).catch(() => undefined);
  }
}

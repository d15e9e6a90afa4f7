import type { HealthCode } from '../../alerts/alert.ts';
import { DAY_MS } from '../../lib/duration.ts';
import { endsRunner, toHuntwireError } from '../../lib/errors.ts';
import { type OwnCondition, tellHealth } from '../tell-health.ts';
import type { RunDeps, Tenant } from '../tenant.ts';

/** What a look has found of one thing that ends some day. */
export interface EndingThing {
  /** The tenant under which it is told. */
  readonly tenant: string;
  readonly code: Extract<HealthCode, 'expiry' | 'api-retires'>;
  readonly subject: string;
  /** `unknown`: it could not be seen, and what was told of it stands; of a target, all that was told of what it shows. */
  readonly state: 'ending' | 'fine' | 'unknown';
  readonly message: string;
}

type ExpiryDeps = Pick<RunDeps, 'store' | 'clock' | 'log' | 'healthTargets' | 'routeHealth' | 'committed' | 'silences'>;

/** Looks at the start and once a day at what ends some day, and tells what does within 30 days, until `signal` aborts. Never rejects but with what ends the runner. */
export async function keepExpiries(
  tenants: () => readonly Tenant[],
  look: () => Promise<readonly EndingThing[]>,
  deps: ExpiryDeps,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await tellExpiries(tenants(), await look(), deps);
    } catch (thrown) {
      const error = toHuntwireError(thrown);
      if (endsRunner(error)) throw error;
      const { code, message } = error;
      if (!signal.aborted) deps.log.warn('What expires could not be looked at.', { code, reason: message });
    }
    await deps.clock.sleep(DAY_MS, signal).catch(() => undefined);
  }
}

/** What is open and not found any more is over: it was renewed, or is not in use. Rejects with STATE_ errors. */
export async function tellExpiries(
  tenants: readonly Tenant[],
  found: readonly EndingThing[],
  deps: ExpiryDeps,
): Promise<void> {
  const open = (await deps.store.openHealth()).filter(({ code }) => code === 'expiry' || code === 'api-retires');
  for (const tenant of tenants) {
    const own = found.filter((one) => one.tenant === tenant.name);
    const gone = open
      .filter((record) => record.tenant === tenant.name)
      .filter((record) => !own.some((one) => isAbout(one, record)))
      .map(({ code, subject }) => condition({ code, subject, message: 'It is not in use any more.' }, false));
    const seen = own.filter(({ state }) => state !== 'unknown').map((one) => condition(one, one.state === 'ending'));
    await tellHealth(tenant, [...seen, ...gone], deps);
  }
}

/** What a target shows is known by its name and, in brackets, its address. */
function isAbout({ code, subject, state }: EndingThing, record: Pick<OwnCondition, 'code' | 'subject'>): boolean {
  if (code !== record.code) return false;
  return subject === record.subject || (state === 'unknown' && record.subject.startsWith(`${subject} (`));
}

function condition(
  { code, subject, message }: Pick<OwnCondition, 'code' | 'subject' | 'message'>,
  firing: boolean,
): OwnCondition {
  return { code, subject, message, firing, again: false, rule: null };
}

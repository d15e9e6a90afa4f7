import { MINUTE_MS } from '../../lib/duration.ts';
import { endsRunner, toHuntwireError } from '../../lib/errors.ts';
import type { RunDeps, Tenant } from '../tenant.ts';
import { createProof, type Proof } from './prove-source.ts';

type ProofDeps = Pick<RunDeps, 'store' | 'clock' | 'log'>;

function nameOf(tenant: string): string {
  return `answered:${tenant}`;
}

/**
 * Notes in the state, as often as heartbeats are sent, that the source of a tenant has answered: where processes share the work, another one
 * may send them. `everyMs` null: nobody does. Never rejects but with what ends the runner.
 */
export async function keepProof(
  tenant: Tenant,
  everyMs: () => number | null,
  deps: ProofDeps,
  signal: AbortSignal,
): Promise<void> {
  const proof = createProof(tenant, (everyMs() ?? MINUTE_MS) / 2, deps);
  while (!signal.aborted) {
    if (everyMs() !== null) await note(tenant, proof, deps, signal);
    await deps.clock.sleep(everyMs() ?? MINUTE_MS, signal).catch(() => undefined);
  }
}

async function note({ name }: Tenant, proof: Proof, { store, clock, log }: ProofDeps, signal: AbortSignal) {
  try {
    if ((await proof.lack(signal)) === null) await store.cache.set(nameOf(name), String(Math.round(clock.now())));
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (endsRunner(error)) throw error;
    if (!signal.aborted) log.warn('that a tenant answers could not be noted', { tenant: name, reason: error.message });
  }
}

/** Proof by what was noted last, within twice the time between two heartbeats. */
export function createNotedProof(tenant: string, everyMs: number, { store, clock }: Omit<ProofDeps, 'log'>): Proof {
  return {
    tenant,
    lack: async () => {
      const at = Number((await store.cache.get(nameOf(tenant))) ?? Number.NEGATIVE_INFINITY);
      if (clock.now() - at <= 2 * everyMs) return null;
      return `${tenant}: the process that runs it has had no answer`;
    },
  };
}

import { once } from 'node:events';
import type { App } from '../../app.ts';
import { endHeartbeats } from '../../run/heartbeat/end-heartbeats.ts';
import { keepHeartbeat } from '../../run/heartbeat/keep-heartbeat.ts';
import type { Proof } from '../../run/heartbeat/prove-source.ts';
import { createFollower, type Follower } from './follower.ts';

/** The heartbeat as it is configured at the time. */
export function createHeartbeats(app: Pick<App, 'config' | 'tenants' | 'runs'>, proofOf?: ProofMaker): Follower {
  return createFollower(
    () => groundsOf(app),
    (signal) => beatUntil(app, signal, proofOf),
  );
}

/** Gives the proof that a tenant answers, by its name. */
type ProofMaker = (tenant: string, everyMs: number) => Proof;

/** What it goes by: as long as all of these are the same, it goes on. */
function groundsOf({ config: { heartbeat }, tenants }: Pick<App, 'config' | 'tenants'>): readonly unknown[] {
  return [heartbeat?.target, heartbeat?.everyMs, ...tenants];
}

async function beatUntil(
  { config: { heartbeat }, tenants, runs }: Pick<App, 'config' | 'tenants' | 'runs'>,
  signal: AbortSignal,
  proofOf?: ProofMaker,
): Promise<void> {
  await endHeartbeats(heartbeat?.target ?? null, tenants, runs);
  if (heartbeat && proofOf) {
    const proofs = tenants.map(({ name }) => proofOf(name, heartbeat.everyMs));
    await keepHeartbeat(heartbeat, tenants, runs, signal, proofs);
  } else if (heartbeat) await keepHeartbeat(heartbeat, tenants, runs, signal);
  else if (!signal.aborted) await once(signal, 'abort');
}

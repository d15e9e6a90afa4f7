import { withJoined } from '../../lib/abort.ts';
import type { Lane } from '../../sources/quota/lanes.ts';
import { askClock } from '../clock/ask-clock.ts';
import type { RunDeps, Tenant } from '../tenant.ts';

/** Knows whether a tenant's source has answered a query since it was last asked. */
export interface Proof {
  readonly tenant: string;
  /** Null where it has; else why not. Where nothing else was answered meanwhile, it asks the cheapest query itself. Rejects with STATE_ errors and ABORTED. */
  lack(signal: AbortSignal): Promise<string | null>;
}

/** Whatever else waits goes first. */
const LANE: Lane = 'backlog';

/** `patienceMs`: how long room in the quota is waited for. */
export function createProof(tenant: Tenant, patienceMs: number, deps: Pick<RunDeps, 'clock'>): Proof {
  let answered = tenant.meter.endings().answered;
  let going: Promise<string | null> | null = null;
  const prove = async (signal: AbortSignal): Promise<string | null> => {
    const blocked = tenant.source.blockedBy?.();
    if (blocked) return `${tenant.name}: ${blocked.code}: ${blocked.message}`;
    const before = answered;
    const failure = tenant.meter.endings().answered > before ? null : await ask(tenant, patienceMs, deps, signal);
    answered = tenant.meter.endings().answered;
    return failure === null ? null : `${tenant.name}: ${failure}`;
  };
  const lack = (signal: AbortSignal): Promise<string | null> => {
    going ??= prove(signal).finally(() => {
      going = null;
    });
    return going;
  };
  return { tenant: tenant.name, lack };
}

/**
 * What each of them lacks, after `patienceMs` at most as soon as one lacks nothing: a source that hangs holds up no other's proof, and is
 * asked nothing more meanwhile. Where none has answered by then, the first that does is waited for.
 */
export async function lacksOf(
  proofs: readonly Proof[],
  patienceMs: number,
  clock: RunDeps['clock'],
  signal: AbortSignal,
): Promise<readonly (string | null)[]> {
  const lacks: (string | null)[] = proofs.map(({ tenant }) => `${tenant}: it has not answered yet`);
  const over = new AbortController();
  let noteAnswer = (): void => undefined;
  const firstAnswer = new Promise<void>((resolve) => {
    noteAnswer = resolve;
  });
  const asked = proofs.map(async (proof, at) => {
    lacks[at] = await proof.lack(signal);
    if (lacks[at] === null) noteAnswer();
  });
  const all = Promise.all(asked);
  // What fails later fails the next one, too.
  all.catch(() => undefined);
  const patience = withJoined([signal, over.signal], (either) => clock.sleep(patienceMs, either)).catch(
    () => undefined,
  );
  await Promise.race([all, patience]);
  over.abort();
  if (!lacks.includes(null)) await Promise.race([all, firstAnswer]);
  return [...lacks];
}

async function ask(
  tenant: Tenant,
  patienceMs: number,
  { clock }: Pick<RunDeps, 'clock'>,
  signal: AbortSignal,
): Promise<string | null> {
  const deadline = clock.monotonic() + patienceMs;
  for (;;) {
    const admission = await tenant.meter.admit(LANE);
    if (admission.kind === 'go') {
      const { error } = await askClock(tenant, { call: admission.call, fresh: false, signal }, { clock });
      return error === null ? null : `${error.code}: ${error.message}`;
    }
    if (clock.monotonic() + admission.waitMs > deadline) return noRoom(admission.reason);
    await clock.sleep(admission.waitMs, signal);
  }
}

function noRoom(reason: string): string {
  return reason === 'clock' ? 'its service has not told its time yet' : `its quota has no room (${reason})`;
}

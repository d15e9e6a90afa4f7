import { keepExpiries } from '../../run/expiries/keep-expiries.ts';
import { createNotedProof } from '../../run/heartbeat/keep-proof.ts';
import { keepTidy } from '../../run/keep-tidy.ts';
import { keepTakeovers } from '../../run/machines/keep-takeovers.ts';
import type { RunDeps } from '../../run/tenant.ts';
import { machinesOn } from '../../state/state-place.ts';
import { createHeartbeats } from './heartbeats.ts';
import { lookAtExpiries } from './look-expiries.ts';
import type { RunningApp } from './running-app.ts';
import { createTelling } from './telling.ts';

/** What there is once, however many tenants and targets there are. */
export interface Chores {
  readonly parts: readonly Promise<void>[];
  /** Goes by what is configured now; resolves when the work by what was before has ended. */
  follow(): Promise<void>;
}

interface ChoreGround {
  readonly app: RunningApp;
  readonly runs: RunDeps;
  /** Whether other processes run some of the tenants: then a tenant's proof and time are what its own process knows. */
  readonly isShared: boolean;
}

/** Begins them; they go on until the signal. */
export function choresOf({ app, runs, isShared }: ChoreGround, signal: AbortSignal): Chores {
  const own = ownApp(app, runs);
  const proofOf = isShared ? (name: string, everyMs: number) => createNotedProof(name, everyMs, runs) : undefined;
  const heartbeats = createHeartbeats(own, proofOf);
  const events = createTelling(own);
  const timed = (): RunningApp['tenants'] => app.tenants.filter(({ errands }) => !isShared || errands !== undefined);
  const parts = [
    keepTidy({ ...runs, tenants: timed, keep: () => app.config.retention }, signal),
    heartbeats.run(signal),
    ...takeoversOf(app, runs, signal),
    events.run(signal),
    keepExpiries(
      () => app.tenants,
      () => lookAtExpiries(app, runs.clock.now(), signal),
      runs,
      signal,
    ),
  ];
  const follow = async (): Promise<void> => {
    await Promise.all([heartbeats.follow(), events.follow()]);
  };
  return { parts, follow };
}

/** The app as it is at the moment, with these runs. */
function ownApp(app: RunningApp, runs: RunDeps): RunningApp {
  return Object.create(app, { runs: { value: runs } }) as RunningApp;
}

/** On a file nobody can take over. */
function takeoversOf(app: RunningApp, runs: RunDeps, signal: AbortSignal): readonly Promise<void>[] {
  const { state } = app.config;
  if ('path' in state) return [];
  const count = async (): Promise<number> => (await machinesOn(state))?.takeovers ?? 0;
  return [keepTakeovers(() => app.tenants, count, runs, signal)];
}

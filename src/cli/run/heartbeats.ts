import { once } from 'node:events';
import type { App } from '../../app.ts';
import { endHeartbeats } from '../../run/heartbeat/end-heartbeats.ts';
import { keepHeartbeat } from '../../run/heartbeat/keep-heartbeat.ts';

/** The heartbeat as it is configured at the time. */
export interface Heartbeats {
  run(signal: AbortSignal): Promise<void>;
  /** Goes by what is configured now; resolves when the one before has ended. */
  follow(): Promise<void>;
}

export function createHeartbeats(app: Pick<App, 'config' | 'tenants' | 'runs'>): Heartbeats {
  let going: { readonly stop: AbortController; readonly done: Promise<void>; readonly by: readonly unknown[] } | null =
    null;
  const start = (signal: AbortSignal): Promise<void> => {
    const stop = new AbortController();
    const done = beatUntil(app, AbortSignal.any([signal, stop.signal]));
    going = { stop, done, by: groundsOf(app) };
    return done;
  };
  return {
    run: async (signal) => {
      while (!signal.aborted) await start(signal);
    },
    follow: async () => {
      const now = groundsOf(app);
      if (going && now.length === going.by.length && now.every((one, at) => one === going?.by[at])) return;
      going?.stop.abort();
      await going?.done.catch(() => undefined);
    },
  };
}

/** What it goes by: as long as all of these are the same, it goes on. */
function groundsOf({ config: { heartbeat }, tenants }: Pick<App, 'config' | 'tenants'>): readonly unknown[] {
  return [heartbeat?.target, heartbeat?.everyMs, ...tenants];
}

async function beatUntil(
  { config: { heartbeat }, tenants, runs }: Pick<App, 'config' | 'tenants' | 'runs'>,
  signal: AbortSignal,
): Promise<void> {
  await endHeartbeats(heartbeat?.target ?? null, tenants, runs);
  if (heartbeat) await keepHeartbeat(heartbeat, tenants, runs, signal);
  else if (!signal.aborted) await once(signal, 'abort');
}

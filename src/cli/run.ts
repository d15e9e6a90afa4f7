import { type App, openApp } from '../app.ts';
import { withJoined } from '../lib/abort.ts';
import { closeAll } from '../lib/all-ended.ts';
import { toHuntwireError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { RunnerState } from '../state/runner-state.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { createHost } from './host.ts';
import { withConfig } from './options.ts';
import { readWithBlocked } from './read-config.ts';
import { type Prepared, runInTurns } from './run/in-turn.ts';
import { type Hangups, listenToHangups, openReload } from './run/open-reload.ts';
import { runApp } from './run-app.ts';
import type { World } from './terminal/world.ts';

export const run: Verb = (program, world, done) => {
  withConfig(program.command('run'))
    .option('--skip-broken', 'leave broken rules out, tell them as errors, and run the others', false)
    .action(async (options: RunOptions) => done(await runUntilStopped(world, options)));
};

interface RunOptions {
  readonly config: string;
  readonly skipBroken: boolean;
}

async function runUntilStopped(world: World, options: RunOptions): Promise<number> {
  const hangups = listenToHangups(world);
  try {
    return await runWith(world, options, hangups);
  } finally {
    hangups.close();
  }
}

async function runWith(world: World, { config: file, skipBroken }: RunOptions, hangups: Hangups): Promise<number> {
  const { signal } = world;
  const prepare = (): Prepared => {
    const config = readWithBlocked(world, file);
    const host = createHost(world, config, 'worker', 'run');
    return { config, host: { ...host, skipsBroken: skipBroken, blocksTenants: true, signal } };
  };
  const first = prepare();
  const work = async (prepared: Prepared, state?: RunnerState): Promise<void> => {
    const { lost } = state ?? {};
    await withJoined([signal, ...(lost ? [lost] : [])], (either) =>
      runOne({ world: { ...world, signal: either }, file, hangups }, prepared, state),
    );
    if (!signal.aborted) lost?.throwIfAborted();
  };
  if ('path' in first.config.state) await work(first);
  else await runInTurns({ first, prepare, work, signal });
  return EXIT.ok;
}

/** One run of the app; `state` is one that is open already. */
async function runOne(
  { world, file, hangups }: { readonly world: World; readonly file: string; readonly hangups: Hangups },
  { config, host }: Prepared,
  state?: RunnerState,
): Promise<void> {
  const { signal } = world;
  const isCounted = config.http !== null || config.metrics !== null;
  const figures = isCounted ? (await import('./run/figures.ts')).createFigures(host) : null;
  const http =
    config.http && figures && (await import('./run/http-door.ts')).createHttpDoor(config.http, host, figures);
  const counting = { ...(figures && { journal: figures.metrics.note }), ...(http && { beat: http.pulse.beat }) };
  const app = await openApp(config, { ...host, ...counting }, state).catch((thrown) =>
    nullWhereStopped(thrown, signal),
  );
  if (!app) return;
  figures?.of(app);
  const end = new AbortController();
  const pushing = figures?.push(config.metrics, end.signal);
  try {
    const reload = await openReload(world, { app, host, file, hangups });
    try {
      const desk = http || app.leased ? (await import('./run/action-desk.ts')).openActionDesk(app, host, reload) : null;
      const closers = [() => desk?.close()];
      try {
        const listening = desk && (await http?.open(app, desk));
        if (listening) closers.unshift(listening.close);
        await runAll(app, host.log, signal);
      } finally {
        await closeAll(closers);
      }
    } finally {
      await reload.close();
    }
  } finally {
    end.abort();
    await pushing;
    await app.close();
  }
}

/** What runs on a file does all of the work. */
async function runAll(app: App, log: Log, signal: AbortSignal): Promise<void> {
  if (!app.leased) return runApp(app, log, signal);
  const { runShared } = await import('./run/leases/run-shared.ts');
  return runShared(app, app.leased, log, signal);
}

/** A stop before anything ran is none of its failures. */
function nullWhereStopped(thrown: unknown, signal: AbortSignal): null {
  if (signal.aborted && toHuntwireError(thrown).code === 'ABORTED') return null;
  throw thrown;
}

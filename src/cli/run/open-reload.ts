import type { Host } from '../../app/host.ts';
import { createReload, type Reload, resolveRefusal } from '../../app/reload.ts';
import type { App } from '../../app.ts';
import type { Config } from '../../config/config.ts';
import { marksOf } from '../../lib/files/file-marks.ts';
import { readWithBlocked } from '../read-config.ts';
import type { World } from '../terminal/world.ts';
import { followChanges } from './follow-changes.ts';

/** Hang-ups (SIGHUP), from the start of a process on: one that nobody listens to would end it. */
export interface Hangups {
  /** One that came before is told at once. */
  listen(listener: () => void): void;
  close(): void;
}

export function listenToHangups(world: Pick<World, 'onHangup'>): Hangups {
  let listener: (() => void) | null = null;
  let isWaiting = false;
  const close = world.onHangup?.(() => {
    if (listener) listener();
    else isWaiting = true;
  });
  return {
    listen: (one) => {
      listener = one;
      if (isWaiting) one();
    },
    close: () => close?.(),
  };
}

export interface ReloadOptions {
  readonly app: App;
  readonly host: Host;
  /** The configuration file, as it was given. */
  readonly file: string;
  readonly hangups: Pick<Hangups, 'listen'>;
}

/** What reads everything again, by itself at a hang-up and where `watch` is set. */
export interface OpenReload {
  readonly reload: Reload;
  /** Reads nothing any more; waits for what goes on. */
  close(): Promise<void>;
}

export async function openReload(world: World, { app, host, file, hangups }: ReloadOptions): Promise<OpenReload> {
  const { clock, log } = host;
  const read = (): Config => {
    const config = readWithBlocked(world, file);
    host.learnSecrets?.(config);
    return config;
  };
  const reload = createReload({ app, read, clock, log });
  await resolveRefusal({ app });
  const end = new AbortController();
  const going = new Set<Promise<unknown>>();
  const track = (one: Promise<unknown>): Promise<unknown> => {
    going.add(one);
    return one.finally(() => going.delete(one));
  };
  hangups.listen(() => void track(reload('signal')));
  const watching = followChanges({
    marks: () => marksOf(watchedPaths(app.config)),
    isWatching: () => app.config.watch,
    changed: () => track(reload('files')),
    clock,
    signal: end.signal,
  });
  return {
    reload,
    close: async () => {
      hangups.listen(() => undefined);
      end.abort();
      await Promise.all([watching, ...going]);
    },
  };
}

/** Files of secrets and certificates are followed by whoever uses them. */
function watchedPaths({ file, tenants, overlays, functions, watchlists, schemas = [] }: Config): readonly string[] {
  return [
    file,
    ...new Set(tenants.flatMap(({ rules }) => rules)),
    ...overlays,
    ...functions,
    ...Object.values(watchlists),
    ...schemas,
  ];
}

import { existsSync, type FSWatcher, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { HuntwireError } from '../../lib/errors.ts';
import type { World } from '../terminal/world.ts';

/** Editors write a file in several steps: what follows within this time is the same change. */
const SETTLE_MS = 150;

/** Runs `again` once, and after each change below the paths, one after another, until the world's signal aborts. */
export async function watchPaths(world: World, paths: readonly string[], again: () => Promise<void>): Promise<void> {
  const { signal, clock } = world;
  const bell = createBell();
  const watchers = paths.map((path) => startWatcher(path, bell.ring));
  const stop = (): void => bell.ring();
  signal.addEventListener('abort', stop);
  try {
    while (!signal.aborted) {
      bell.reset();
      await again();
      if (signal.aborted) break;
      await bell.rung();
      await clock.sleep(SETTLE_MS, signal).catch(() => undefined);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    for (const watcher of watchers) watcher.close();
  }
}

/** What lint reads, and what may be a folder. Other files may lie beside it, such as the one that its output goes into. */
export function mayMatter(name: string | null): boolean {
  return name === null || !/\.\w+$/.test(name) || /\.(?:ya?ml|json|kql|csl|csv|tsv)$/i.test(name);
}

/** Of a file its folder is watched: a file that is replaced is another one. */
function startWatcher(path: string, changed: () => void): FSWatcher {
  if (!existsSync(path)) throw new HuntwireError('USAGE', `--watch: there is no ${path}.`);
  const isFolder = statSync(path).isDirectory();
  const watcher = watch(isFolder ? path : dirname(path), { recursive: isFolder }, (_, name) => {
    if (mayMatter(name)) changed();
  });
  // A folder that goes away is told by the next pass.
  watcher.on('error', changed);
  return watcher;
}

function createBell(): { ring(): void; reset(): void; rung(): Promise<void> } {
  let ring = (): void => undefined;
  let rung: Promise<void> = Promise.resolve();
  const reset = (): void => {
    rung = new Promise((resolve) => {
      ring = resolve;
    });
  };
  reset();
  return { ring: () => ring(), reset, rung: () => rung };
}

import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder where it is missing, and its name durable: a state in a folder whose name never reached the disk is lost with it when power
 * fails, whatever was synced inside. Also one that is there may have been made by a process that died before this. `sync` brings the names in
 * a folder to the disk.
 */
export function makeDurableFolder(path: string, sync: (folder: string) => void = syncFolder): void {
  const folder = resolve(path);
  const made = mkdirSync(folder, { recursive: true });
  const highest = dirname(made ?? folder);
  for (let parent = dirname(folder); ; parent = dirname(parent)) {
    sync(parent);
    if (parent === highest || parent === dirname(parent)) return;
  }
}

/** Where a folder cannot be opened or synced, as on Windows, the system has to see to it. */
function syncFolder(path: string): void {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    fsyncSync(file);
  } catch {
    return;
  } finally {
    if (file !== null) closeSync(file);
  }
}

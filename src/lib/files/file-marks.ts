import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of tools, which no file of ours lies in. */
const LEFT_OUT = /^(?:\.|node_modules$)/;

/**
 * A text that is another one once any of the files, or any file below the folders, was written, replaced, added or removed. Links are
 * followed; what cannot be looked at counts as not there.
 */
export async function marksOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) await markOne(path, (text) => hash.update(text));
  return hash.digest('hex');
}

async function markOne(path: string, add: (text: string) => unknown): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!found) add(`${path}\0none\n`);
  else if (!found.isDirectory()) add(`${path}\0${found.ino}\0${found.size}\0${found.mtimeMs}\n`);
  else {
    const names = (await readdir(path).catch(() => [])).filter((name) => !LEFT_OUT.test(name)).sort();
    for (const name of names) await markOne(join(path, name), add);
  }
}

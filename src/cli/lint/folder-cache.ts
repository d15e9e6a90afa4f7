import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cache } from '../../lib/cache.ts';

/**
 * A cache in a folder, a file an answer, for verbs that are called again and again. What cannot be read or written is not there: losing it
 * costs time. Synchronous, because thousands of small files are read before anything else goes on.
 */
export function createFolderCache(folder: string): Cache {
  mkdirSync(folder, { recursive: true });
  let written = 0;
  const fileOf = (key: string): string => join(folder, `${createHash('sha256').update(key).digest('hex')}.json`);
  return {
    get: async (key) => {
      try {
        return readFileSync(fileOf(key), 'utf8');
      } catch {
        return null;
      }
    },
    set: async (key, value) => {
      written += 1;
      const beside = join(folder, `.${process.pid}-${written}`);
      try {
        writeFileSync(beside, value, { mode: 0o600 });
        renameSync(beside, fileOf(key));
      } catch {
        // A full or read-only folder.
      }
    },
  };
}

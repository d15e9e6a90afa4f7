import { readFileSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import { SECOND_MS } from '../duration.ts';

/** Files that may be replaced while we run. */
export interface FollowedFiles {
  /** What they hold now: their texts, in the order of the paths. */
  texts(): readonly string[];
  /** Why the texts may be older than the files; null: they are not. */
  trouble(): string | null;
}

/** How often a file is read at most, and how long it must have been left alone: whoever writes may be half way. */
const LOOK_EVERY_MS = SECOND_MS;

interface Followed {
  readonly path: string;
  text: string;
  /** What the latest look found: it counts when the next one finds it again. */
  seen: string;
  trouble: string | null;
}

/**
 * Small files, such as certificates and keys, as they are now: read for whoever asks, at most once a second, so that no way to replace
 * one goes unseen. What a look finds anew counts once another finds it, too. One that is gone, empty or cannot be read is trouble; its
 * text of before holds meanwhile. Those that cannot be read at first are empty.
 */
export function followFiles(paths: readonly (string | undefined)[], clock: Pick<Clock, 'monotonic'>): FollowedFiles {
  const files = paths.filter((path) => path !== undefined).map(firstLook);
  let lookedAt = clock.monotonic();
  const lookAgain = (): void => {
    if (clock.monotonic() - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = clock.monotonic();
    for (const file of files) look(file);
  };
  return {
    texts: () => {
      lookAgain();
      return files.map(({ text }) => text);
    },
    trouble: () => files.map(({ trouble }) => trouble).find((trouble) => trouble !== null) ?? null,
  };
}

function firstLook(path: string): Followed {
  const file: Followed = { path, text: '', seen: '', trouble: null };
  look(file);
  file.text = file.seen;
  return file;
}

function look(file: Followed): void {
  try {
    const found = readFileSync(file.path, 'utf8');
    file.trouble = found === '' ? `The file ${file.path} is empty.` : null;
    if (found !== '' && found === file.seen) file.text = found;
    file.seen = found;
  } catch (error) {
    const reason = (error as { readonly code?: unknown } | null)?.code;
    file.trouble = `The file ${file.path} cannot be read${typeof reason === 'string' ? ` (${reason})` : ''}.`;
  }
}

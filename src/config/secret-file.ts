import type { Clock } from '../lib/clock.ts';
import { SECOND_MS } from '../lib/duration.ts';
import type { SecretOrigin } from '../lib/secret.ts';

/** How files of secrets are looked at again. */
export interface SecretFiles {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** When a file was last written, in epoch ms; null where what stands there can be read only once, such as a pipe. Throws where nothing does. */
  readonly modifiedAt: (path: string) => number | null;
}

export interface SecretFileOptions {
  /** Absolute. */
  readonly path: string;
  /** What the file held when the configuration was read. */
  readonly first: string;
  readonly files: SecretFiles;
  readonly readFile: (path: string) => string;
}

/** How often a file is read at most, and how long it must have been left alone: whoever writes may be half way. */
const LOOK_EVERY_MS = SECOND_MS;
const SETTLED_MS = SECOND_MS;

/**
 * The text of a file as it is now. It is read for whoever asks, at most once a second, so that no way to replace a file goes unseen:
 * written over with its old time, renamed, a symbolic link that leads elsewhere. A file that is gone, empty or cannot be read is
 * trouble; the text before holds meanwhile.
 */
export function followSecretFile({ path, first, files, readFile }: SecretFileOptions): SecretOrigin {
  const { clock, modifiedAt } = files;
  let text = first;
  let seen = first;
  let trouble: string | null = null;
  let lookedAt = clock.monotonic();
  const look = (): void => {
    const writtenAt = modifiedAt(path);
    if (writtenAt === null) return;
    const found = withoutLineBreak(readFile(path));
    const isSettled = found === seen || Math.abs(clock.now() - writtenAt) >= SETTLED_MS;
    seen = found;
    trouble = found === '' && text !== '' ? `The file ${path} is empty.` : null;
    if (isSettled && trouble === null) text = found;
  };
  const lookAgain = (): void => {
    if (clock.monotonic() - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = clock.monotonic();
    try {
      look();
    } catch (error) {
      trouble = unreadableFile(path, error);
    }
  };
  return {
    text: () => {
      lookAgain();
      return text;
    },
    trouble: () => trouble,
  };
}

export function unreadableFile(path: string, error: unknown): string {
  const reason = (error as { readonly code?: unknown } | null)?.code;
  return `The file ${path} cannot be read${typeof reason === 'string' ? ` (${reason})` : ''}.`;
}

/** One line break at the end is what an editor leaves there and no part of the secret. */
export function withoutLineBreak(text: string): string {
  return text.replace(/\r?\n$/, '');
}

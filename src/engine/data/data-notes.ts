import { HuntwireError } from '../../lib/errors.ts';

/** What whoever reads local data must be told, each thing once. */
export interface DataNotes {
  /** Something was not read, or became null. Throws CONFIG_INVALID where that was asked to be an error. */
  lose(message: string): void;
  say(message: string): void;
  all(): readonly string[];
}

export function createDataNotes(strict: boolean): DataNotes {
  const notes = new Set<string>();
  return {
    lose(message) {
      if (strict) throw new HuntwireError('CONFIG_INVALID', message);
      notes.add(message);
    },
    say: (message) => void notes.add(message),
    all: () => [...notes],
  };
}

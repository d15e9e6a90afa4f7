import { createHash } from 'node:crypto';
import { diskRules, type RuleIo } from '../../rules/rule-files.ts';
import { digestOf } from '../kept/keeping.ts';

/** The disk, and what was read from it. */
export interface RecordedReads {
  readonly io: RuleIo;
  /** The digest of a file's bytes; undefined: it was not read. */
  textOf(file: string): string | undefined;
  /** One digest of all that was read beside these files and their tests. */
  others(files: readonly string[]): string;
}

export function recordReads(): RecordedReads {
  const digests = new Map<string, string>();
  const read = async (file: string): Promise<Uint8Array> => {
    const bytes = await diskRules.read(file);
    digests.set(file, createHash('sha256').update(bytes).digest('base64'));
    return bytes;
  };
  return {
    io: { ...diskRules, read },
    textOf: (file) => digests.get(file),
    others: (files) => {
      const own = new Set(files);
      const others = [...digests].filter(([file]) => !own.has(file) && !/\.test\.yaml$/i.test(file));
      return digestOf(...others.sort(([a], [b]) => (a < b ? -1 : 1)).flat());
    },
  };
}

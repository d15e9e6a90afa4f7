import { diskRules, type RuleIo } from '../../rules/rule-files.ts';

/** The disk, with the texts in front of it that an editor holds. */
export function heldFiles(held: ReadonlyMap<string, string>): RuleIo {
  return {
    kind: async (path) => (held.has(path) ? 'file' : diskRules.kind(path)),
    list: (folder) => diskRules.list(folder),
    identity: (path) => diskRules.identity(path).catch(() => path),
    read: async (file) => {
      const text = held.get(file);
      return text === undefined ? diskRules.read(file) : Buffer.from(text);
    },
    size: async (file) => {
      const text = held.get(file);
      return text === undefined ? ((await diskRules.size?.(file)) ?? 0) : Buffer.byteLength(text);
    },
  };
}

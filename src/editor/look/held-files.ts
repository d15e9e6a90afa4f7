import { dirname, relative, sep } from 'node:path';
import { diskRules, type RuleIo } from '../../rules/rule-files.ts';

/** The disk, with the texts in front of it that an editor holds, also where they were never saved. */
export function heldFiles(held: ReadonlyMap<string, string>): RuleIo {
  return {
    kind: async (path) => {
      if (held.has(path)) return 'file';
      const kind = await diskRules.kind(path);
      return kind === 'absent' && namesIn(held, path).length > 0 ? 'folder' : kind;
    },
    list: async (folder) => {
      const names = await diskRules.list(folder).catch((error: unknown) => {
        if (namesIn(held, folder).length === 0) throw error;
        return [];
      });
      return [...new Set([...names, ...namesIn(held, folder)])];
    },
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

/** What stands in a folder by the texts that are held. */
function namesIn(held: ReadonlyMap<string, string>, folder: string): readonly string[] {
  const below = [...held.keys()].filter((file) => file.startsWith(folder) && dirname(file) !== file);
  const names = below.map((file) => relative(folder, file).split(sep)[0] ?? '');
  return names.filter((name) => name !== '' && name !== '..');
}

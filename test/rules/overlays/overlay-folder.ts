import { join } from 'node:path';
import { type LoadedRules, loadRules } from '../../../src/rules/load-rules.ts';
import type { RuleIo } from '../../../src/rules/rule-files.ts';

/** Files by their paths below `/set`, as the loader sees a file system. */
export function memoryFiles(files: Readonly<Record<string, string>>): RuleIo {
  const paths = Object.keys(files).map((name) => join('/set', name));
  const below = (folder: string): readonly string[] => paths.filter((path) => path.startsWith(`${folder}/`));
  return {
    kind: async (path) => (paths.includes(path) ? 'file' : below(path).length > 0 ? 'folder' : 'absent'),
    list: async (folder) => [
      ...new Set(below(folder).map((path) => path.slice(folder.length + 1).split('/')[0] ?? '')),
    ],
    identity: async (path) => path,
    read: async (path) => Buffer.from(files[path.slice('/set/'.length)] ?? ''),
  };
}

/** What is loaded of `rules` with what lies in `overlays` laid over it. */
export function loadSet(files: Readonly<Record<string, string>>, paths = ['/set/rules']): Promise<LoadedRules> {
  const overlays = Object.keys(files).some((name) => name.startsWith('overlays/')) ? ['/set/overlays'] : [];
  return loadRules({ paths, overlays, roots: ['/set/rules'], folder: '/set' }, memoryFiles(files));
}

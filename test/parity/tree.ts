import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a repository, or of a copy of it. Paths are from its root. */
export interface Tree {
  /** null where there is no such file. */
  read(path: string): string | null;
  /** Paths of all files below a folder; none where there is no such folder. */
  list(folder: string): readonly string[];
}

/** Each file is read once: what changes on the disk later is not seen. */
export function openTree(root: string): Tree {
  const texts = new Map<string, string | null>();
  const lists = new Map<string, readonly string[]>();
  return {
    read: (path) => kept(texts, path, () => textOf(join(root, path))),
    list: (folder) => kept(lists, folder, () => pathsBelow(root, folder)),
  };
}

/** The tree as if some files held something else, or (null) were not there. */
export function editedTree(tree: Tree, edits: Readonly<Record<string, string | null>>): Tree {
  const added = Object.keys(edits).filter((path) => edits[path] !== null);
  return {
    read: (path) => (path in edits ? (edits[path] ?? null) : tree.read(path)),
    list: (folder) => {
      const kept = tree.list(folder).filter((path) => edits[path] !== null);
      return [...new Set([...kept, ...added.filter((path) => path.startsWith(`${folder}/`))])];
    },
  };
}

function kept<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const value = known.has(key) ? (known.get(key) as Value) : make();
  known.set(key, value);
  return value;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function pathsBelow(root: string, folder: string): readonly string[] {
  const path = join(root, folder);
  if (!existsSync(path) || !statSync(path).isDirectory()) return [];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

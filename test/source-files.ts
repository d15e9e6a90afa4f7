import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';

/** A file of src as the tests see it. */
export interface SourceFile {
  readonly path: string;
  /** Path below src. */
  readonly name: string;
  readonly text: string;
}

export const sourceFolder = resolve(import.meta.dirname, '../src');

function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? pathsBelow(join(folder, entry.name))
      : entry.name.endsWith('.ts')
        ? [join(folder, entry.name)]
        : [],
  );
}

/** Every file of a source folder. */
export function sourceFiles(folder = sourceFolder): readonly SourceFile[] {
  return pathsBelow(folder).map((path) => ({ path, name: relative(folder, path), text: readFileSync(path, 'utf8') }));
}

const DECLARED = /^export (?:declare )?(?:async )?(?:function\*? |const |class |type |interface )(\w+)/gm;
/** What a plugin takes out of an object that a function made: `export const { name, create } = …`. */
const TAKEN_OUT = /^export const \{([^}]*)\}/gm;

/** The names that a file declares and exports; what it only passes on is not among them. */
export function exportedNames({ text }: Pick<SourceFile, 'text'>): readonly string[] {
  const declared = [...text.matchAll(DECLARED)].map((match) => match[1] ?? '');
  const taken = [...text.matchAll(TAKEN_OUT)].flatMap((match) => match[1]?.match(/\w+/g) ?? []);
  return [...declared, ...taken];
}

export interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
  /** Not before the code gets there. */
  readonly later: boolean;
}

export function importsOf(name: string, text: string): Import[] {
  const found: Import[] = [];
  for (const match of text.matchAll(/^(import|export)\s+(type\s+)?([^;'"]*?)\s*from\s*['"]([^'"]+)['"]/gms)) {
    // `import { type A }` is no import of types only: the compiler keeps the import itself, and the file is loaded.
    found.push({ file: name, target: match[4] ?? '', typeOnly: Boolean(match[2]), later: false });
  }
  for (const match of text.matchAll(/import\(\s*['"`]([^'"`]+)['"`]|^import\s+['"]([^'"]+)['"]/gm)) {
    found.push({ file: name, target: match[1] ?? match[2] ?? '', typeOnly: false, later: match[1] !== undefined });
  }
  return found;
}

/** The files of src, and the packages, that are loaded with a file before it runs. */
export function loadedWith(file: string, files: ReadonlyMap<string, string>): ReadonlySet<string> {
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const { target, typeOnly, later } of importsOf(name, files.get(name) ?? '')) {
      if (!typeOnly && !later)
        load(target.startsWith('.') ? posix.normalize(posix.join(dirname(name), target)) : target);
    }
  };
  load(file);
  return loaded;
}

const importsByText = new Map<string, readonly Omit<Import, 'file'>[]>();

/** As importsOf, of texts that are asked for again and again. */
function knownImports(text: string): readonly Omit<Import, 'file'>[] {
  const known = importsByText.get(text) ?? importsOf('', text);
  importsByText.set(text, known);
  return known;
}

/** Paths below src of the files that a file imports, or passes on. */
export function localImports({ name, text }: Pick<SourceFile, 'name' | 'text'>, typesToo = true): readonly string[] {
  return knownImports(text)
    .filter((one) => one.target.startsWith('.') && (typesToo || !one.typeOnly))
    .map((one) => posix.normalize(posix.join(dirname(name), one.target)));
}

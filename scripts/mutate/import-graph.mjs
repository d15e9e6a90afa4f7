import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)['"`](\.{1,2}\/[^'"`]+)['"`]/g;

/** Who imports whom among the files of src and test, types included. Names are relative to the root. */
export function importGraph(names, read) {
  const texts = new Map(
    names.filter((name) => /^(src|test)\/.*\.(ts|mjs)$/.test(name)).map((name) => [name, read(name)]),
  );
  const imports = new Map(
    [...texts].map(([name, text]) => [
      name,
      [...text.matchAll(IMPORT)].map((match) => join(dirname(name), match[1])).filter((target) => texts.has(target)),
    ]),
  );
  return {
    tests: [...texts.keys()].filter((name) => name.endsWith('.test.ts')),
    importsOf: (name) => imports.get(name) ?? [],
    /** Everything a file loads, with the number of steps to it. */
    distances: (name) => distances(imports, name),
    /** Changes with the text of a file or of anything it loads. */
    hashOf: (name) => {
      const hash = createHash('sha256');
      for (const one of [...distances(imports, name).keys()].toSorted()) hash.update(`${one}\0${texts.get(one)}\0`);
      return hash.digest('hex').slice(0, 16);
    },
  };
}

function distances(imports, from) {
  const found = new Map([[from, 0]]);
  for (const [name, steps] of found) {
    for (const target of imports.get(name) ?? []) if (!found.has(target)) found.set(target, steps + 1);
  }
  return found;
}

/** The declarations that users of the library see: those of its entries and what these name, out of all that the compiler writes. */
import { cpSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const NAMED = /(?:\bfrom|\bimport\()\s*['"](\.\.?\/[^'"]+)\.ts['"]/g;

/** Copies declarations from one folder to another; `entries` are names without an ending. */
export function copyTypes(entries, from, to) {
  const wanted = new Set(entries);
  for (const name of wanted) {
    const path = `${name}.d.ts`;
    cpSync(join(from, path), join(to, path));
    for (const [, named] of readFileSync(join(from, path), 'utf8').matchAll(NAMED))
      wanted.add(join(dirname(name), named));
  }
}

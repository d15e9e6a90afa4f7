/**
 * Step of the build: writes dist/build-id, a digest of everything that was built and what it takes in, so that nobody believes what another
 * build has kept (src/cli/kept/keeping.ts). Without a build, `dist` has none, and nothing is kept.
 * node scripts/build-id.mjs
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const listed = (folder, ending) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
const hash = createHash('sha256');
for (const file of ['package.json', ...listed('schemas', '.json'), ...listed('dist', '.js').sort()])
  hash.update(`${file}\n`).update(readFileSync(join(root, file)));
writeFileSync(join(root, 'dist/build-id'), hash.digest('base64'));

/**
 * Writes what is made of the registries: the schema of the configuration, parts of manifest.json, tables of the documentation. Run
 * `node scripts/generate.mjs` after a change of a plugin, format, lint check or of what the engine knows; it builds first. Another
 * folder with the compiled files may be given: `node scripts/generate.mjs DIST`, then nothing is built.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { generatedFiles } from './generate/files.mjs';
import { loadParts } from './generate/parts.mjs';

const root = resolve(import.meta.dirname, '..');
const [given] = process.argv.slice(2);

function run(script, args) {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

if (!given) run('typescript/bin/tsc', ['-p', 'tsconfig.build.json']);
const parts = await loadParts(resolve(given ?? join(root, 'dist')), 'js');
const files = generatedFiles(parts, (path) => readFileSync(join(root, path), 'utf8'));
for (const [path, text] of files) writeFileSync(join(root, path), text);
const documents = [...files.keys()].filter((path) => path.endsWith('.json'));
run('@biomejs/biome/bin/biome', ['format', '--write', ...documents]);

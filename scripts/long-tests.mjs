/**
 * Runs the tests that try a property with inputs of chance, or play long stories, with as many as they know (test/tries.ts); `npm test` takes fewer.
 * npm run test:long [-- arguments of jest]
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const imports = new Map(
  readdirSync(join(root, 'test'), { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, 'test', name))
    .map((path) => [path, importsOf(path)]),
);

/** Files of ours that a file imports. */
function importsOf(path) {
  const named = readFileSync(path, 'utf8').matchAll(/ from '(\.[^']+)';/g);
  return [...named].map(([, name]) => join(dirname(path), name));
}

/** Files that import one of these, by others as well. */
function importersOf(files) {
  const found = new Set(files);
  for (const [path, imported] of imports) if (imported.some((one) => found.has(one))) found.add(path);
  return found.size === files.size ? found : importersOf(found);
}

const tests = [...importersOf(new Set([join(root, 'test/tries.ts')]))].filter((path) => path.endsWith('.test.ts'));
const node = ['--no-warnings', '--max-semi-space-size=64', 'node_modules/jest/bin/jest.js', '--runTestsByPath'];
const env = { ...process.env, HUNTWIRE_TEST_LONG: '1' };
const run = spawnSync(process.execPath, [...node, ...tests, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env,
});
process.exitCode = run.status ?? 1;

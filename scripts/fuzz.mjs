/**
 * Property tests with many more inputs than `npm test` takes: `node scripts/fuzz.mjs [--runs 100000] [--seed N] [FILE…]`, files below test/fuzz,
 * all of them where none is named. Builds first. A failure tells the seed with which it comes again.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
const known = readdirSync(join(root, 'test/fuzz')).filter((name) => name.endsWith('.test.ts'));
const wanted = positionals.map((name) => `${basename(name).replace(/\.test\.ts$/, '')}.test.ts`);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')} below test/fuzz; there are ${known.join(', ')}.`);
  process.exit(2);
}
const files = (wanted.length > 0 ? wanted : known).map((name) => `test/fuzz/${name}`);
const jest = join(root, 'node_modules/jest/bin/jest.js');
// Thousands of inputs take their time: what ends them is their number.
const args = ['--no-warnings', jest, '--runTestsByPath', ...files, '--testTimeout=86400000'];
const env = {
  ...process.env,
  HUNTWIRE_FUZZ_RUNS: values.runs,
  ...(values.seed && { HUNTWIRE_FUZZ_SEED: values.seed }),
};
process.exit(spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env }).status ?? 1);

/**
 * Runs the unit tests (all but test/e2e, test/kill and test/power) with the newest Node, which npm fetches into its cache; nothing is installed.
 * npm run test:newest [-- arguments of jest, such as test/kql]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const system = { win32: 'win' }[process.platform] ?? process.platform;
const newest = ['exec', '--yes', `--package=node-${system}-${process.arch}@latest`, '--'];
const jest = ['node', '--no-warnings', 'node_modules/jest/bin/jest.js'];
const unit = ['--testPathIgnorePatterns', '/node_modules/', '/test/(e2e|kill|power)/'];

function run(command) {
  const { error, status } = spawnSync('npm', [...newest, ...command], {
    cwd: join(import.meta.dirname, '..'),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  return status ?? 1;
}

run(['node', '--version']);
process.exitCode = run([...jest, ...process.argv.slice(2), ...unit]);

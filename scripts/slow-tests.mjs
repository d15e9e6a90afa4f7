/**
 * Runs the tests and tells the ten files that took the most processor time, that of their child processes with it (Linux; elsewhere their own alone).
 * node scripts/slow-tests.mjs [arguments of jest]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const TOLD = 10;
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'huntwire-slow-'));
const times = join(folder, 'times');
const flags = ['--no-warnings', '--max-semi-space-size=64'];
const node = [...flags, 'node_modules/jest/bin/jest.js', ...process.argv.slice(2)];
const env = { ...process.env, HUNTWIRE_TEST_TIMES: times };
const run = spawnSync(process.execPath, node, { cwd: root, stdio: 'inherit', env });
const lines = readTimes();
rmSync(folder, { recursive: true });

const sum = lines.reduce((total, line) => total + line.processor, 0);
console.log(
  `\nprocessor s  children s  wall s  file (of ${lines.length}, ${sum.toFixed(0)} s of processor time together)`,
);
for (const { processor, children, wall, path } of lines.sort((a, b) => b.processor - a.processor).slice(0, TOLD))
  console.log(
    `${processor.toFixed(1).padStart(11)}  ${children.toFixed(1).padStart(10)}  ${wall.toFixed(1).padStart(6)}  ${relative(root, path)}`,
  );
process.exitCode = run.status ?? 1;

function readTimes() {
  try {
    const text = readFileSync(times, 'utf8').trimEnd();
    return text.split('\n').map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

/**
 * Runs every benchmark of this folder one after another, each in a process of its own, and prints their figures.
 * Usage: node bench/all.mjs [--size 1] [--only name] [--dist dist]
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    only: { type: 'string' },
    dist: { type: 'string', default: 'dist' },
  },
});
const names = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.mjs') && name !== 'all.mjs');
const failed = [];
for (const name of names.sort().filter((one) => !values.only || one === `${values.only}.mjs`)) {
  const begun = performance.now();
  const args = [join(import.meta.dirname, name), '--size', values.size, '--dist', values.dist];
  const run = spawnSync(process.execPath, args, { stdio: 'inherit' });
  console.log(`${name}: exit ${run.status} after ${Math.round((performance.now() - begun) / 1000)} s`);
  if (run.status !== 0) failed.push(name);
}
if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;

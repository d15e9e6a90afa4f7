/**
 * What it costs to start: `--version`, `--help` and `lint` of the six shipped rules, each as a process of its own, in turn with the
 * yardstick `node -e 0`. Processor time is compared, because a busy machine stretches every other. What a person waits for `lint` is less
 * than that, as the compiler and the collector of garbage work beside it: the shortest of all rounds, for a machine that has nothing else
 * to do. Budgets: `--version` and `--help` 3 x the yardstick; `lint` 1.5 s of waiting.
 * node bench/start.mjs [--size 0.01..1] [--dist dist]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { size: { type: 'string', default: '1' }, dist: { type: 'string' } } });
const rounds = Math.max(1, Math.round(15 * Number(values.size)));
const dist = resolve(values.dist ?? join(import.meta.dirname, '../dist'));
const main = join(dist, 'main.js');
const TOLD_BY = join(import.meta.dirname, 'data/tell-processor-time.cjs');
const BUDGET = { ratio: 3, lintMs: 1500 };

const COMMANDS = {
  node: ['-e', '0'],
  version: [main, '--version'],
  help: [main, '--help'],
  lint: [main, 'lint', join(import.meta.dirname, '../rules')],
};

/** Processor time of one process and how long it was waited for, in ms. */
function costOf(args) {
  const begun = performance.now();
  const child = spawnSync(process.execPath, ['--require', TOLD_BY, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(`${args.join(' ')}: exit ${child.status}: ${child.stderr}`);
  return { processor: Number(child.output[3]), waited: performance.now() - begun };
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const costs = Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, []]));
for (let round = 0; round < rounds; round += 1)
  for (const [name, args] of Object.entries(COMMANDS)) costs[name].push(costOf(args));

const ms = Object.fromEntries(
  Object.entries(costs).map(([name, all]) => [name, Math.round(median(all.map((one) => one.processor)))]),
);
const waitedMs = Math.round(Math.min(...costs.lint.map((one) => one.waited)));
const ratioOf = (name) => Number((ms[name] / ms.node).toFixed(2));
const ratio = { version: ratioOf('version'), help: ratioOf('help'), lint: ratioOf('lint') };
const met = {
  version: ratio.version <= BUDGET.ratio,
  help: ratio.help <= BUDGET.ratio,
  lint: waitedMs <= BUDGET.lintMs,
};
const word = (is) => (is ? 'met' : 'NOT met');
process.stderr.write(
  `processor time, medians of ${rounds}: node -e 0 ${ms.node} ms; --version ${ms.version} ms, ${ratio.version} x, --help ${ms.help} ms, ${ratio.help} x ` +
    `(budget ${BUDGET.ratio} x: ${word(met.version && met.help)}); lint of six rules ${ms.lint} ms, ${ratio.lint} x, waited for ${waitedMs} ms at least (budget ${BUDGET.lintMs} ms: ${word(met.lint)})\n`,
);
process.stdout.write(`${JSON.stringify({ bench: 'start', rounds, ms, waitedMs, ratio, budget: BUDGET, met })}\n`);

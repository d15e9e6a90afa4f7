/**
 * Changes the code in small ways and tells which changes no test notices: `node scripts/mutate.mjs --folder NAME… [--file PART] [--count 100]
 * [--seed 1] [--slow 6000] [--again]`. NAME is a folder of src, `--file` keeps the files whose name contains PART, `--again` tries only what was not killed
 * by a test in the last run of the folder. Test files that take more than `--slow` ms of processor time are asked only where no other enters the
 * function: with less, a run is shorter and its share at most lower. It works in a copy in the folder for temporary files, one process at a time, for about 3 s a mutant.
 * What is changed: mutate/mutators.mjs. What cannot be noticed, and why: mutate/equivalent.json.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { keyOf, readEquivalents, staleEquivalents } from './mutate/equivalents.mjs';
import { findMutants } from './mutate/find-mutants.mjs';
import { importGraph } from './mutate/import-graph.mjs';
import { learnReach } from './mutate/reach.mjs';
import { printSurvivors, printTable } from './mutate/report.mjs';
import { createRunner } from './mutate/runner.mjs';
import { sampleOf } from './mutate/sample.mjs';
import { makeScratch } from './mutate/scratch.mjs';
import { tryMutants } from './mutate/try-mutants.mjs';

/** Others who work on this machine go first; the processes below have it, too. */
const PRIORITY = 5;
const FOLDERS = ['alerts', 'outbox', 'run', 'sources', 'state', 'targets'];

const { values } = parseArgs({
  options: {
    folder: { type: 'string', multiple: true, default: FOLDERS },
    file: { type: 'string', default: '' },
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    slow: { type: 'string', default: '6000' },
    again: { type: 'boolean', default: false },
  },
});

setPriority(Math.max(getPriority(), PRIORITY));
const scratch = makeScratch(resolve(import.meta.dirname, '..'));
const sources = scratch.names.filter((name) => FOLDERS.some((folder) => name.startsWith(`src/${folder}/`)));
const graph = importGraph(scratch.names, scratch.read);
const runner = createRunner(scratch);
const say = (line) => process.stderr.write(`${line}\n`);
const equivalents = readEquivalents();
for (const key of staleEquivalents(
  equivalents,
  FOLDERS.flatMap((folder) => mutantsOf(folder, '')),
)) {
  say(`no longer in the code: ${key}`);
}

try {
  const results = [];
  for (const folder of values.folder) {
    const sample = values.again
      ? survivorsOf(folder)
      : sampleOf(mutantsOf(folder), Number(values.count), Number(values.seed));
    const open = sample.filter((mutant) => !equivalents.has(keyOf(mutant)));
    const testsOf = await learnReach(open, { scratch, graph, runner, sources, say, slowMs: Number(values.slow) });
    const tried = await tryMutants(open, { scratch, runner, testsOf, say });
    results.push({ folder, tried, equivalent: sample.length - open.length });
    writeFileSync(resultFile(folder), JSON.stringify(tried, null, 1));
  }
  printSurvivors(results);
  printTable(results);
} finally {
  runner.stop();
}

function mutantsOf(folder, part = values.file) {
  const files = sources.filter((name) => name.startsWith(`src/${folder}/`) && name.includes(part));
  return files.flatMap((name) => findMutants(name, scratch.read(name)));
}

function survivorsOf(folder) {
  const last = existsSync(resultFile(folder)) ? JSON.parse(readFileSync(resultFile(folder), 'utf8')) : [];
  const keys = new Set(last.filter(({ verdict }) => verdict !== 'killed').map(keyOf));
  return mutantsOf(folder).filter((mutant) => keys.has(keyOf(mutant)));
}

function resultFile(folder) {
  return join(scratch.cacheFolder, `${folder}.json`);
}

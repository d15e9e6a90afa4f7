/**
 * `lint` of 1,000 rules as people write them, each time a process of its own: cold with an empty `--cache`, warm, and warm with one rule
 * edited. Budgets on two cores: 12 s and 2 s of waiting. Processor time is told beside it, workers and their processes included, because a
 * busy machine stretches what is waited for. Yardsticks: for cold Microsoft's parser alone on the same queries, one after another in
 * one process; for warm the `yaml` package alone on the same files.
 * node bench/lint.mjs [--size 0.01..1] [--dist dist]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runInThisContext } from 'node:vm';
import { parse, parseDocument } from 'yaml';
import { writeHuntingRules } from './data/hunting-rules.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    dist: { type: 'string' },
    role: { type: 'string' },
    folder: { type: 'string' },
  },
});
const size = Number(values.size);
const count = Math.max(20, Math.round(1000 * size));
const rounds = size < 0.1 ? 1 : 5;
const main = join(resolve(values.dist ?? join(import.meta.dirname, '../dist')), 'main.js');
const TOLD_BY = join(import.meta.dirname, 'data/tell-processor-time.cjs');
const BUDGET = { coldSeconds: Math.max(1.5, 12 * size), warmSeconds: Math.max(1.5, 2 * size) };

const rounded = (ms) => Math.round(ms) / 1000;

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name));
}

/** Runs a process; its output, its processor time and how long it was waited for, in seconds. */
function timed(args, statuses) {
  const begun = performance.now();
  const child = spawnSync(process.execPath, ['--require', TOLD_BY, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const waited = rounded(performance.now() - begun);
  if (!statuses.includes(child.status)) throw new Error(`${args.join(' ')}: exit ${child.status}: ${child.stderr}`);
  return { out: child.stdout, cost: { waited, processor: rounded(Number(child.output[3])) } };
}

/** The cost of one lint and what it found, as JSON. */
function lint(folder) {
  const args = [main, 'lint', join(folder, 'rules'), '--format', 'json', '--cache', join(folder, 'cache')];
  const { out, cost } = timed(args, [0]);
  const { files, rules, errors } = JSON.parse(out);
  if (files !== count || rules !== count || errors !== 0)
    throw new Error(`${rules} of ${count} rules, ${errors} errors`);
  return { out, cost };
}

/** The best of the rounds, `prepare` before each. */
function best(folder, prepare = () => undefined) {
  const all = Array.from({ length: rounds }, (_, round) => {
    prepare(round);
    return lint(folder);
  });
  const [least] = [...all].sort((a, b) => a.cost.waited - b.cost.waited);
  return least;
}

function alone(role, folder) {
  return timed([fileURLToPath(import.meta.url), '--role', role, '--folder', join(folder, 'rules')], [0]).cost;
}

/** What the package of Microsoft does with all queries, over the same schema. */
function parserAlone(folder) {
  const { resolve: find } = createRequire(import.meta.url);
  for (const name of ['bridge.min.js', 'Kusto.Language.Bridge.min.js'])
    runInThisContext(readFileSync(find(`@kusto/language-service-next/${name}`), 'utf8'));
  const { Symbols, GlobalState, KustoCode } = globalThis.Kusto.Language;
  const { tables } = JSON.parse(readFileSync(join(import.meta.dirname, '../schemas/defender.json'), 'utf8'));
  const column = ([name, type]) => new Symbols.ColumnSymbol(name, Symbols.ScalarTypes.GetSymbol(type));
  const made = Object.entries(tables).map(
    ([name, columns]) => new Symbols.TableSymbol.$ctor4(name, Object.entries(columns).map(column)),
  );
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('hunting', made));
  for (const file of filesBelow(folder))
    KustoCode.ParseAndAnalyze(parse(readFileSync(file, 'utf8')).query, globals).GetDiagnostics();
}

function yamlAlone(folder) {
  for (const file of filesBelow(folder)) parseDocument(readFileSync(file, 'utf8'));
}

function measure(folder) {
  writeHuntingRules(join(folder, 'rules'), count);
  const cold = lint(folder);
  const warm = best(folder);
  if (warm.out !== cold.out) throw new Error('a warm lint says other than the cold one');
  const [file] = filesBelow(join(folder, 'rules'));
  const edited = best(folder, (round) => appendFileSync(file, `# edit ${round}\n`));
  if (edited.out !== cold.out) throw new Error('a lint after an edit of a comment says other than the cold one');
  return {
    cold: cold.cost,
    warm: warm.cost,
    edited: edited.cost,
    parser: alone('parser', folder),
    yaml: alone('yaml', folder),
  };
}

function report({ cold, warm, edited, parser, yaml }) {
  const ratioOf = (one, other) => Number((one.processor / other.processor).toFixed(2));
  const ratio = { cold: ratioOf(cold, parser), warm: ratioOf(warm, yaml), edited: ratioOf(edited, yaml) };
  const met = { cold: cold.waited <= BUDGET.coldSeconds, warm: warm.waited <= BUDGET.warmSeconds };
  const word = (is) => (is ? 'met' : 'NOT met');
  const told = ({ waited, processor }) => `${waited} s (processor ${processor} s`;
  process.stderr.write(
    `lint of ${count} rules: cold ${told(cold)}, ${ratio.cold} x the parser alone; budget ${BUDGET.coldSeconds} s: ${word(met.cold)}), ` +
      `warm ${told(warm)}, ${ratio.warm} x YAML alone; budget ${BUDGET.warmSeconds} s: ${word(met.warm)}), ` +
      `warm with one rule edited ${told(edited)}); the parser alone ${told(parser)}), YAML alone ${told(yaml)})\n`,
  );
  const figures = { cold, warm, edited, parser, yaml };
  process.stdout.write(`${JSON.stringify({ bench: 'lint', rules: count, ...figures, ratio, budget: BUDGET, met })}\n`);
}

if (values.role === 'parser') parserAlone(values.folder);
else if (values.role === 'yaml') yamlAlone(values.folder);
else {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-bench-'));
  try {
    report(measure(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

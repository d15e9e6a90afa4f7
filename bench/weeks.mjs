/**
 * Plays weeks of the whole program on a clock that jumps, against a model of the service that shares no code with it, and holds each
 * to what SEMANTICS promises. A seed that fails is shrunk and printed as a scenario that can be run again.
 * Usage: node bench/weeks.mjs [--size 1] [--weeks 500] [--from 1] [--jobs N] [--seed N] [--scenario FILE] [--log]
 *   [--pack N]: in every week up to so many rules in one call, of which there is one a minute
 *   [--once]: each week once, which says nothing of whether it goes the same way twice
 *   [--minutes N]: no week begins later; what was played until then is told
 *   [--results FILE]: a line of JSON for each week that was played; seeds that stand there already are not played again, and are told with the others
 */
import { fork } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { register } from 'node:module';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    weeks: { type: 'string' },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    seed: { type: 'string' },
    scenario: { type: 'string' },
    log: { type: 'boolean', default: false },
    pack: { type: 'string' },
    once: { type: 'boolean', default: false },
    minutes: { type: 'string', default: 'Infinity' },
    part: { type: 'string' },
    results: { type: 'string' },
    dist: { type: 'string' },
  },
});
const WHOLE = 500;
const weeks = Number(values.weeks ?? Math.max(1, Math.round(WHOLE * Number(values.size))));
const first = Number(values.from);
const before = values.results && existsSync(values.results) ? readResults(values.results) : [];

if (values.part) await playPart();
else if (values.scenario || values.seed) await playOne();
else await playAll();

function readResults(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line)).filter(({ seed }) => first <= seed && seed < first + weeks);
}

async function simulator() {
  register('../scripts/typescript-hooks.mjs', import.meta.url);
  return import('../test/weeks/main.ts');
}

/** Seed to scenario. */
async function scenarios() {
  const { scenarioOf, packed } = await simulator();
  return (seed) => (values.pack ? packed(scenarioOf(seed), Number(values.pack)) : scenarioOf(seed));
}

/** Every nth seed, in a process of its own. */
async function playPart() {
  const { tryTwice, tryWeek } = await simulator();
  const scenarioOf = await scenarios();
  const [part, parts] = values.part.split('/').map(Number);
  const until = performance.now() + Number(values.minutes) * 60_000;
  const played = new Set(before.map(({ seed }) => seed));
  for (let seed = first + part; seed < first + weeks && performance.now() < until; seed += parts) {
    if (played.has(seed)) continue;
    const [begun, cpu] = [performance.now(), cpuMs()];
    const { findings, states } = await (values.once ? tryWeek : tryTwice)(scenarioOf(seed));
    const times = values.once ? 1 : 2;
    const ms = Math.round((performance.now() - begun) / times);
    process.send({ seed, findings, states: [...states], ms, cpuMs: Math.round((cpuMs() - cpu) / times) });
  }
  process.disconnect();
}

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** One week, told in full; where it fails, its shortest form too. */
async function playOne() {
  const { tryTwice, readScenario, shortest } = await simulator();
  const scenarioOf = await scenarios();
  const scenario = values.scenario ? readScenario(values.scenario) : scenarioOf(Number(values.seed));
  const { week, findings, states } = await tryTwice(scenario);
  if (values.log) console.log(week?.log());
  console.log(`states of interest: ${[...states].join(', ')}`);
  for (const { kind, subject, message } of findings) console.log(`${kind} ${subject}: ${message}`);
  if (findings.length === 0) return console.log('weeks: no finding');
  process.exitCode = 1;
  if (!values.scenario) printShortest(await shortest(scenario, findings[0]));
}

async function playAll() {
  const jobs = Math.max(1, Math.min(Number(values.jobs), weeks));
  const results = [...before];
  const begun = performance.now();
  await Promise.all(Array.from({ length: jobs }, (_, part) => runPart(part, jobs, results)));
  const { STATES } = await simulator();
  const failed = results.filter(({ findings }) => findings.length > 0).sort((a, b) => a.seed - b.seed);
  const seen = new Set(results.flatMap(({ states }) => states));
  const never = STATES.filter((state) => !seen.has(state));
  const missing = weeks >= WHOLE ? never : [];
  const mean = (figure) => Math.round(results.reduce((sum, one) => sum + one[figure], 0) / Math.max(1, results.length));
  if (failed.length > 0) await explain(failed);
  if (never.length > 0) console.log(`never reached: ${never.join(', ')}`);
  tellCounts(STATES, results);
  const figures = {
    bench: 'weeks',
    weeks: results.length,
    failed: failed.length,
    states: seen.size,
    statesOf: STATES.length,
  };
  console.log(
    JSON.stringify({
      ...figures,
      msPerWeek: mean('ms'),
      cpuMsPerWeek: mean('cpuMs'),
      seconds: Math.round((performance.now() - begun) / 1000),
    }),
  );
  console.log(
    `weeks: ${results.length} weeks, each ${values.once ? 'once' : 'twice'}, ${failed.length} with findings; ${seen.size} of ${STATES.length} states of interest; ${mean('cpuMs')} ms of processor time a week`,
  );
  const isWhole = results.length === weeks || Number.isFinite(Number(values.minutes));
  if (failed.length > 0 || missing.length > 0 || !isWhole) process.exitCode = 1;
}

function runPart(part, parts, results) {
  return new Promise((resolve, reject) => {
    const given = ['--part', `${part}/${parts}`, '--weeks', String(weeks), '--from', String(first)];
    if (values.pack) given.push('--pack', values.pack);
    if (values.once) given.push('--once');
    if (values.results) given.push('--results', values.results);
    given.push('--minutes', values.minutes);
    const child = fork(import.meta.filename, given, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: ['--max-semi-space-size=32'],
    });
    child.on('message', (result) => {
      results.push(result);
      if (values.results) appendFileSync(values.results, `${JSON.stringify(result)}\n`);
      if (result.findings.length > 0) tellFindings(result);
    });
    child.on('error', reject);
    child.on('exit', resolve);
  });
}

/** How many weeks came through each state. */
function tellCounts(names, results) {
  const counts = names.map((name) => [name, results.filter(({ states }) => states.includes(name)).length]);
  const reached = counts.filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
  console.log(`weeks by state: ${reached.map(([name, count]) => `${name} ${count}`).join(', ')}`);
}

/** At once: a run of many weeks may be ended before its end. */
function tellFindings({ seed, findings }) {
  const [{ kind, subject, message }] = findings;
  console.log(`seed ${seed}: ${findings.length} findings, the first: ${kind} ${subject}: ${message}`);
}

/** The first of what failed in its shortest form. */
async function explain(failed) {
  const { shortest } = await simulator();
  const scenarioOf = await scenarios();
  printShortest(await shortest(scenarioOf(failed[0].seed), failed[0].findings[0]));
}

function printShortest(scenario) {
  console.log('The shortest scenario that shows it, for --scenario FILE:');
  console.log(JSON.stringify(scenario));
}

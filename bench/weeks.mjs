/**
 * Plays weeks of the whole program on a clock that jumps, against a model of the service that shares no code with it, and holds each
 * to what SEMANTICS promises. A seed that fails is shrunk and printed as a scenario that can be run again.
 * Usage: node bench/weeks.mjs [--size 1] [--weeks 500] [--from 1] [--jobs N] [--seed N] [--scenario FILE] [--log]
 *   [--pack N]: in every week up to so many rules in one call, of which there is one a minute
 *   [--once]: each week once, which says nothing of whether it goes the same way twice
 *   [--minutes N]: no week begins later; what was played until then is told
 */
import { fork } from 'node:child_process';
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
    dist: { type: 'string' },
  },
});
const WHOLE = 500;
const weeks = Number(values.weeks ?? Math.max(1, Math.round(WHOLE * Number(values.size))));
const first = Number(values.from);

if (values.part) await playPart();
else if (values.scenario || values.seed) await playOne();
else await playAll();

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
  for (let seed = first + part; seed < first + weeks && performance.now() < until; seed += parts) {
    const begun = performance.now();
    const { findings, states } = await (values.once ? tryWeek : tryTwice)(scenarioOf(seed));
    const ms = (performance.now() - begun) / (values.once ? 1 : 2);
    process.send({ seed, findings, states: [...states], ms });
  }
  process.disconnect();
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
  const results = [];
  const begun = performance.now();
  await Promise.all(Array.from({ length: jobs }, (_, part) => runPart(part, jobs, results)));
  const { STATES } = await simulator();
  const failed = results.filter(({ findings }) => findings.length > 0).sort((a, b) => a.seed - b.seed);
  const seen = new Set(results.flatMap(({ states }) => states));
  const never = STATES.filter((state) => !seen.has(state));
  const missing = weeks >= WHOLE ? never : [];
  const meanMs = results.reduce((sum, { ms }) => sum + ms, 0) / Math.max(1, results.length);
  if (failed.length > 0) await explain(failed);
  if (never.length > 0) console.log(`never reached: ${never.join(', ')}`);
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
      msPerWeek: Math.round(meanMs),
      seconds: Math.round((performance.now() - begun) / 1000),
    }),
  );
  console.log(
    `weeks: ${results.length} weeks, each ${values.once ? 'once' : 'twice'}, ${failed.length} with findings; ${seen.size} of ${STATES.length} states of interest; ${Math.round(meanMs)} ms a week`,
  );
  const isWhole = results.length === weeks || Number.isFinite(Number(values.minutes));
  if (failed.length > 0 || missing.length > 0 || !isWhole) process.exitCode = 1;
}

function runPart(part, parts, results) {
  return new Promise((resolve, reject) => {
    const given = ['--part', `${part}/${parts}`, '--weeks', String(weeks), '--from', String(first)];
    if (values.pack) given.push('--pack', values.pack);
    if (values.once) given.push('--once');
    given.push('--minutes', values.minutes);
    const child = fork(import.meta.filename, given, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: ['--max-semi-space-size=32'],
    });
    child.on('message', (result) => {
      results.push(result);
      if (result.findings.length > 0) tellFindings(result);
    });
    child.on('error', reject);
    child.on('exit', resolve);
  });
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

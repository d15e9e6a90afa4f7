/**
 * 5,000 generated rules: a cold start (files read, every query analyzed in workers), a warm start (the same with the analyses in the
 * state), memory when the parser has ended, and what one tick of the scheduler costs at 50, 500 and 5,000 rules. Each start is a
 * process of its own. Budgets: 45 s, 4 s, 160 MB; ticks grow with the logarithm. Yardstick: the rule files read and parsed as YAML
 * alone, in the process of the warm start.
 * node bench/rules.mjs [--size 0.01..1] [--dist dist]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ruleText, writeRules } from './data/generated-rules.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    dist: { type: 'string' },
    role: { type: 'string' },
    folder: { type: 'string' },
  },
});
const size = Number(values.size);
const count = Math.max(20, Math.round(5000 * size));
const dist = resolve(values.dist ?? join(import.meta.dirname, '../dist'));
const load = (file) => import(join(dist, file));
const BUDGET = { coldSeconds: 45 * size, warmSeconds: 4 * size, idleMb: 160 };

const seconds = (since) => Math.round(performance.now() - since) / 1000;
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1000) / 1000;
};

/** What `run` does with its rules before the first of them is due. */
async function start(folder) {
  const begun = performance.now();
  const [{ openSqliteStore }, { systemClock }, { loadRuleFiles, analyzeRules, restFromStart }, { runnerKeeping }] =
    await Promise.all(['state/sqlite-store.js', 'lib/clock.js', 'app/app-rules.js', 'cli/kept/keeping.js'].map(load));
  const path = join(folder, 'state.db');
  const host = { log, place: 'worker', progress: () => undefined, keepsRules: runnerKeeping };
  const config = configOf(folder, path);
  const files = await loadRuleFiles(config, host);
  const loadSeconds = seconds(begun);
  const store = openSqliteStore({ path, clock: systemClock });
  files.keep();
  const prepared = await analyzeRules(files, store, host);
  await restFromStart(files, host);
  const result = { seconds: seconds(begun), loadSeconds, cpuSeconds: cpuSeconds() };
  // A second of rest, as between two rules that are due.
  await new Promise((done) => setTimeout(done, 1000));
  const idleMb = Math.round(process.memoryUsage.rss() / 1024 / 1024);
  const kept = prepared.rules.length;
  const yamlSeconds = values.role === 'warm' ? await yamlAlone(join(folder, 'rules')) : null;
  await store.close();
  return { ...result, idleMb, rules: kept, yamlSeconds };
}

const log = { debug() {}, info() {}, warn: complain, error: complain };

function complain(message, fields) {
  throw new Error(`a rule has a problem: ${message} ${JSON.stringify(fields)}`);
}

/** What the app asks of a configuration to load its rules. */
function configOf(folder, path) {
  return {
    file: join(folder, 'huntwire.yaml'),
    state: { path },
    tenants: [{ name: 'default', rules: [join(folder, 'rules')] }],
    targets: new Map([['soar', {}]]),
    defaultTargets: ['soar'],
    routes: [],
    overlays: [],
    functions: [],
    watchlists: {},
  };
}

async function yamlAlone(folder) {
  const { parseDocument } = await import('yaml');
  const begun = performance.now();
  for (const name of readdirSync(folder)) parseDocument(readFileSync(join(folder, name), 'utf8'));
  return seconds(begun);
}

function startIn(role, folder) {
  const args = [fileURLToPath(import.meta.url), '--role', role, '--folder', folder, '--dist', dist];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (child.status !== 0) throw new Error(`${role} start failed: ${child.stderr}`);
  const result = JSON.parse(child.stdout);
  if (result.rules !== count) throw new Error(`${role}: ${result.rules} of ${count} rules are ready`);
  return result;
}

/** Microseconds of processor time of one turn: a tick takes what is due, finds the best of it, and plans when it is due again. */
async function tickMicros(rules) {
  const [{ createDueHeap }, { createReadyTurns, laneOf }, { timetableOf }, { parseRules }] = await Promise.all(
    ['run/desk/due-heap.js', 'run/desk/ready-turns.js', 'run/schedule.js', 'rules/load-rules.js'].map(load),
  );
  const templates = Array.from({ length: 28 }, (_, n) => parseRules('rule.yaml', ruleText(n)).rules[0]);
  const heap = createDueHeap();
  const ready = createReadyTurns();
  let now = Date.UTC(2026, 0, 1);
  for (let n = 0; n < rules; n += 1) {
    const rule = { ...templates[n % templates.length], id: `generated-${n}` };
    const timetable = timetableOf(rule);
    heap.push(timetable.next(now), { rule, timetable });
  }
  const tick = () => {
    now = heap.earliest();
    let taken = 0;
    for (let item = heap.pop(now); item; item = heap.pop(now)) {
      ready.add({ item, kind: 'due', lane: laneOf(item.rule, 'due'), dueAt: now, riseMs: Number.POSITIVE_INFINITY });
    }
    for (let next = ready.peek(now, () => false); next; next = ready.peek(now, () => false)) {
      const { turn } = next;
      ready.remove(turn);
      ready.spend(next);
      heap.push(turn.item.timetable.next(now), turn.item);
      taken += 1;
    }
    return taken;
  };
  const rounds = Array.from({ length: 5 }, () => {
    let turns = 0;
    const begun = process.cpuUsage();
    while (turns < 20_000) turns += tick();
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / turns;
  });
  if (heap.size !== rules) throw new Error(`${heap.size} of ${rules} rules are planned`);
  return Number(Math.min(...rounds).toFixed(2));
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-bench-'));
  try {
    writeRules(join(folder, 'rules'), count);
    const cold = startIn('cold', folder);
    const warm = startIn('warm', folder);
    const ticks = {};
    for (const rules of [50, 500, 5000]) ticks[rules] = await tickMicros(rules);
    report(cold, warm, ticks);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(cold, warm, ticks) {
  const met = {
    cold: cold.seconds <= BUDGET.coldSeconds,
    warm: warm.seconds <= BUDGET.warmSeconds,
    idle: Math.max(cold.idleMb, warm.idleMb) <= BUDGET.idleMb,
    // Ten times the rules may cost a few levels of the heap more, not ten times as much.
    ticks: ticks[5000] <= 4 * ticks[50],
  };
  const word = (is) => (is ? 'met' : 'NOT met');
  process.stderr.write(
    `${count} rules: cold start ${cold.seconds} s (processor ${cold.cpuSeconds} s; budget ${BUDGET.coldSeconds} s: ${word(met.cold)}), ` +
      `warm ${warm.seconds} s (processor ${warm.cpuSeconds} s, ${(warm.seconds / warm.yamlSeconds).toFixed(1)} x YAML alone; budget ${BUDGET.warmSeconds} s: ${word(met.warm)}), ` +
      `idle ${cold.idleMb} MB after the cold and ${warm.idleMb} MB after the warm start (budget ${BUDGET.idleMb} MB: ${word(met.idle)}), ` +
      `a turn of the scheduler ${ticks[50]}, ${ticks[500]}, ${ticks[5000]} µs at 50, 500, 5,000 rules: ${word(met.ticks)}\n`,
  );
  process.stdout.write(
    `${JSON.stringify({ bench: 'rules', rules: count, cold, warm, tickMicros: ticks, budget: BUDGET, met })}\n`,
  );
}

if (values.role) process.stdout.write(JSON.stringify(await start(values.folder)));
else await main();

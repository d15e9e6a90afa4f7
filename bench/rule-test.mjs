/**
 * Rule tests in the local engine: a test over 1,000 events, and `huntwire test` of 50 rules with tables in a process of its own.
 * Of the test over 1,000 events the budget is for the execution: its query with and without the events, the difference is what
 * the events cost; the rest is parsing; processor time, best of the rounds. Budgets: 3 ms; 6 s on two cores. Yardstick of the command: the same parser over the same
 * queries with nothing run, which is `huntwire lint`.
 * node bench/rule-test.mjs [--size 0.01..1] [--dist dist]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ruleText, writeRules } from './data/generated-rules.mjs';

const { values } = parseArgs({ options: { size: { type: 'string', default: '1' }, dist: { type: 'string' } } });
const size = Number(values.size);
const rules = Math.max(7, Math.round(50 * size));
const events = Math.max(10, Math.round(1000 * size));
const dist = resolve(values.dist ?? join(import.meta.dirname, '../dist'));
const load = (file) => import(join(dist, file));
/** A small run shows that it works, not how fast it is. */
const isSmall = size < 0.1;
const ROUNDS = isSmall ? 3 : 15;
const BUDGET = { executionMs: 3, commandSeconds: 6 };

/** The first generated rule with a test of so many events, every tenth of which it finds. */
async function ruleWithEvents(parts, count) {
  const [rule] = parts.parseRules('rule.yaml', ruleText(0)).rules;
  const analyst = parts.createAnalyst({ form: 'in-process' });
  const { rules: prepared } = await parts.prepareRules([rule], analyst);
  await analyst.close();
  const [event] = rule.tests[0].tables.DeviceProcessEvents;
  const table = Array.from({ length: count }, (_, index) => ({
    ...event,
    FileName: index % 10 === 0 ? event.FileName : `other${index}.exe`,
    DeviceName: `pc-${index}`,
  }));
  return { rule: prepared[0], test: { ...rule.tests[0], tables: { DeviceProcessEvents: table }, alerts: null } };
}

const TEST_PARTS = {
  rules: 'rules/load-rules.js',
  prepare: 'rules/prepare-rules.js',
  analyst: 'kql/analyst.js',
  source: 'trial/fixture-source.js',
  engine: 'engine/kql-engine.js',
  rows: 'engine/data/row-table.js',
  defender: 'kql/defender.js',
};

/** The rule's own query, without a window, over the completed events, and over none. */
async function measureExecution() {
  const parts = Object.assign({}, ...(await Promise.all(Object.values(TEST_PARTS).map(load))));
  const { rule, test } = await ruleWithEvents(parts, events);
  const completed = parts.completeTables(rule, test).DeviceProcessEvents;
  const engineOver = (rows) =>
    parts.createKqlEngine({
      schema: parts.defenderSchema(),
      tables: { DeviceProcessEvents: parts.rowTable(completed.columns, rows, completed.given) },
      now: test.now,
      elapsed: () => performance.now(),
    });
  const full = engineOver(completed.rows);
  const empty = engineOver([]);
  const { signal } = new AbortController();
  const rounds = { whole: [], parse: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.parse.push(await timed(() => empty.run(rule.query, { signal })));
    rounds.whole.push(await timed(async () => expectRows(await full.run(rule.query, { signal }))));
  }
  const [wholeMs, parseMs] = [rounds.whole, rounds.parse].map((side) => Math.min(...side));
  const tenth = (number) => Math.round(number * 10) / 10;
  return {
    events,
    executionMs: tenth(Math.max(0, wholeMs - parseMs)),
    parseMs: tenth(parseMs),
    wholeMs: tenth(wholeMs),
  };
}

function expectRows(result) {
  const rows = [...result.rows()].length;
  if (rows !== Math.ceil(events / 10)) throw new Error(`the query found ${rows} of ${Math.ceil(events / 10)} events`);
}

/** Processor time in ms: what else runs on the machine changes it least. */
async function timed(work) {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Seconds of a command in a process of its own. */
function runCommand(folder, args) {
  const start = performance.now();
  const child = spawnSync(process.execPath, [join(dist, 'main.js'), ...args, '--format', 'json'], {
    encoding: 'utf8',
    cwd: folder,
    maxBuffer: 1 << 26,
  });
  const seconds = Math.round(performance.now() - start) / 1000;
  if (child.status !== 0)
    throw new Error(`huntwire ${args.join(' ')}: exit ${child.status}: ${child.stdout}${child.stderr}`);
  return { seconds, answer: JSON.parse(child.stdout) };
}

function measureCommand() {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-bench-'));
  try {
    writeRules(join(folder, 'rules'), rules);
    const lint = isSmall ? null : runCommand(folder, ['lint', 'rules']);
    const test = runCommand(folder, ['test', 'rules']);
    if (test.answer.passed !== rules) throw new Error(`${test.answer.passed} of ${rules} tests passed`);
    const ratio = lint ? Number((test.seconds / lint.seconds).toFixed(2)) : null;
    return { rules, seconds: test.seconds, lintSeconds: lint?.seconds ?? null, ratio };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const execution = await measureExecution();
const command = measureCommand();
const met = {
  execution: execution.executionMs <= BUDGET.executionMs,
  command: command.seconds <= BUDGET.commandSeconds,
};
const word = (is) => (is ? 'met' : 'NOT met');
process.stderr.write(
  `rule test of ${events} events: execution ${execution.executionMs} ms (budget ${BUDGET.executionMs} ms: ${word(met.execution)}), parsing ${execution.parseMs} ms; ` +
    `huntwire test of ${rules} rules ${command.seconds} s (budget ${BUDGET.commandSeconds} s: ${word(met.command)}), ${command.ratio ?? '?'} x huntwire lint\n`,
);
process.stdout.write(`${JSON.stringify({ bench: 'rule-test', execution, command, budget: BUDGET, met })}\n`);

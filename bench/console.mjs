/**
 * How long a page of the console takes with 10,000 rules and a million alerts: over a state in a file, asked as a browser asks, without a
 * network between. The first look and the next ones, by processor time, because other programs may have the machine; beside them a
 * yardstick: reading what the state keeps of every rule, which whoever shows the worst rule has to.
 * node bench/console.mjs [--size 0.01..1] [--dist dist] [--folder PATH: a full state stays there and is taken again]
 * With --page /rules only that one is asked for; with --at-once as soon as the process listens, before it has read what was delivered.
 * Prints one line a page on stderr and one JSON document on stdout; exit 1 where a page does not answer or takes longer than 300 ms.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import libsql from 'libsql';
import { alertOf } from './data/alert.mjs';
import { alertIdOf, fillState } from './data/full-state.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    dist: { type: 'string', default: 'dist' },
    folder: { type: 'string' },
    page: { type: 'string' },
    'at-once': { type: 'boolean' },
  },
});
const SIZE = Number(values.size);
const dist = (path) => import(join(resolve(values.dist), path));
const { openSqliteStore } = await dist('state/sqlite-store.js');
const { createConsolePages } = await dist('actions/pages/console-pages.js');
const { createHttpApp } = await dist('http/http-app.js');
const { systemClock } = await dist('lib/clock.js');
const { silentLog } = await dist('lib/log.js');
const { Secret } = await dist('lib/secret.js');
const { DEFAULT_WINDOW_SETTINGS } = await dist('run/windows.js');

const RULES = Math.max(20, Math.round(10_000 * SIZE));
const ALERTS_EACH = 100;
/** So that the newest alerts of a rule lie among those of others. */
const ROUNDS = 2;
const OF_A_RUN = ALERTS_EACH / ROUNDS;
const BUDGET_MS = 300;
/** So long a process that has begun must do nothing to have looked ahead, at what pages will need; it begins with that after a second. */
const IDLE_MS = 2000;
const NOW = Date.now();
const TOKEN = 'bench-0123456789ab';
const SAME = { host: '127.0.0.1', 'sec-fetch-site': 'same-origin' };

const folder = values.folder ? resolve(values.folder) : mkdtempSync(join(tmpdir(), 'huntwire-console-'));
const path = join(folder, 'state.db');
if (!values.folder) process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Of each call of a page: ms of processor time, of this thread and those that help it. */
async function taken(work) {
  const begun = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(begun);
  return { result, ms: Math.round((user + system) / 100) / 10 };
}

function ruleOf(index) {
  const map = { file: 'rule.yaml', place: () => ({ line: 1, column: 1 }) };
  return {
    ...{
      id: `rule-${String(index).padStart(5, '0')}`,
      name: `Rule ${index}`,
      description: 'A rule.',
      version: '1.0.0',
      status: 'enabled',
    },
    ...{
      severity: ['low', 'medium', 'high'][index % 3],
      attack: ['T1059.001'],
      tags: [`tag-${index % 40}`],
      author: null,
      references: [],
    },
    ...{
      falsePositives: [],
      runbook: null,
      params: {},
      query: 'DeviceEvents',
      shape: null,
      exceptions: [],
      targets: null,
      tests: [],
    },
    schedule: { kind: 'every', everyMs: 900_000, lookbackMs: null },
    window: { basis: 'ingestion', tables: {}, keepFilters: 'never' },
    threshold: { measure: 'rows', column: null, operator: '>', value: 0, groupBy: [] },
    ...{ effectiveShape: 'stream', lookbackMs: 900_000, hash: 'h', map, prepared: { basis: 'ingestion', tables: [] } },
  };
}

/** Of 2 KB. */
function alertOfRun(rule, runId, number, at) {
  const id = alertIdOf(rule.id, number);
  const time = new Date(at).toISOString();
  const alert = alertOf(id);
  const named = { ...alert.rule, id: rule.id, name: rule.name };
  return { ...alert, tenant: 'contoso', rule: named, severity: rule.severity, time, lastSeen: time, runId };
}

const STATE = {
  ...{
    frontier: NOW - 60_000,
    ledger: [],
    sliceMs: null,
    failingSince: null,
    failures: 0,
    lastError: null,
    ruleTrait: null,
    changedAt: null,
  },
};

function runOf(rule, index, at) {
  const suppressed = { duplicate: 3, quiet: 0, silenced: 0, excepted: 0, maintenance: 0, overflow: 0 };
  return {
    ...{
      runId: `run-${rule.id}-${index}`,
      tenant: 'contoso',
      ruleId: rule.id,
      api: 'graph',
      lane: 'due',
      logicalTime: at,
      startedAt: at,
      endedAt: at + 900,
    },
    ...{
      window: { from: at - 900_000, to: at, basis: 'ingestion' },
      outcome: 'ok',
      error: null,
      calls: 1,
      rows: 100,
      hits: 100,
      toldHits: 97,
    },
    ...{ alerts: OF_A_RUN, suppressed, reasons: { new: 97 }, rowReasons: { new: 97 }, truncated: false },
  };
}

const rules = Array.from({ length: RULES }, (_, index) => ruleOf(index));

async function fill() {
  const begun = performance.now();
  const [rule] = rules;
  const from = join(folder, 'small.db');
  const small = await openSqliteStore({ path: from, clock: systemClock });
  for (let round = 0; round < ROUNDS; round += 1) {
    const run = runOf(rule, round, NOW);
    const alerts = Array.from({ length: OF_A_RUN }, (_, number) =>
      alertOfRun(rule, run.runId, round * OF_A_RUN + number, NOW),
    );
    const messages = alerts.map(({ id }) => ({
      ...{ messageId: id, alertId: id, revision: 0, target: 'soar', orderKey: id },
    }));
    await small.commit({
      ...{ fence: small.fence, tenant: 'contoso', ruleId: rule.id, keys: [], forgetBefore: null, quiet: [] },
      ...{ firing: [], health: [], rule: { ...STATE, standing: 'ok' }, alerts, messages, run },
    });
  }
  await small.close();
  const ids = rules.map(({ id }) => id);
  const alerts = fillState(path, { from, first: rule.id, rules: ids, rounds: ROUNDS, now: NOW });
  process.stderr.write(`filled ${alerts} alerts in ${Math.round(performance.now() - begun)} ms\n`);
}

if (!existsSync(path)) await fill();
const store = await openSqliteStore({ path, clock: systemClock });

const tenant = {
  ...{
    name: 'contoso',
    rules,
    source: {
      api: 'graph',
      quota: { callsPerMinute: 40, callsPerHour: 1400, runSecondsPerHour: null, runSecondsPerDay: null },
    },
  },
  meter: { usage: async () => ({ callsLastHour: 0, runSecondsLastHour: 0, runSecondsLastDay: 0 }) },
  serviceClock: { now: () => Date.now() },
};
const end = new AbortController();
/** Monotonic time that can be put on, so that nothing is seen twice. */
let ahead = 0;
const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + ahead };
const config = {
  tenants: [{ name: 'contoso', source: { api: 'graph' } }],
  targets: new Map([
    ['soar', {}],
    ['pager', {}],
    ['never-used', {}],
  ]),
  fallbacks: new Map(),
  silences: [],
  heartbeat: null,
};
const pages = createConsolePages(
  {
    ...{ store, clock, log: silentLog, settings: DEFAULT_WINDOW_SETTINGS, tenants: [tenant], config },
    ...{
      self: { machine: 'm', pid: 1, version: '0' },
      machines: async () => null,
      rendered: async () => [],
      fileText: async () => 'id: x',
    },
  },
  end.signal,
);
const app = createHttpApp({
  ...{
    host: '127.0.0.1',
    basePath: '/',
    clock,
    log: silentLog,
    pulse: { silent: () => [] },
    perform: async () => ({}),
  },
  tokens: [{ name: 'bench', token: new Secret(TOKEN), scopes: ['read', 'run', 'write'] }],
  health: async () => ({ rules: [], targets: [], waiting: [] }),
  metrics: { contentType: 'text/plain', text: async () => '' },
  described: { version: '0', alert: {} },
  console: { pages, clock, login: null, tries: { local: null, tenant: false } },
});
const signed = await app.request('/console/sign-in', {
  method: 'POST',
  body: new URLSearchParams({ token: TOKEN }),
  headers: SAME,
});
const cookie = signed.headers.get('set-cookie').split(';')[0];

async function visit(page) {
  const answer = await app.request(`/console${page}`, { headers: { ...SAME, cookie } });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${page} answers ${answer.status}`);
  return text.length;
}

/** What is kept of every rule, read and parsed, and nothing made of it. */
function yardstick() {
  const database = new libsql(path);
  const rows = database
    .prepare('SELECT rule.state, run.record FROM rule LEFT JOIN run ON run.id = rule.last_run')
    .all();
  const ledger = database.prepare('SELECT * FROM ledger WHERE rule = ?');
  for (const [index, { state, record }] of rows.entries()) {
    JSON.parse(state);
    JSON.parse(record);
    ledger.all(index + 1);
  }
  database.close();
  return rows.length;
}

const last = rules.at(-1).id;
const alert = alertIdOf(last, ALERTS_EACH - 1);
const PATHS = [
  ...[
    '/',
    '/rules',
    '/rules?severity=high&tag=tag-2',
    `/rules/contoso/${last}`,
    `/rules/contoso/${last}?span=168&at=1h`,
    '/attack',
  ],
  ...[
    '/alerts',
    '/alerts?rule=rule-00003',
    `/alerts/${alert}`,
    '/tenants',
    '/targets',
    '/letters',
    '/silences',
    '/machines',
    '/audit',
    '/try',
  ],
];
const yard = (await taken(async () => yardstick())).ms;
const { ms: prepareMs } = await taken(() => pages.prepare());
if (!values['at-once']) while ((await taken(() => sleep(IDLE_MS))).ms > IDLE_MS / 20);
process.stderr.write(`before it listens: ${prepareMs} ms\n`);
const document = {
  rules: RULES,
  alerts: RULES * ALERTS_EACH,
  yardstickMs: yard,
  prepareMs,
  budgetMs: BUDGET_MS,
  pages: [],
};
for (const page of PATHS.filter((one) => values.page === undefined || one === values.page)) {
  const times = [];
  let bytes = 0;
  for (let turn = 0; turn < 4; turn += 1) {
    ahead += 60_000;
    const { result, ms } = await taken(() => visit(page));
    times.push(ms);
    bytes = result;
  }
  const [first, ...rest] = times;
  const best = Math.min(...rest);
  document.pages.push({ page, firstMs: first, bestMs: best, bytes });
  console.error(`${page}: first ${first} ms, then ${best} ms, ${bytes} bytes (yardstick ${yard} ms)`);
}
end.abort();
await store.close();
const over = document.pages.filter(({ firstMs }) => firstMs > BUDGET_MS);
console.log(JSON.stringify({ ...document, over: over.map(({ page }) => page) }, null, 2));
process.exitCode = over.length > 0 ? 1 : 0;

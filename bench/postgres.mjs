/**
 * The state in Postgres beside the state in a SQLite file, both on this machine's disk: commits of runs of 1,000 alerts of 2 KB (key, alert,
 * one outbox entry each), their entries handed out and settled; rounds alternate, the best of each counts. `loopMicros` is how long the event
 * loop is busy for an alert; Postgres is written from a thread, as by `run`. Then several processes that commit at once, each a tenant of its
 * own, as processes do that share the work.
 * Budgets: at least 0.6 x SQLite's alerts a second with one writer, more with four, and at most a fifth of its event-loop time.
 * node bench/postgres.mjs [--size 0.01..1] [--rounds 3] [--writers 4] [--dist dist]
 * It starts a server of its own (scripts/test-postgres.sh). Prints lines for people on stderr and one JSON document on stdout.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { alertOf } from './data/alert.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    writers: { type: 'string', default: '4' },
    dist: { type: 'string', default: 'dist' },
    /** What a process is told that is one of the writers. */
    writer: { type: 'string' },
    url: { type: 'string' },
  },
});
const RUN_ALERTS = 1000;
const RUNS = Math.max(1, Math.round(20 * Number(values.size)));
const AT = 1_767_225_600_000;
const load = (path) => import(pathToFileURL(resolve(values.dist, path)).href);
const [{ openSqliteStore }, { openShared }, { systemClock }, { Secret }, { foreseenSize }] = await Promise.all(
  ['state/sqlite-store.js', 'state/runner-state.js', 'lib/clock.js', 'lib/secret.js', 'lib/json/foreseen-bytes.js'].map(
    load,
  ),
);
const silent = { debug() {}, info() {}, warn() {}, error() {} };

if (values.writer) await beWriter(values.writer, values.url);
else await main();

async function main() {
  const server = startServer();
  if (!server) return process.stderr.write('postgres: not measured, no Postgres server is installed here\n');
  try {
    const best = { sqlite: null, postgres: null };
    for (let round = 0; round < Number(values.rounds); round += 1) {
      best.sqlite = better(best.sqlite, await measureSqlite(round));
      best.postgres = better(best.postgres, await measurePostgres(server.url, `alone-${round}`));
    }
    const many = await measureWriters(server.url, Number(values.writers));
    tell(best, many);
  } finally {
    server.stop();
  }
}

function tell({ sqlite, postgres }, many) {
  const ratio = (postgres.commit.perSecond / sqlite.commit.perSecond).toFixed(2);
  const loop = (postgres.commit.loopMicros / sqlite.commit.loopMicros).toFixed(2);
  const settled = (postgres.settle.perSecond / sqlite.settle.perSecond).toFixed(2);
  process.stderr.write(
    `postgres: ${postgres.commit.perSecond} alerts/s, SQLite ${sqlite.commit.perSecond} (${ratio} x); event loop ${postgres.commit.loopMicros} µs an alert, SQLite ${sqlite.commit.loopMicros} (${loop} x)\n` +
      `postgres: fetch and settle ${postgres.settle.perSecond}/s, SQLite ${sqlite.settle.perSecond} (${settled} x), event loop ${postgres.settle.loopMicros} µs, SQLite ${sqlite.settle.loopMicros}; ${values.writers} writers ${many} alerts/s (${(many / postgres.commit.perSecond).toFixed(2)} x one)\n`,
  );
  const size = Number(values.size);
  process.stdout.write(`${JSON.stringify({ bench: 'postgres', size, sqlite, postgres, writers: many })}\n`);
}

function better(one, other) {
  if (!one) return other;
  const best = (name) => (one[name].perSecond > other[name].perSecond ? one[name] : other[name]);
  return { commit: best('commit'), settle: best('settle') };
}

function startServer() {
  let text;
  try {
    text = execFileSync('bash', ['scripts/test-postgres.sh', 'start', 'safe'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return null;
  }
  const [, place] = /HUNTWIRE_TEST_POSTGRES=(\S+)/.exec(text);
  const [, url] = /HUNTWIRE_TEST_DATABASE_URL=(\S+)/.exec(text);
  const env = { ...process.env, HUNTWIRE_TEST_POSTGRES: place };
  return { url, stop: () => execFileSync('bash', ['scripts/test-postgres.sh', 'stop'], { env }) };
}

async function measureSqlite(round) {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-bench-'));
  const store = openSqliteStore({ path: join(folder, 'state.db'), clock: systemClock });
  try {
    return await measure(store, store, `alone-${round}`);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measurePostgres(url, name) {
  const state = await joinState(url);
  const target = `soar-${name}`;
  const [tenant, delivery] = [await take(state, 'tenant', name), await take(state, 'target', target)];
  try {
    return await measure(tenant.store, delivery.store, name);
  } finally {
    await state.close();
  }
}

function joinState(url) {
  const options = {
    clock: systemClock,
    log: silent,
    place: 'worker',
    version: '0',
    process: { verb: 'run', pid: process.pid, machine: 'bench' },
  };
  const standBy = { clock: systemClock, signal: new AbortController().signal, waiting: () => undefined };
  return openShared(new Secret(url), options, standBy);
}

async function take(state, kind, name) {
  const lease = await state.leases.take({ kind, name });
  if (!lease) throw new Error(`${kind} ${name} is taken`);
  return lease;
}

async function measure(store, settling, name) {
  const commits = Array.from({ length: RUNS }, (_, run) => commitOf(run, store.fence, name));
  const count = RUNS * RUN_ALERTS;
  const commit = await timed(count, async () => {
    for (const one of commits) await store.commit(one);
  });
  const settle = await timed(count, () => settleAll(settling, `soar-${name}`, count));
  return { commit, settle };
}

async function settleAll(store, target, count) {
  let settled = 0;
  while (settled < count) {
    const now = store.outboxNow() + 1000;
    const entries = await store.pending(target, { now, limit: 500, except: new Set(), ignoreBackoff: false });
    if (entries.length === 0) throw new Error(`only ${settled} of ${count} entries came back`);
    await store.delivered(
      entries.map(({ id }) => id),
      now,
    );
    settled += entries.length;
  }
}

async function timed(count, work) {
  const before = performance.eventLoopUtilization();
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const ms = performance.now() - start;
  const { active } = performance.eventLoopUtilization(before);
  const { user, system } = process.cpuUsage(cpu);
  const perAlert = (micros) => Math.round((micros / count) * 10) / 10;
  return {
    count,
    perSecond: Math.round((count / ms) * 1000),
    loopMicros: perAlert(active * 1000),
    cpuMicros: perAlert(user + system),
  };
}

/** They begin together, once all are ready. */
async function measureWriters(url, many) {
  const children = Array.from({ length: many }, (_, at) => {
    const args = [
      import.meta.filename,
      '--writer',
      `beside-${at}`,
      '--url',
      url,
      '--size',
      values.size,
      '--dist',
      values.dist,
    ];
    return spawn(process.execPath, ['--no-warnings', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  });
  try {
    await Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
    const start = performance.now();
    const ended = children.map((child) => once(child, 'close'));
    for (const { stdin } of children) stdin.end('go');
    const codes = (await Promise.all(ended)).map(([code]) => code);
    if (codes.some((code) => code !== 0)) throw new Error(`a writer ended with ${codes}`);
    return Math.round(((many * RUNS * RUN_ALERTS) / (performance.now() - start)) * 1000);
  } finally {
    for (const child of children) child.kill();
  }
}

async function beWriter(name, url) {
  const state = await joinState(url);
  const { store } = await take(state, 'tenant', name);
  const commits = Array.from({ length: RUNS }, (_, run) => commitOf(run, store.fence, name));
  process.stdout.write('ready');
  await once(process.stdin, 'data');
  for (const one of commits) await store.commit(one);
  await state.close();
}

/** Runs have written their alerts, and looked through them, before they commit. */
function writtenAlertOf(id) {
  const alert = alertOf(id);
  foreseenSize(alert);
  return alert;
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function commitOf(run, fence, name) {
  const ids = Array.from({ length: RUN_ALERTS }, (_, index) => hash(`${name}-${run}-${index}`));
  const at = AT + run * 60_000;
  const ruleId = `rule-${run % 5}`;
  const times = { toldTo: null, toldBefore: [], heldTo: null, heldNewest: null, heldBefore: [], lastReturned: at };
  return {
    fence,
    tenant: name,
    ruleId,
    rule: {
      frontier: at,
      ledger: [],
      sliceMs: null,
      standing: 'ok',
      failingSince: null,
      failures: 0,
      lastError: null,
      ruleTrait: null,
      changedAt: null,
    },
    keys: ids.map((key) => ({ key, state: 'told', ...times })),
    forgetBefore: at - 4 * 86_400_000,
    alerts: ids.map(writtenAlertOf),
    messages: ids.map((id) => ({ messageId: id, alertId: id, revision: 0, target: `soar-${name}`, orderKey: id })),
    quiet: [],
    firing: [],
    health: [],
    run: runOf(hash(`run-${name}-${run}`), { tenant: name, ruleId, at }),
  };
}

function runOf(runId, { tenant, ruleId, at }) {
  const suppressed = { duplicate: 0, quiet: 0, silenced: 0, excepted: 0, maintenance: 0, overflow: 0 };
  const times = { window: null, logicalTime: at, startedAt: at, endedAt: at };
  const counts = { calls: 1, rows: RUN_ALERTS, hits: RUN_ALERTS, alerts: RUN_ALERTS, suppressed, truncated: false };
  return { runId, tenant, ruleId, api: 'graph', ...times, outcome: 'ok', error: null, ...counts };
}

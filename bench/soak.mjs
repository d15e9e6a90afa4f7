/**
 * 100,000 alerts through the outbox to two webhooks, with the state on disk: one receiver is fine, the other answers 503 to every twentieth
 * request and is killed three times and started anew. Both write down each id before they answer. It ends well where every id is at both
 * and memory is flat: what is in use after a collection, when all is delivered, against when the first fifth was. Sizes below 1 kill as often.
 * node bench/soak.mjs [--size 0.01..1] [--dist dist]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { alertOf } from './data/alert.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    dist: { type: 'string' },
    role: { type: 'string' },
    port: { type: 'string', default: '0' },
    file: { type: 'string' },
    fails: { type: 'string', default: '0' },
  },
});
const ALERTS = Math.max(1000, Math.round(100_000 * Number(values.size)));
const KILLS = 3;
const FAILS_EVERY = 20;
const PER_COMMIT = 1000;
const CONCURRENCY = 16;
/** Nobody waits for waits: time goes so much faster for the outbox. */
const FASTER = 10;
/** Of an id and the end of its line. */
const LINE_BYTES = 33;
/** More than this is no noise of the collector. */
const MOST_GROWTH_MB = 32;
/** Without a delivery for so long nothing will come any more: failures are tried again within 15 minutes at most. */
const PATIENCE_MS = 20 * 60_000;

/** Writes down what it takes: a kill forgets nothing that was answered. */
function receive() {
  const kept = openSync(values.file, 'a');
  let requests = 0;
  const server = createServer((message, response) => {
    requests += 1;
    const fails = Number(values.fails) > 0 && requests % Number(values.fails) === 0;
    message.resume();
    message.on('end', () => {
      if (!fails) writeSync(kept, `${message.headers['webhook-id']}\n`);
      response.writeHead(fails ? 503 : 204).end();
    });
  });
  server.listen(Number(values.port), '127.0.0.1', () => process.send(server.address().port));
  process.on('disconnect', () => {
    closeSync(kept);
    process.exit();
  });
}

async function startReceiver(file, fails, port = 0) {
  const args = ['--role', 'receiver', '--file', file, '--fails', String(fails), '--port', String(port)];
  const child = fork(fileURLToPath(import.meta.url), args);
  return { child, port: await new Promise((done) => child.once('message', done)) };
}

if (values.role === 'receiver') receive();
else await main();

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-soak-'));
  const files = { steady: join(folder, 'steady'), shaky: join(folder, 'shaky') };
  const steady = await startReceiver(files.steady, 0);
  const shaky = await startReceiver(files.shaky, FAILS_EVERY);
  try {
    const figures = await soak({ folder, files, steady, shaky });
    const isWell = figures.missing.steady === 0 && figures.missing.shaky === 0 && figures.flat;
    process.stderr.write(
      `soak: ${ALERTS} alerts to two targets in ${figures.seconds} s (${figures.cpuMicros} µs of processor each), ${figures.missing.steady + figures.missing.shaky} missing, ${figures.repeats} came twice, ${figures.kills} kills; memory in use ${figures.memoryMb.early} MB, at the end ${figures.memoryMb.late} MB: ${isWell ? 'well' : 'NOT well'}\n`,
    );
    process.stdout.write(`${JSON.stringify({ bench: 'soak', alerts: ALERTS, ...figures })}\n`);
    process.exitCode = isWell ? 0 : 1;
  } finally {
    steady.child.disconnect();
    shaky.child.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function loadParts() {
  const dist = resolve(values.dist ?? join(import.meta.dirname, '../dist'));
  const load = (file) => import(join(dist, file));
  const [state, loop, webhook, native, clock, log, secret] = await Promise.all(
    [
      'state/sqlite-store.js',
      'outbox/delivery-loop.js',
      'targets/webhook.js',
      'formats/native.js',
      'lib/clock.js',
      'lib/log.js',
      'lib/secret.js',
    ].map(load),
  );
  return { ...state, ...loop, createWebhook: webhook.create, ...native, ...clock, ...log, ...secret };
}

async function soak({ folder, files, steady, shaky }) {
  const parts = await loadParts();
  const clock = parts.createFastClock(Date.now(), FASTER);
  const { silentLog: log } = parts;
  const store = parts.openSqliteStore({ path: join(folder, 'state.db'), clock });
  const targets = Object.entries({ steady, shaky }).map(([name, { port }]) =>
    parts.createWebhook(
      {
        type: 'webhook',
        url: new parts.Secret(`http://127.0.0.1:${port}/hook`),
        concurrency: CONCURRENCY,
        timeoutSeconds: 30 * FASTER,
      },
      { name, clock, log, version: '0.0.0', format: parts.formatNative, preset: null },
    ),
  );
  const options = { store, targets, clock, log, random: Math.random, healthTargets: [], tenant: 'default' };
  const loop = parts.createDeliveryLoop(options);
  const stop = new AbortController();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const running = loop.run(stop.signal);
  const committed = commitAll(store, loop);
  const [memory] = await Promise.all([watch(store, shaky, files.shaky, committed), committed]);
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  const { user, system } = process.cpuUsage(cpu);
  stop.abort();
  await running;
  for (const target of targets) await target.close();
  const dead = (await store.deadLetters({ target: null, ids: null })).length;
  await store.close();
  return { seconds, cpuMicros: Math.round((user + system) / (2 * ALERTS)), dead, ...memory, ...arrived(files) };
}

function idOf(index) {
  return createHash('sha256').update(`soak-${index}`).digest('hex').slice(0, 32);
}

async function commitAll(store, loop) {
  for (let from = 0; from < ALERTS; from += PER_COMMIT) {
    const ids = Array.from({ length: Math.min(PER_COMMIT, ALERTS - from) }, (_, index) => idOf(from + index));
    const messages = ids.flatMap((id) =>
      ['steady', 'shaky'].map((target) => ({ messageId: id, alertId: id, revision: 0, target, orderKey: id })),
    );
    await store.commitHealth({ alerts: ids.map(alertOf), messages, health: [] });
    loop.poke();
    await sleep(1);
  }
}

/** Kills the shaky receiver at a quarter, a half and three quarters; resolves when nothing is pending any more. */
async function watch(store, shaky, file, committed) {
  const memoryMb = { early: null, late: null, most: 0 };
  let [kills, isCommitted, before] = [0, false, -1];
  let movedAt = performance.now();
  committed.then(
    () => {
      isCommitted = true;
    },
    () => undefined,
  );
  for (;;) {
    await sleep(200);
    const done = statSync(file).size / LINE_BYTES;
    memoryMb.most = Math.max(memoryMb.most, Math.round(process.memoryUsage().rss / 1e6));
    if (memoryMb.early === null && done >= ALERTS / 5) memoryMb.early = inUseMb();
    if (kills < KILLS && done >= (ALERTS * (kills + 1)) / (KILLS + 1)) {
      kills += 1;
      await killAndStart(shaky, file);
    }
    if (done !== before) [before, movedAt] = [done, performance.now()];
    if (performance.now() - movedAt > PATIENCE_MS) throw new Error(`${done} of ${ALERTS} came, and nothing goes on`);
    // Counting takes its time: nothing is counted before as much has come as there is.
    if (isCommitted && done >= ALERTS && (await pendingIn(store)) === 0) break;
  }
  memoryMb.late = inUseMb();
  const growth = memoryMb.late - (memoryMb.early ?? memoryMb.late);
  return { kills, memoryMb, flat: growth <= MOST_GROWTH_MB };
}

async function pendingIn(store) {
  return (await store.targetCounts()).reduce((sum, { pending }) => sum + pending, 0);
}

async function killAndStart(shaky, file) {
  const gone = new Promise((done) => shaky.child.once('exit', done));
  shaky.child.kill('SIGKILL');
  await gone;
  shaky.child = (await startReceiver(file, FAILS_EVERY, shaky.port)).child;
}

/** What is in use once everything that is not was collected. */
function inUseMb() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return Math.round((heapUsed + external) / 1e6);
}

function arrived(files) {
  const wanted = Array.from({ length: ALERTS }, (_, index) => idOf(index));
  const lines = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, linesOf(file)]));
  const missingOf = (name) => {
    const there = new Set(lines[name]);
    return wanted.filter((id) => !there.has(id)).length;
  };
  const repeats = Object.values(lines).reduce((sum, all) => sum + all.length - new Set(all).size, 0);
  return { missing: { steady: missingOf('steady'), shaky: missingOf('shaky') }, repeats };
}

function linesOf(file) {
  return readFileSync(file, 'latin1').split('\n').filter(Boolean);
}

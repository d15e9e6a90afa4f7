/**
 * A committed outbox of 2 KB alerts through the delivery loop and the real targets, with the state on disk and written by a thread, as `run` does it: a webhook to an HTTP
 * receiver and syslog over TCP in frames of 1 kB, both receivers in a process of their own; and entries of one order key: by syslog, which
 * takes them one behind another on its connection (`chain`), and by webhook, which gets one after another (`turns`). The HTTP receiver is
 * nginx where it is installed, else a server in Node, which costs nearly as much as what is measured; `--receiver node` asks for that one.
 * Yardsticks in the same process: the target alone with the same alerts, and of webhook bare undici with ready bytes, headers included, at
 * the same concurrency and to the same receiver; rounds alternate, the best counts.
 * Budgets: 8,000 a second by webhook, 20,000 by syslog, 4,000 of one order key by syslog. `cpuMicros` is the processor time of an entry here.
 * node bench/outbox.mjs [--size 0.01..1] [--dist dist] [--only webhook|syslog|chain|turns] [--receiver node]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Agent, request } from 'undici';
import { alertOf } from './data/alert.mjs';
import { startNginx } from './data/nginx-receiver.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    dist: { type: 'string' },
    only: { type: 'string' },
    receiver: { type: 'string' },
    role: { type: 'string' },
  },
});
/** A small run shows that it works, not how fast it is. */
const ROUNDS = Number(values.size) < 0.1 ? 1 : 3;
const FRAME_BYTES = 1000;
const CASES = [
  { name: 'webhook', entries: 20_000, budget: 8000 },
  { name: 'syslog', entries: 60_000, budget: 20_000 },
  { name: 'chain', entries: 20_000, budget: 4000 },
  { name: 'turns', entries: 5000, budget: null },
].map((one) => ({ ...one, entries: Math.max(100, Math.round(one.entries * Number(values.size))) }));

/** Counts requests and bytes, and tells when it has got as many as it was asked to wait for. */
function receive() {
  const got = { requests: 0, bytes: 0 };
  let wanted = null;
  const add = (what, amount) => {
    got[what] += amount;
    if (!wanted || got.requests < wanted.requests || got.bytes < wanted.bytes) return;
    wanted = null;
    process.send({ ...got });
  };
  const http = createHttpServer((message, response) => {
    message.resume();
    if (message.url === '/first') process.send(message.headers);
    message.on('end', () => {
      response.writeHead(204).end();
      if (message.url !== '/first') add('requests', 1);
    });
  });
  const tcp = createTcpServer((socket) => {
    socket.on('data', (chunk) => add('bytes', chunk.length));
    socket.on('error', () => undefined);
  });
  process.on('message', (more) => {
    wanted = { requests: got.requests + more.requests, bytes: got.bytes + more.bytes };
    add('bytes', 0);
  });
  process.on('disconnect', () => process.exit());
  http.listen(0, '127.0.0.1', () =>
    tcp.listen(0, '127.0.0.1', () => process.send({ http: http.address().port, tcp: tcp.address().port })),
  );
}

if (values.role === 'receiver') receive();
else await main();

async function main() {
  const child = fork(fileURLToPath(import.meta.url), ['--role', 'receiver']);
  const answer = () => new Promise((done) => child.once('message', done));
  const ports = await answer();
  const arrival = (requests, bytes) => {
    child.send({ requests, bytes });
    return answer();
  };
  const nginx = values.receiver === 'node' ? null : await startNginx();
  const receiver = nginx ? 'nginx' : 'a server in Node';
  const parts = await loadParts();
  const measured = [];
  for (const one of CASES.filter(({ name }) => !values.only || values.only === name)) {
    measured.push(await measure({ ...one, ports, arrival, answer, nginx, parts }));
  }
  child.disconnect();
  await nginx?.close();
  process.stderr.write(`outbox: HTTP to ${receiver}; ${measured.map(wordsOf).join('; ')}\n`);
  process.stdout.write(`${JSON.stringify({ bench: 'outbox', size: Number(values.size), receiver, measured })}\n`);
}

function wordsOf({ name, perSecond, cpuMicros, alone, undici, ratio, ratioToUndici, budget, met }) {
  const verdict = budget === null ? 'no budget' : `budget ${budget}/s: ${met ? 'met' : 'NOT met'}`;
  const bare = undici ? `, ${ratioToUndici} x bare undici (${undici.perSecond}/s, ${undici.cpuMicros} µs)` : '';
  return `${name} ${perSecond}/s (${cpuMicros} µs of processor each; ${verdict}), ${ratio} x the target alone (${alone.perSecond}/s)${bare}`;
}

async function loadParts() {
  const dist = resolve(values.dist ?? join(import.meta.dirname, '../dist'));
  const files = {
    state: 'state/threaded-store.js',
    loop: 'outbox/delivery-loop.js',
    webhook: 'targets/webhook.js',
    syslog: 'targets/syslog.js',
    native: 'formats/native.js',
    clock: 'lib/clock.js',
    log: 'lib/log.js',
    secret: 'lib/secret.js',
    message: 'targets/syslog/message.js',
    settings: 'targets/syslog/settings.js',
    locks: 'state/runner-lock.js',
  };
  const loaded = await Promise.all(Object.values(files).map((file) => import(join(dist, file))));
  return Object.assign({}, ...loaded, {
    createWebhook: loaded[2].create,
    createSyslog: loaded[3].create,
  });
}

function isSyslog(name) {
  return name === 'syslog' || name === 'chain';
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  return 1;
}

function idOf(round, index) {
  return createHash('sha256').update(`${round}-${index}`).digest('hex').slice(0, 32);
}

function httpPort({ nginx, ports }) {
  return nginx?.port ?? ports.http;
}

function createTarget(bench, place = `${httpPort(bench)}/hook`) {
  const { name, ports, parts } = bench;
  const deps = { name: 'bench', clock: parts.systemClock, log: parts.silentLog, version: '0.0.0' };
  if (isSyslog(name)) {
    const config = { type: 'syslog', host: '127.0.0.1', port: ports.tcp, hostname: 'bench' };
    return parts.createSyslog(config, { ...deps, format: formatOfFrame(parts, config) });
  }
  const url = `http://127.0.0.1:${place}`;
  const signing = { secrets: [new parts.Secret('a signing secret')] };
  return parts.createWebhook(
    { type: 'webhook', url: new parts.Secret(url), concurrency: 16, signing },
    { ...deps, format: parts.formatNative },
  );
}

/** A payload of its own that makes every frame 1 kB: the format is not what is measured there. */
function formatOfFrame({ renderFrame, messageSettings }, config) {
  const formatWith = (fill) => (alert) => ({
    body: `{"id":"${alert.id}","text":"${fill}"}`,
    contentType: 'application/json',
  });
  const sample = { messageId: idOf(0, 0), alert: alertOf(idOf(0, 0)) };
  const bare = renderFrame(messageSettings(config), formatWith(''), sample).length;
  return formatWith('d'.repeat(FRAME_BYTES - bare));
}

async function measure(bench) {
  const target = createTarget(bench);
  await target.deliver({ messageId: 'first', alert: alertOf(idOf('first', 0)) }, new AbortController().signal);
  const bare = bench.name === 'webhook' ? await createBare(bench) : null;
  const rounds = { alone: [], outbox: [], undici: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    if (bare) rounds.undici.push(await timed(bench, () => atOnce(bench.entries, target.traits.concurrency, bare.send)));
    rounds.alone.push(await timed(bench, () => deliverAll(bench, target, round)));
    rounds.outbox.push(await outboxRound(bench, target, round));
  }
  await target.close();
  await bare?.close();
  const { name, entries, budget } = bench;
  const alone = best(rounds.alone);
  const outbox = best(rounds.outbox);
  const undici = bare && best(rounds.undici);
  const ratioTo = (other) => Number((outbox.perSecond / other.perSecond).toFixed(3));
  const yardsticks = { alone, ratio: ratioTo(alone), ...(undici && { undici, ratioToUndici: ratioTo(undici) }) };
  return { name, entries, ...outbox, ...yardsticks, budget, met: budget === null || outbox.perSecond >= budget };
}

/** Undici with what the target sent to the server in Node, but for what undici writes itself. */
async function createBare(bench) {
  const id = idOf('bare', 0);
  const target = createTarget(bench, `${bench.ports.http}/first`);
  const received = bench.answer();
  await target.deliver({ messageId: id, alert: alertOf(id) }, new AbortController().signal);
  const { host, connection, 'content-length': length, ...headers } = await received;
  const dispatcher = new Agent({ connections: target.traits.concurrency });
  await target.close();
  const url = `http://127.0.0.1:${httpPort(bench)}/hook`;
  const body = JSON.stringify(alertOf(id));
  const send = async () => {
    const answer = await request(url, { method: 'POST', headers, body, dispatcher });
    await answer.body.dump();
    if (answer.statusCode !== 204) throw new Error(`answered ${answer.statusCode}`);
  };
  return { send, close: () => dispatcher.close() };
}

function best(rounds) {
  return {
    perSecond: Math.max(...rounds.map((one) => one.perSecond)),
    cpuMicros: Math.min(...rounds.map((one) => one.cpuMicros)),
    settledSeconds: Math.min(...rounds.map((one) => one.settledSeconds)),
  };
}

/** Until the receiver has got every entry, and until every result is settled: syslog waits before it trusts a connection, nginx does not tell by itself. */
async function timed({ name, entries, arrival, nginx }, work) {
  const counts = isSyslog(name) ? null : nginx;
  const before = (await counts?.requests()) ?? 0;
  const arrived = counts ? null : isSyslog(name) ? arrival(0, entries * FRAME_BYTES) : arrival(entries, 0);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const elapsed = arrived?.then(() => performance.now() - start);
  await work();
  const settled = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const late = setTimeout(() => process.exit(fail(`${name}: not every entry reached the receiver`)), 10_000);
  const perSecond = Math.round((entries / ((await elapsed) ?? settled)) * 1000);
  clearTimeout(late);
  const got = counts ? (await counts.requests()) - before : entries;
  if (got !== entries) throw new Error(`${name}: the receiver got ${got} of ${entries}`);
  return { perSecond, cpuMicros: Math.round((user + system) / entries), settledSeconds: Math.round(settled) / 1000 };
}

async function deliverAll({ name, entries }, target, round) {
  const { signal } = new AbortController();
  await atOnce(entries, name === 'turns' ? 1 : target.traits.concurrency, async (left) => {
    const id = idOf(round, left);
    const result = await target.deliver({ messageId: id, alert: alertOf(id) }, signal);
    if (result.kind !== 'delivered') throw new Error(`not delivered: ${JSON.stringify(result)}`);
  });
}

/** Calls `send` with `count - 1` down to 0, so many at a time. */
async function atOnce(count, concurrency, send) {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await send(left);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function outboxRound(bench, target, round) {
  const { entries, parts } = bench;
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-bench-'));
  const path = join(folder, 'state.db');
  const lock = parts.takeRunnerLock(path);
  const store = await parts.openThreadedStore({ path, clock: parts.systemClock, lock });
  try {
    for (let from = 0; from < entries; from += 1000) await commit(store, bench, round, from);
    const loop = parts.createDeliveryLoop({
      store,
      targets: [target],
      clock: parts.systemClock,
      log: parts.silentLog,
      random: Math.random,
      healthTargets: [],
      tenant: 'default',
    });
    const { signal } = new AbortController();
    const figures = await timed(bench, async () => {
      const [count] = await loop.drain({ deadline: performance.now() + 60_000, ignoreBackoff: false, signal });
      if (count.delivered !== entries || count.pending !== 0) throw new Error(`drained ${JSON.stringify(count)}`);
    });
    return figures;
  } finally {
    await store.close();
    lock.release();
    rmSync(folder, { recursive: true, force: true });
  }
}

function commit(store, { name, entries }, round, from) {
  const ids = Array.from({ length: Math.min(1000, entries - from) }, (_, index) => idOf(round, from + index));
  const messages = ids.map((id) => ({
    messageId: id,
    alertId: id,
    revision: 0,
    target: 'bench',
    orderKey: name === 'chain' || name === 'turns' ? 'one' : id,
  }));
  return store.commitHealth({ alerts: ids.map(alertOf), messages, health: [] });
}

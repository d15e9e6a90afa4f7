/**
 * A committed outbox of 2 KB alerts through the delivery loop to Splunk's HTTP Event Collector, in batches of 500 with the state on disk and written by a thread, as `run` does it, to
 * a receiver in a process of its own that counts events. Yardstick: the target alone with the same batches, rendering included; rounds
 * alternate, the best counts. Budget: 20,000 events a second. `cpuMicros` is the processor time of an event here.
 * node bench/hec.mjs [--size 0.01..1] [--dist dist]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { alertOf } from './data/alert.mjs';

const { values } = parseArgs({
  options: { size: { type: 'string', default: '1' }, dist: { type: 'string' }, role: { type: 'string' } },
});
const EVENTS = Math.max(1000, Math.round(60_000 * Number(values.size)));
const ROUNDS = Number(values.size) < 0.1 ? 1 : 3;
const BATCH = 500;
const CONCURRENCY = 4;
const BUDGET = 20_000;
const EVENT = Buffer.from('"event":{');

/** Answers as the collector does, and tells how many events it has got when it is asked. */
function receive() {
  let events = 0;
  const server = createServer((message, response) => {
    const chunks = [];
    message.on('data', (chunk) => chunks.push(chunk));
    message.on('end', () => {
      events += countIn(Buffer.concat(chunks));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"text":"Success","code":0}');
    });
  });
  process.on('message', () => {
    process.send(events);
    events = 0;
  });
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}

/** In the alert itself quotes are escaped. */
function countIn(body) {
  let count = 0;
  for (let at = body.indexOf(EVENT); at >= 0; at = body.indexOf(EVENT, at + EVENT.length)) count += 1;
  return count;
}

if (values.role === 'receiver') receive();
else await main();

async function main() {
  const child = fork(fileURLToPath(import.meta.url), ['--role', 'receiver']);
  const answer = () => new Promise((done) => child.once('message', done));
  const port = await answer();
  const received = () => {
    child.send('how many?');
    return answer();
  };
  const { perSecond, cpuMicros } = await measure(port, received);
  child.disconnect();
  const ratio = Number((perSecond.outbox / perSecond.alone).toFixed(3));
  const met = perSecond.outbox >= BUDGET;
  process.stderr.write(
    `hec: ${perSecond.outbox} events/s through the outbox (${cpuMicros.outbox} µs of processor each; budget ${BUDGET}/s: ${met ? 'met' : 'NOT met'}), ${ratio} x the target alone (${perSecond.alone}/s, ${cpuMicros.alone} µs)\n`,
  );
  process.stdout.write(
    `${JSON.stringify({ bench: 'hec', events: EVENTS, perSecond, cpuMicros, ratio, budget: BUDGET, met })}\n`,
  );
}

async function loadParts() {
  const dist = resolve(values.dist ?? join(import.meta.dirname, '../dist'));
  const files = [
    'state/threaded-store.js',
    'state/runner-lock.js',
    'outbox/delivery-loop.js',
    'targets/splunk-hec.js',
    'formats/presets/splunk-hec.js',
    'formats/native.js',
    'lib/clock.js',
    'lib/log.js',
    'lib/secret.js',
  ];
  return Object.assign({}, ...(await Promise.all(files.map((file) => import(join(dist, file))))));
}

async function measure(port, received) {
  const parts = await loadParts();
  const target = parts.create(
    {
      type: 'splunk-hec',
      url: new parts.Secret(`http://127.0.0.1:${port}`),
      token: new parts.Secret('a token'),
      concurrency: CONCURRENCY,
      batch: { max: BATCH, every: '100ms' },
    },
    {
      name: 'bench',
      clock: parts.systemClock,
      log: parts.silentLog,
      version: '0.0.0',
      format: parts.formatNative,
      preset: parts.SPLUNK_HEC,
    },
  );
  const rounds = { alone: [], outbox: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.alone.push(await timed(received, () => deliverAll(target, round)));
    rounds.outbox.push(await outboxRound(parts, target, round, received));
  }
  await target.close();
  const best = (all) => Math.max(...all.map(({ perSecond }) => perSecond));
  const least = (all) => Math.min(...all.map(({ cpuMicros }) => cpuMicros));
  return {
    perSecond: { alone: best(rounds.alone), outbox: best(rounds.outbox) },
    cpuMicros: { alone: least(rounds.alone), outbox: least(rounds.outbox) },
  };
}

async function timed(received, work) {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await work();
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  const events = await received();
  if (events !== EVENTS) throw new Error(`the receiver has ${events} of ${EVENTS} events`);
  return { perSecond: Math.round((EVENTS / ms) * 1000), cpuMicros: Math.round((user + system) / EVENTS) };
}

function idOf(round, index) {
  return createHash('sha256').update(`${round}-${index}`).digest('hex').slice(0, 32);
}

/** Ids of `BATCH` alerts, from one on. */
function idsFrom(round, from, count) {
  return Array.from({ length: Math.min(count, EVENTS - from) }, (_, index) => idOf(round, from + index));
}

async function deliverAll(target, round) {
  const { signal } = new AbortController();
  let next = 0;
  const worker = async () => {
    while (next < EVENTS) {
      const ids = idsFrom(round, next, BATCH);
      next += BATCH;
      const deliveries = ids.map((id) => ({ messageId: id, alert: alertOf(id), receipt: null }));
      const results = await target.deliverMany(deliveries, signal);
      if (results.some(({ kind }) => kind !== 'delivered'))
        throw new Error(`not delivered: ${JSON.stringify(results)}`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

async function outboxRound(parts, target, round, received) {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-bench-'));
  const { systemClock: clock, silentLog: log } = parts;
  const path = join(folder, 'state.db');
  const lock = parts.takeRunnerLock(path);
  const store = await parts.openThreadedStore({ path, clock, lock });
  try {
    for (let from = 0; from < EVENTS; from += 1000) await commit(store, idsFrom(round, from, 1000));
    const options = { store, targets: [target], clock, log, random: Math.random, healthTargets: [], tenant: 'default' };
    const loop = parts.createDeliveryLoop(options);
    const { signal } = new AbortController();
    return await timed(received, async () => {
      const [count] = await loop.drain({ deadline: performance.now() + 60_000, ignoreBackoff: false, signal });
      if (count.delivered !== EVENTS || count.pending !== 0) throw new Error(`drained ${JSON.stringify(count)}`);
    });
  } finally {
    await store.close();
    lock.release();
    rmSync(folder, { recursive: true, force: true });
  }
}

function commit(store, ids) {
  const messages = ids.map((id) => ({ messageId: id, alertId: id, revision: 0, target: 'bench', orderKey: id }));
  return store.commitHealth({ alerts: ids.map(alertOf), messages, health: [] });
}

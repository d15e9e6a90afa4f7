/**
 * The webhook target alone against bare undici, both at concurrency 16 and with the same bytes, headers included, to a receiver in a process of
 * its own. The target renders and signs every alert; undici sends what is ready. Rounds alternate, the best of each side counts; `cpuMicros`
 * is the processor time of a request here, the least of a round, and `cpuRatio` compares it: on a machine that others use, too, it says more.
 * node bench/webhook.mjs [--size 0.01..1] [--dist dist]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Agent, request } from 'undici';
import { alertOf } from './data/alert.mjs';

const CONCURRENCY = 16;
const ROUNDS = 9;
const BUDGET = 0.8;

const { values } = parseArgs({
  options: { size: { type: 'string' }, dist: { type: 'string' }, role: { type: 'string' } },
});
const count = Math.max(CONCURRENCY, Math.round(8000 * Number(values.size ?? '1')));
const dist = resolve(values.dist ?? join(import.meta.dirname, '../dist'));

function receive() {
  const server = createServer((message, response) => {
    message.resume();
    if (message.url === '/first') process.send(message.headers);
    message.on('end', () => response.writeHead(204).end());
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
  process.on('disconnect', () => process.exit());
}

const alert = alertOf('0'.repeat(32));

/** Runs `send` `count` times, sixteen at a time; returns how many a second, and microseconds of processor time for each. */
async function rate(send) {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await send();
    }
  };
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const perSecond = count / ((performance.now() - start) / 1000);
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond, micros: (user + system) / count };
}

/** The headers of a request that the target sent, without those that undici writes itself. */
async function sentHeaders(createTarget, child) {
  const target = createTarget('/first');
  const received = new Promise((done) => child.once('message', done));
  await target.deliver({ messageId: alert.id, alert, receipt: null }, new AbortController().signal);
  await target.close();
  const { host, connection, 'content-length': length, ...headers } = await received;
  return headers;
}

async function measure(base, child) {
  const { create } = await import(join(dist, 'targets/webhook.js'));
  const { systemClock } = await import(join(dist, 'lib/clock.js'));
  const { silentLog } = await import(join(dist, 'lib/log.js'));
  const { Secret } = await import(join(dist, 'lib/secret.js'));
  const { formatNative } = await import(join(dist, 'formats/native.js'));
  const deps = { name: 'bench', clock: systemClock, log: silentLog, version: '0.0.0', format: formatNative };
  const signing = { secrets: [new Secret('a signing secret')] };
  const createTarget = (path) =>
    create({ type: 'webhook', url: new Secret(`${base}${path}`), concurrency: CONCURRENCY, signing }, deps);
  const headers = await sentHeaders(createTarget, child);
  const target = createTarget('/hook');
  const { signal } = new AbortController();
  const deliver = async () => {
    const result = await target.deliver({ messageId: alert.id, alert, receipt: null }, signal);
    if (result.kind !== 'delivered') throw new Error(`not delivered: ${JSON.stringify(result)}`);
  };
  const dispatcher = new Agent({ connections: CONCURRENCY });
  const body = JSON.stringify(alert);
  const bare = async () => {
    const answer = await request(`${base}/hook`, { method: 'POST', headers, body, dispatcher });
    await answer.body.dump();
  };
  const rates = { target: [], undici: [] };
  await rate(bare);
  await rate(deliver);
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.undici.push(await rate(bare));
    rates.target.push(await rate(deliver));
  }
  await target.close();
  await dispatcher.close();
  const best = (rounds) => Math.round(Math.max(...rounds.map((round) => round.perSecond)));
  const least = (rounds) => Math.round(Math.min(...rounds.map((round) => round.micros)));
  return {
    perSecond: { target: best(rates.target), undici: best(rates.undici) },
    cpuMicros: { target: least(rates.target), undici: least(rates.undici) },
  };
}

if (values.role === 'receiver') receive();
else {
  const child = fork(fileURLToPath(import.meta.url), ['--role', 'receiver']);
  const port = await new Promise((done) => child.once('message', done));
  const { perSecond, cpuMicros } = await measure(`http://127.0.0.1:${port}`, child);
  child.disconnect();
  const ratio = Number((perSecond.target / perSecond.undici).toFixed(3));
  const cpuRatio = Number((cpuMicros.undici / cpuMicros.target).toFixed(3));
  const met = ratio >= BUDGET;
  const result = {
    bench: 'webhook',
    requests: count,
    concurrency: CONCURRENCY,
    perSecond,
    cpuMicros,
    ratio,
    cpuRatio,
    budget: BUDGET,
    met,
  };
  process.stderr.write(
    `webhook: ${perSecond.target}/s, bare undici ${perSecond.undici}/s, ratio ${ratio}, by processor time ${cpuRatio} (budget ${BUDGET}): ${met ? 'met' : 'not met'}\n`,
  );
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

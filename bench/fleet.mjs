/**
 * Many tenants with ten rules each over three processes on one Postgres: 500 at size 1, a run of each rule every --every seconds. A stand-in in
 * another process plays login, API and target, and counts calls. It ends well where every tenant was asked, by one process at a time, no more
 * often than its quota allows, and each process has its part.
 * node bench/fleet.mjs [--size 0.01..1] [--seconds 600] [--every 300] [--processes 3] [--dist dist]
 * Runs of an hour at `every: 15m` are those of 20 minutes at `every: 5m`. Prints one line for people on stderr and one JSON document on stdout:
 * how long it took until all is divided, lag of runs behind their time, memory, delay of the event loop and processor time of each process.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { hasServer, startDatabase } from './lib/database.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    seconds: { type: 'string' },
    every: { type: 'string' },
    processes: { type: 'string', default: '3' },
    dist: { type: 'string', default: 'dist' },
    role: { type: 'string' },
  },
});
const SIZE = Number(values.size);
const isSmall = SIZE < 0.1;
const TENANTS = Math.max(6, Math.round(500 * SIZE));
const PROCESSES = Number(values.processes);
const RULES = 10;
const EVERY_S = Number(values.every ?? (isSmall ? 10 : 300));
const SECONDS = Number(values.seconds ?? (isSmall ? 15 : 2 * EVERY_S));
const DELAY_S = 1;
const CALLS_PER_MINUTE = 45;
/** A start that takes longer is no figure, but a hang. */
const PATIENCE_MS = 600_000;

/** In front of the program: what its event loop and its memory were like, once it ends. */
const WATCH = `import { writeFileSync } from 'node:fs'; import { monitorEventLoopDelay } from 'node:perf_hooks';
const delay = monitorEventLoopDelay({ resolution: 10 }); delay.enable(); const ms = (ns) => Math.round(ns / 1e5) / 10;
process.on('SIGUSR2', () => delay.reset());
process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
writeFileSync(process.env.WATCHED, JSON.stringify({ loopMs: { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), most: ms(delay.max) },
memoryMb: Math.round(process.memoryUsage().rss / 1e6), mostMemoryMb: Math.round(maxRSS / 1000), cpuSeconds: Math.round((userCPUTime + systemCPUTime) / 1e5) / 10 })); });`;

if (values.role === 'stand-in') standIn();
else if (!hasServer()) process.stderr.write('fleet: not played, no Postgres server is installed here\n');
else await main();

function standIn() {
  const seen = { calls: {}, told: 0 };
  const server = createServer((request, response) => {
    const [, tenant, ...rest] = request.url.split('?')[0].split('/');
    request.resume();
    request.on('end', () => {
      const send = (document) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
      if (tenant === 'hook') {
        seen.told += 1;
        return send({});
      }
      if (rest.at(-1) === 'token') return send({ token_type: 'Bearer', expires_in: 3600, access_token: TOKEN });
      seen.calls[tenant] ??= [];
      seen.calls[tenant].push(Date.now());
      return send({ schema: [{ name: 'Timestamp', type: 'DateTime' }], results: [] });
    });
  });
  process.on('message', () => process.send({ seen }));
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-fleet-'));
  const database = startDatabase();
  const stand = fork(fileURLToPath(import.meta.url), ['--role', 'stand-in'], { stdio: 'inherit' });
  const client = new pg.Client(database.url);
  const children = [];
  try {
    const [{ port }] = await once(stand, 'message');
    configure(folder, port);
    await client.connect();
    const begun = performance.now();
    for (let at = 0; at < PROCESSES; at += 1) children.push(start(folder, database.url, at));
    const failed = Promise.race(children.map(({ ended }) => ended)).then(({ code, log }) => {
      throw new Error(`huntwire ended with ${code}: ${log()}`);
    });
    failed.catch(() => undefined);
    await Promise.race([untilDivided(client), failed]);
    const startSeconds = secondsSince(begun);
    for (const { child } of children) child.kill('SIGUSR2');
    const from = Date.now();
    await Promise.race([sleep(SECONDS * 1000), failed]);
    const figures = { startSeconds, ...(await runsIn(client, from)), shares: await sharesIn(client) };
    const stopping = performance.now();
    for (const { child } of children) child.kill('SIGTERM');
    const ended = await Promise.all(children.map((one) => one.ended));
    const stopSeconds = secondsSince(stopping);
    stand.send({ ask: true });
    const [{ seen }] = await once(stand, 'message');
    tell({ ...figures, stopSeconds, ...callsIn(seen), processes: ended.map(({ figures: own }) => own) });
  } finally {
    for (const { child } of children) child.kill('SIGKILL');
    await client.end().catch(() => undefined);
    stand.disconnect();
    database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function secondsSince(begun) {
  return Math.round((performance.now() - begun) / 100) / 10;
}

/** Unsigned; nobody here looks at it. */
const TOKEN = ['{"alg":"none"}', '{"aud":"https://graph.microsoft.com","roles":["ThreatHunting.Read.All"]}', 'x']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

function configure(folder, port) {
  mkdirSync(join(folder, 'rules'));
  for (let at = 0; at < RULES; at += 1)
    writeFileSync(
      join(folder, 'rules', `r${at}.yaml`),
      `id: r${at}\nname: R${at}\nseverity: medium\nquery: DeviceProcessEvents | where FileName == "f${at}.exe"\nschedule: {every: ${EVERY_S}s}\n`,
    );
  const tenants = Array.from({ length: TENANTS }, (_, at) => `t${String(at).padStart(3, '0')}`).map((name) => {
    const base = `http://127.0.0.1:${port}/${name}`;
    return `  - {name: ${name}, source: {api: graph, baseUrl: "${base}", limits: {callsPerMinute: ${CALLS_PER_MINUTE}}}, auth: {tenantId: ${name}, clientId: c, authority: "${base}", clientSecret: "\${env:SECRET}"}}\n`;
  });
  writeFileSync(
    join(folder, 'huntwire.yaml'),
    `tenants:\n${tenants.join('')}rules: [rules/]\ntargets:\n  out: {type: webhook, url: "http://127.0.0.1:${port}/hook"}\ndefaultTargets: [out]\nwindows: {delay: ${DELAY_S}s}\nstate: {url: "\${env:DATABASE}"}\nlog: {level: warn, format: json}\n`,
  );
}

function start(folder, url, at) {
  const watched = join(folder, `watched-${at}.json`);
  const env = { ...process.env, DATABASE: url, SECRET: 'of all tenants', WATCHED: watched };
  const main = resolve(values.dist, 'main.js');
  const args = ['--no-warnings', '--import', `data:text/javascript,${encodeURIComponent(WATCH)}`, main];
  const child = spawn(process.execPath, [...args, 'run', '--config', join(folder, 'huntwire.yaml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
  });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-5000);
  });
  const ended = once(child, 'close').then(([code]) => ({
    code,
    log: () => log,
    figures: code === 0 ? JSON.parse(readFileSync(watched, 'utf8')) : null,
  }));
  return { child, ended };
}

/** All leases are had, each kind in fair parts. */
async function untilDivided(client) {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(100)) {
    const shares = await sharesIn(client).catch(() => []);
    const most = Math.ceil(TENANTS / PROCESSES);
    const isFair = shares.length === PROCESSES && shares.every((count) => count <= most);
    if (isFair && shares.reduce((sum, count) => sum + count, 0) === TENANTS) return;
  }
  throw new Error(`the tenants were not divided: ${await sharesIn(client)}`);
}

/** Tenants of each process that runs. */
async function sharesIn(client) {
  const { rows } = await client.query(
    "SELECT count(*)::int AS many FROM lease JOIN machine ON machine.id = owner WHERE kind = 'tenant' AND runs GROUP BY owner ORDER BY owner",
  );
  return rows.map(({ many }) => many);
}

/** Of runs by schedule: how long after their time they were there. */
async function runsIn(client, from) {
  const { rows } = await client.query('SELECT record FROM run WHERE ended_at >= $1', [from]);
  const records = rows.map(({ record }) => JSON.parse(record)).filter(({ lane = 'due' }) => lane === 'due');
  // What was due before is what the start had to catch up with.
  const due = records.filter(({ logicalTime }) => logicalTime + DELAY_S * 1000 >= from);
  const lags = due.map(({ logicalTime, endedAt }) => endedAt - logicalTime - DELAY_S * 1000);
  const failed = records.filter(({ outcome = 'ok' }) => outcome !== 'ok').length;
  return { runs: records.length, failed, lagMs: spreadOf(lags) };
}

function callsIn({ calls, told }) {
  const most = Math.max(0, ...Object.values(calls).map(mostWithinAMinute));
  const total = Object.values(calls).reduce((sum, { length }) => sum + length, 0);
  return { calls: total, tenantsAsked: Object.keys(calls).length, mostAMinute: most, told };
}

function mostWithinAMinute(times) {
  let [most, from] = [0, 0];
  for (const [to, at] of times.entries()) {
    while (at - times[from] > 55_000) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

function spreadOf(all) {
  const sorted = [...all].sort((one, other) => one - other);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
  return { p50: at(0.5), p99: at(0.99), most: at(1) };
}

function tell(result) {
  const { tenantsAsked, mostAMinute, failed, processes, startSeconds, runs, lagMs, calls, stopSeconds } = result;
  const isWell =
    tenantsAsked === TENANTS && mostAMinute <= CALLS_PER_MINUTE && failed === 0 && processes.every(Boolean);
  const each = processes.map(
    (one) =>
      one &&
      `${one.memoryMb} MB, ${one.cpuSeconds} s, loop ${one.loopMs.p50}, ${one.loopMs.p99}, ${one.loopMs.most} ms`,
  );
  process.stderr.write(
    `fleet: ${TENANTS} tenants of ${RULES} rules every ${EVERY_S} s over ${PROCESSES} processes, ${SECONDS} s; divided after ${startSeconds} s, stopped in ${stopSeconds}; ${runs} runs in ${calls} calls, lag ${lagMs.p50}, ${lagMs.p99}, ${lagMs.most} ms; ${each.join('; ')}: ${isWell ? 'well' : 'NOT well'}\n`,
  );
  process.stdout.write(
    `${JSON.stringify({ bench: 'fleet', tenants: TENANTS, rules: RULES, every: EVERY_S, seconds: SECONDS, well: isWell, ...result })}\n`,
  );
  process.exitCode = isWell ? 0 : 1;
}

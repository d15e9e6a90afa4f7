/**
 * Three days of `huntwire run` in minutes: the whole program on a clock that goes so much faster, beside a stand-in for login, API and a
 * webhook in another process, whose `Date` goes as fast. After each hour of it: memory in use after a collection, open files, what keeps
 * the process alive, and the size of the state with its log. It ends well where the last day is no larger than the one before.
 * node bench/soak-day.mjs [--size 0.01..1] [--factor 720] [--dist dist]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    factor: { type: 'string', default: '720' },
    dist: { type: 'string', default: 'dist' },
    role: { type: 'string' },
    start: { type: 'string' },
  },
});
const HOUR_MS = 3_600_000;
const DAY_H = 24;
const HOURS = Math.max(2, Math.round(72 * Number(values.size)));
const FACTOR = Number(values.factor);
const RULES = 6;
/** More than this is no noise of the collector, and of the file no page that waits to be used again. */
const MOST_GROWTH = { memoryMb: 8, share: 0.1, handles: 3 };

if (values.role === 'stand-in') standIn();
else await main();

function standIn() {
  const clock = fastTime(Number(values.start));
  let [queries, posts] = [0, 0];
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const send = (document) => {
        response.writeHead(200, { 'content-type': 'application/json', date: new Date(clock()).toUTCString() });
        response.end(JSON.stringify(document));
      };
      if (request.url.endsWith('/hook')) {
        posts += 1;
        return send({});
      }
      if (request.url.includes('token'))
        return send({ token_type: 'Bearer', expires_in: 3600, access_token: `e30.${btoa('{}')}.x` });
      queries += 1;
      return send({ schema: SCHEMA, results: queries % 25 === 0 ? [rowOf(queries, clock())] : [] });
    });
  });
  process.on('message', () => process.send({ queries, posts }));
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
}

const SCHEMA = [
  { name: 'Timestamp', type: 'DateTime' },
  { name: 'DeviceId', type: 'String' },
  { name: 'ReportId', type: 'Int64' },
];

function rowOf(number, now) {
  return { Timestamp: new Date(now - 600_000).toISOString(), DeviceId: `d${number % 50}`, ReportId: number };
}

function fastTime(start) {
  const begun = performance.timeOrigin + performance.now();
  return () => start + (performance.timeOrigin + performance.now() - begun) * FACTOR;
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-day-'));
  const start = Date.now();
  const args = ['--role', 'stand-in', '--factor', values.factor, '--start', String(start)];
  const stand = fork(fileURLToPath(import.meta.url), args, { stdio: 'inherit' });
  try {
    const { port } = await messageOf(stand);
    configure(folder, port);
    const begun = performance.now();
    const cpu = process.cpuUsage();
    const samples = await live(folder, start);
    const { user, system } = process.cpuUsage(cpu);
    stand.send({});
    const { queries, posts } = await messageOf(stand);
    const seconds = Math.round((performance.now() - begun) / 1000);
    tell({ samples, queries, posts, seconds, cpuSeconds: Math.round((user + system) / 1e6) });
  } finally {
    stand.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

function messageOf(child) {
  return new Promise((done) => child.once('message', done));
}

function configure(folder, port) {
  mkdirSync(join(folder, 'rules'));
  for (let at = 0; at < RULES; at += 1)
    writeFileSync(
      join(folder, 'rules', `r${at}.yaml`),
      `id: r${at}\nname: R${at}\nseverity: medium\nquery: DeviceProcessEvents | where FileName == "f${at}.exe" | project Timestamp, DeviceId, ReportId\nschedule: {every: 15m}\n`,
    );
  const base = `http://127.0.0.1:${port}`;
  writeFileSync(
    join(folder, 'huntwire.yaml'),
    `source: {api: graph, baseUrl: "${base}", timeoutSeconds: 3600}\nauth: {tenantId: t, clientId: c, authority: "${base}/t", clientSecret: x}\nrules: [rules/]\ntargets: {out: {type: webhook, url: "${base}/hook", timeoutSeconds: 300}}\ndefaultTargets: [out]\nheartbeat: {every: 15m, target: out}\nretention: {runs: 1d, alerts: 7d, deadLetters: 7d}\nstate: {path: state.db}\nlog: {level: error, format: json}\n`,
  );
}

async function live(folder, start) {
  const load = (file) => import(join(resolve(values.dist), file));
  const parts = await Promise.all(
    ['app.js', 'cli/run-app.js', 'cli/host.js', 'cli/read-config.js', 'lib/clock.js'].map(load),
  );
  const { openApp, runApp, createHost, readConfig, createFastClock, systemClock } = Object.assign({}, ...parts);
  const clock = createFastClock(start, FACTOR, systemClock);
  const stop = new AbortController();
  const stderr = { write: (text) => process.stderr.write(text), isTTY: false, columns: 80 };
  const world = { stdout: stderr, stderr, env: {}, cwd: folder, clock, random: Math.random, signal: stop.signal };
  const config = readConfig(world, 'huntwire.yaml');
  const host = createHost(world, config, 'worker', 'run');
  const app = await openApp(config, host);
  const samples = [];
  const watching = watch(clock, folder, samples).finally(() => stop.abort());
  await runApp(app, host.log, stop.signal);
  await app.close();
  await watching;
  return samples;
}

async function watch(clock, folder, samples) {
  const until = clock.monotonic() + HOURS * HOUR_MS;
  while (clock.monotonic() < until) {
    await clock.sleep(HOUR_MS);
    samples.push(sampleOf(folder));
  }
}

function sampleOf(folder) {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return {
    memoryMb: Math.round((heapUsed + external) / 1e5) / 10,
    handles: process.getActiveResourcesInfo().length,
    files: openFiles(),
    stateKb: Math.round((sizeOf(join(folder, 'state.db')) + sizeOf(join(folder, 'state.db-wal'))) / 1000),
  };
}

function openFiles() {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return null;
  }
}

function sizeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function tell({ samples, ...counts }) {
  const at = (hour) => spread(samples.slice(Math.max(0, hour - DAY_H), hour));
  const [before, last] = [at(samples.length - DAY_H), at(samples.length)];
  // An hour in which much is due ends a little late.
  const isLong = samples.length >= 2.5 * DAY_H;
  const grown = {
    memory: last.memoryMb > before.memoryMb + MOST_GROWTH.memoryMb,
    handles: last.handles > before.handles + MOST_GROWTH.handles || last.files > before.files + MOST_GROWTH.handles,
    state: last.stateKb > before.stateKb * (1 + MOST_GROWTH.share),
  };
  const isWell = !isLong || !Object.values(grown).some(Boolean);
  const text = ({ memoryMb, handles, files, stateKb }) =>
    `${memoryMb} MB in use, ${handles} handles, ${files} open files, state ${stateKb} kB`;
  process.stderr.write(
    `soak-day: ${samples.length} h in ${counts.seconds} s, ${counts.queries} queries, ${counts.posts} posts, ${counts.cpuSeconds} s of processor time; the day before the last: ${text(before)}; the last: ${text(last)}: ${isWell ? 'well' : `NOT well ${JSON.stringify(grown)}`}\n`,
  );
  process.stdout.write(
    `${JSON.stringify({ bench: 'soak-day', hours: samples.length, factor: FACTOR, ...counts, before, last, samples })}\n`,
  );
  process.exitCode = isWell ? 0 : 1;
}

/** The middle of each figure, and the most of what lies on the disk. */
function spread(samples) {
  const middle = (name) => samples.map((one) => one[name] ?? 0).sort((a, b) => a - b)[samples.length >> 1] ?? 0;
  const most = (name) => Math.max(0, ...samples.map((one) => one[name] ?? 0));
  return { memoryMb: middle('memoryMb'), handles: middle('handles'), files: middle('files'), stateKb: most('stateKb') };
}

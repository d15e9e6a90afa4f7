/**
 * `huntwire run` with 50 tenants on one core, twice: once with all of them well, once with three of them sick (one is refused with 429, one
 * never answers, one has no secret). It ends well where the other 47 lag no more with them than without, none of them is told of, the sick
 * ones are, no token was used for another tenant, and the heartbeat went on. A stand-in plays login, API and targets in another process.
 * node bench/tenants.mjs [--size 0.01..1] [--seconds 90] [--dist dist]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { fork, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    seconds: { type: 'string' },
    dist: { type: 'string', default: 'dist' },
    role: { type: 'string' },
  },
});
const SIZE = Number(values.size);
const TENANTS = Math.max(8, Math.round(50 * SIZE));
const SECONDS = Number(values.seconds ?? Math.max(25, Math.round(90 * SIZE)));
const RULES = 4;
const EVERY_S = 10;
const DELAY_S = 1;
/** So long a start may take. */
const START_S = 180;
/** After the first run. */
const WARM_S = 10;
/** What is due at the very end may not be done. */
const STEADY_S = Math.max(5, SECONDS - 35);
/** The shortest that a configuration may say. */
const BEAT_S = 60;
const SICK = ['t00', 't01', 't02'];
const [THROTTLED, HANGING, MISCONFIGURED] = SICK;
/** A machine that does other things, too, is late by so much now and then. */
const TOLERANCE_MS = 250;

if (values.role === 'stand-in') standIn();
else await main();

function standIn() {
  const seen = { asked: {}, crossed: 0, told: {}, beats: 0 };
  let sick = false;
  const server = createServer((request, response) => {
    const [, tenant, ...rest] = request.url.split('?')[0].split('/');
    const path = rest.join('/');
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => answer({ tenant, path, body: Buffer.concat(chunks).toString(), request, response }));
  });
  const answer = ({ tenant, path, body, request, response }) => {
    const send = (status, document, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(document));
    if (tenant === 'hook') return takeAlert(body, send);
    if (path.endsWith('token'))
      return send(200, { token_type: 'Bearer', expires_in: 3600, access_token: tokenOf(tenant) });
    seen.asked[tenant] = (seen.asked[tenant] ?? 0) + 1;
    if (request.headers.authorization !== `Bearer ${tokenOf(tenant)}`) seen.crossed += 1;
    if (sick && tenant === THROTTLED) return send(429, { error: { code: 'TooManyRequests' } }, { 'retry-after': '7' });
    if (sick && tenant === HANGING) return undefined;
    return send(200, { schema: [{ name: 'Timestamp', type: 'DateTime' }], results: [] });
  };
  const takeAlert = (body, send) => {
    const alert = JSON.parse(body);
    const { code } = alert.health ?? {};
    if (code === 'heartbeat') seen.beats += 1;
    else seen.told[`${alert.tenant} ${code ?? alert.rule.id}`] = alert.status;
    send(200, {});
  };
  process.on('message', (message) => {
    if (message.sick !== undefined) sick = message.sick;
    else process.send({ seen });
  });
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
}

/** An unsigned token that says whose it is. */
function tokenOf(tenant) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ aud: 'https://graph.microsoft.com', tid: tenant, roles: ['ThreatHunting.Read.All'] })}.x`;
}

async function main() {
  const well = await life(false);
  const sick = await life(true);
  const allowed = well.lagMs.p99 + TOLERANCE_MS;
  const verdicts = {
    lag: sick.lagMs.p99 <= allowed && sick.runs >= well.runs * 0.95,
    // One that is throttled is told once its rules are a quarter of an hour behind; until then `status` says it.
    told: [HANGING, MISCONFIGURED].every((tenant) => sick.told.some((one) => one.startsWith(tenant))),
    others: [...well.told, ...sick.told].every((one) => SICK.some((tenant) => one.startsWith(tenant))),
    apart: well.crossed + sick.crossed === 0,
    beats: sick.beats >= Math.floor(SECONDS / BEAT_S),
  };
  const isWell = Object.values(verdicts).every(Boolean);
  process.stderr.write(
    `tenants: ${TENANTS} on one core, ${SECONDS} s; lag of ${TENANTS - SICK.length} at p50, p99, most: ${lagText(well)} all well, ${lagText(sick)} with three sick; runs ${well.runs} and ${sick.runs}; memory ${well.memoryMb} and ${sick.memoryMb} MB; processor ${well.cpuSeconds} and ${sick.cpuSeconds} s: ${isWell ? 'well' : `NOT well ${JSON.stringify(verdicts)}`}\n`,
  );
  process.stdout.write(
    `${JSON.stringify({ bench: 'tenants', tenants: TENANTS, rules: RULES, seconds: SECONDS, well, sick, verdicts })}\n`,
  );
  // At a small size there is no figure to hold anybody to.
  process.exitCode = isWell || (SIZE < 1 && verdicts.others && verdicts.apart) ? 0 : 1;
}

function lagText({ lagMs: { p50, p99, most } }) {
  return `${p50}, ${p99}, ${most} ms`;
}

async function life(sick) {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-tenants-'));
  const stand = fork(fileURLToPath(import.meta.url), ['--role', 'stand-in'], { stdio: 'inherit' });
  try {
    const { port } = await messageOf(stand);
    stand.send({ sick });
    configure(folder, port, sick);
    const { memoryMb, cpuSeconds } = await runFor(folder);
    stand.send({ ask: true });
    const { seen } = await messageOf(stand);
    const { crossed, told, beats, asked } = seen;
    const lags = lagsOf(join(folder, 'events.jsonl'));
    const sickAsked = Object.fromEntries(SICK.map((tenant) => [tenant, asked[tenant] ?? 0]));
    return {
      runs: lags.length,
      lagMs: spreadOf(lags),
      memoryMb,
      cpuSeconds,
      crossed,
      told: Object.keys(told),
      beats,
      sickAsked,
    };
  } finally {
    stand.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

function messageOf(child) {
  return new Promise((done) => child.once('message', done));
}

function configure(folder, port, sick) {
  mkdirSync(join(folder, 'rules'));
  for (let at = 0; at < RULES; at += 1)
    writeFileSync(
      join(folder, 'rules', `r${at}.yaml`),
      `id: r${at}\nname: R${at}\nseverity: medium\nquery: DeviceProcessEvents | where FileName == "f${at}.exe"\nschedule: {every: ${EVERY_S}s}\n`,
    );
  const tenants = Array.from({ length: TENANTS }, (_, at) => `t${String(at).padStart(2, '0')}`).map((name) => {
    const base = `http://127.0.0.1:${port}/${name}`;
    if (!(sick && name === MISCONFIGURED)) writeFileSync(join(folder, `secret-${name}`), `secret of ${name}`);
    return `  - name: ${name}\n    source: {api: graph, baseUrl: "${base}", timeoutSeconds: 5}\n    auth: {tenantId: ${name}, clientId: c, authority: "${base}", clientSecret: "\${file:secret-${name}}"}\n`;
  });
  const hook = `http://127.0.0.1:${port}/hook`;
  writeFileSync(
    join(folder, 'huntwire.yaml'),
    `tenants:\n${tenants.join('')}rules: [rules/]\ntargets:\n  out: {type: webhook, url: "${hook}"}\ndefaultTargets: [out]\nheartbeat: {every: 1m, target: out}\nwindows: {delay: ${DELAY_S}s}\nevents: {path: events.jsonl}\nstate: {path: state.db}\nlog: {level: warn, format: json}\n`,
  );
}

/** Runs it on one core, and gives what it took until it is stopped. */
async function runFor(folder) {
  const main = resolve(values.dist, 'main.js');
  const args = ['--no-warnings', main, 'run', '--config', join(folder, 'huntwire.yaml')];
  const [program, rest] = hasTaskset() ? ['taskset', ['-c', '0', process.execPath, ...args]] : [process.execPath, args];
  const child = spawn(program, rest, { stdio: ['ignore', 'inherit', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-20_000);
  });
  const gone = new Promise((done) => child.once('exit', (code) => done(code)));
  const hasRun = await firstRun(join(folder, 'events.jsonl'), child);
  if (!hasRun) child.kill('SIGKILL');
  const ended = await Promise.race([gone, sleep(SECONDS * 1000, null)]);
  if (ended !== null) throw new Error(`huntwire ended with ${ended}: ${log}`);
  const figures = figuresOf(child.pid);
  const stopping = performance.now();
  child.kill('SIGTERM');
  const code = await gone;
  if (code !== 0) throw new Error(`huntwire ended with ${code}: ${log}`);
  return { ...figures, stopSeconds: Math.round((performance.now() - stopping) / 100) / 10 };
}

/** A busy machine is slow to start: its seconds count from the first run of a tenant that is never sick. False: there was none. */
async function firstRun(file, child) {
  const until = performance.now() + START_S * 1000;
  while (runsIn(file).length === 0) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > until) return false;
    await sleep(200);
  }
  return true;
}

function hasTaskset() {
  return spawnSync('taskset', ['-c', '0', 'true']).status === 0;
}

/** Of Linux; elsewhere nobody knows. */
function figuresOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(status) ?? [];
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
    return { memoryMb: Math.round(Number(kilobytes) / 1000), cpuSeconds: (Number(user) + Number(system)) / 100 };
  } catch {
    return { memoryMb: null, cpuSeconds: null };
  }
}

/** By run of a tenant that is never sick, how long after its scheduled time it was done; what is due at the start is another matter. */
function lagsOf(file) {
  const runs = runsIn(file);
  const steadyFrom = Math.min(...runs.map(({ endedAt }) => Date.parse(endedAt))) + WARM_S * 1000;
  return runs
    .map(({ endedAt, logicalTime }) => ({ due: Date.parse(logicalTime) + DELAY_S * 1000, done: Date.parse(endedAt) }))
    .filter(({ due }) => due >= steadyFrom && due < steadyFrom + STEADY_S * 1000)
    .map(({ due, done }) => done - due);
}

/** None before the file is there; the last line may be half written. */
function runsIn(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
    .filter(
      ({ kind, tenant, lane, outcome }) =>
        kind === 'run' && lane === 'due' && outcome === 'ok' && !SICK.includes(tenant),
    );
}

function spreadOf(lags) {
  const sorted = [...lags].sort((one, other) => one - other);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
  return { p50: at(0.5), p99: at(0.99), most: at(1) };
}

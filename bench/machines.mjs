/**
 * Three processes share the work on one Postgres, and are killed, frozen, cut off from the database and left without it at random, by a seed.
 * A stand-in for Microsoft counts calls, a receiver takes alerts. It ends well where no hit is lost, none is told under two ids, the alerts
 * of an order key come in their order the first time, and no tenant is asked more often than its quota allows.
 * node bench/machines.mjs [--size 1] [--seeds 3] [--from 1] [--seconds 60] [--dist dist]: a small size is one seed of a few seconds, which shows that it works
 *   [--takeovers N]: instead of seeds, how long it takes until others have all that a process had, N times killed and N times frozen
 *   [--results FILE]: a line of JSON for each seed; seeds that stand there already are not played again
 *   [--shards N,M]: into how many shards the target is divided, and from the middle of a seed on for whoever starts then; default: by the seed
 * It starts a database of its own (scripts/test-postgres.sh). Prints a line for people for each seed on stderr and one JSON document on stdout.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { hasServer, startDatabase } from './lib/database.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    seconds: { type: 'string' },
    dist: { type: 'string', default: 'dist' },
    takeovers: { type: 'string' },
    shards: { type: 'string' },
    results: { type: 'string' },
    logs: { type: 'boolean', default: false },
  },
});
const isSmall = Number(values.size) < 0.1;
const SECONDS = Number(values.seconds ?? (isSmall ? 8 : 60));
const SEEDS = Number(values.seeds ?? Math.max(1, Math.round(3 * Number(values.size))));
const PROCESSES = 3;
const TENANTS = ['north', 'south', 'west'];
/** Fewer than the schedules want, so that the quota is what holds runs up. */
const CALLS_PER_MINUTE = 5;
/** Each in turn, and the one behind it from the middle of a seed on. */
const SHARDS = [1, 3, 2, 4];
const EVENT_EVERY_MS = 500;
const DEVICES = 4;
/** Events for who measures takeovers, however slow the machine is. */
const LONG_S = 900;
/** A hang is no verdict: a seed that has not told all by then has lost something. */
const PATIENCE_MS = 240_000;

const load = (path) => import(pathToFileURL(resolve(values.dist, path)).href);
const [
  { startEmulator },
  { createEngineAnswerer },
  { createFileEvents },
  { rowTable },
  { columnsOfTable },
  { systemClock },
] = await Promise.all(
  [
    'emulator/server.js',
    'emulator/engine-answerer.js',
    'emulator/file-events.js',
    'engine/data/row-table.js',
    'kql/defender.js',
    'lib/clock.js',
  ].map(load),
);

if (!hasServer()) process.stderr.write('machines: not played, no Postgres server is installed here\n');
else await (values.takeovers ? measureTakeovers(Number(values.takeovers)) : main());

async function main() {
  const known = values.results && existsSync(values.results) ? linesOf(values.results) : [];
  const first = Number(values.from);
  const seeds = Array.from({ length: SEEDS }, (_, at) => first + at);
  const played = known.filter(({ seed }) => seeds.includes(seed));
  for (const seed of seeds.filter((one) => !played.some((other) => other.seed === one))) {
    const result = await play(seed);
    played.push(result);
    if (values.results) appendFileSync(values.results, `${JSON.stringify(result)}\n`);
    process.stderr.write(`machines: seed ${seed}: ${textOf(result)}\n`);
  }
  const bad = played.filter(({ well }) => !well).map(({ seed }) => seed);
  process.stdout.write(`${JSON.stringify({ bench: 'machines', seeds: played.length, bad, played })}\n`);
  process.exitCode = bad.length > 0 ? 1 : 0;
}

function linesOf(file) {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function textOf({ well, hits, told, faults, most, lost, doubled, disordered, seconds }) {
  const verdict = well ? 'well' : `NOT well: lost ${lost}, under two ids ${doubled}, out of order ${disordered}`;
  return `${hits} hits in ${told} deliveries, ${faults.length} faults, at most ${most} calls a minute, ${seconds} s: ${verdict}`;
}

/** Numbers from [0, 1) by a seed. */
function randomOf(seed) {
  let state = seed * 2_654_435_761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function shardsOf(seed) {
  if (values.shards) return values.shards.split(',').map(Number);
  return [0, 1].map((later) => SHARDS[(seed + later) % SHARDS.length]);
}

/** Machines that share a database, each over a cable of its own, and the stand-in that they ask and tell. */
async function openFleet(events, shards = 1) {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-machines-'));
  const database = startDatabase();
  const standIn = await openStandIn(events);
  const cables = await Promise.all(Array.from({ length: PROCESSES }, () => openCable(database.port)));
  mkdirSync(join(folder, 'rules'));
  configure(folder, standIn, shards);
  const machines = cables.map((cable) => createMachine(folder, database, cable));
  const close = async () => {
    for (const machine of machines) machine.kill();
    for (const cable of cables) cable.close();
    await standIn.close();
    database.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { database, standIn, machines, close, divide: (many) => configure(folder, standIn, many) };
}

async function play(seed) {
  const random = randomOf(seed);
  const startedAt = Date.now();
  const events = eventsFrom(startedAt);
  const [shards, later = shards] = shardsOf(seed);
  const { database, standIn, machines, close, divide } = await openFleet(events, shards);
  const faults = [];
  const faultsUntil = async (until) => {
    while (Date.now() - startedAt < until * 1000) faults.push(await makeFault({ random, machines, database }));
  };
  try {
    for (const machine of machines) machine.start();
    await sleep(4000);
    await faultsUntil(SECONDS / 2);
    divide(later);
    await faultsUntil(SECONDS);
    for (const machine of machines) machine.heal();
    const expected = expectedHits(events);
    const until = Date.now() + PATIENCE_MS;
    while (Date.now() < until && missing(expected, standIn.taken).length > 0) {
      for (const machine of machines) machine.start();
      await sleep(500);
    }
    await Promise.all(machines.map((machine) => machine.end()));
    const committed = await committedIn(database);
    const result = { ...judge(seed, { expected, standIn, faults, startedAt, committed }), shards: [shards, later] };
    if (!result.well || values.logs)
      writeFileSync(join(tmpdir(), `huntwire-machines-${seed}.log`), machines.map(({ log }) => log()).join('\n---\n'));
    return result;
  } finally {
    await close();
  }
}

/** Three processes of which one after another is ended in one of two ways. */
async function measureTakeovers(many) {
  const { database, standIn, machines, close } = await openFleet(eventsFrom(Date.now(), LONG_S));
  const took = { SIGKILL: [], SIGSTOP: [] };
  try {
    for (const machine of machines) machine.start();
    // The stand-in is in this process, and its first query takes long.
    while (standIn.taken.length < TENANTS.length) await sleep(200);
    for (let at = 0; at < 2 * many; at += 1) {
      const signal = at % 2 === 0 ? 'SIGKILL' : 'SIGSTOP';
      took[signal].push(await takeoverMs(machines[at % PROCESSES], signal, database));
    }
  } finally {
    await close();
  }
  process.stderr.write(`machines: taken over within ${took.SIGKILL} ms of a kill, ${took.SIGSTOP} ms of a freeze\n`);
  process.stdout.write(`${JSON.stringify({ bench: 'machines', took })}\n`);
}

async function takeoverMs(machine, signal, { port, urlOn }) {
  const client = new pg.Client(urlOn(port));
  await client.connect();
  const sharers = 'SELECT owner FROM lease JOIN machine ON machine.id = lease.owner WHERE machine.runs';
  const isDivided = async () =>
    new Set((await client.query(sharers).catch(() => ({ rows: [] }))).rows.map(({ owner }) => owner)).size ===
    PROCESSES;
  while (!(await isDivided())) await sleep(200);
  const { rows } = await client.query('SELECT id FROM machine WHERE pid = $1 AND runs', [machine.pid()]);
  const left = async () =>
    (await client.query('SELECT 1 FROM lease WHERE owner = $1 OR owner IS NULL LIMIT 1', [rows[0].id])).rowCount;
  const from = performance.now();
  machine.signal(signal);
  while ((await left()) > 0) await sleep(20);
  const ms = Math.round(performance.now() - from);
  machine.signal('SIGCONT');
  await sleep(1000);
  machine.start();
  await client.end();
  return ms;
}

/** Events that come all the time, from before the first window on. */
function eventsFrom(startedAt, seconds = SECONDS * 0.9) {
  const many = Math.ceil((seconds * 1000) / EVENT_EVERY_MS);
  return Array.from({ length: many }, (_, at) => {
    const time = new Date(startedAt - 20_000 + at * EVENT_EVERY_MS).toISOString();
    const device = `d${at % DEVICES}`;
    const rule = at % 2 === 0 ? 'rows' : 'groups';
    return { Timestamp: time, _ingested: time, ActionType: rule, DeviceId: device, DeviceName: device, ReportId: at };
  });
}

/** A hit of a row by its report; groups are counted by the rows that they show. */
function expectedHits(events) {
  return TENANTS.flatMap((tenant) => events.map(({ ReportId }) => `${tenant} ${ReportId}`));
}

function missing(expected, taken) {
  const told = new Set(taken.flatMap(hitsOf));
  return expected.filter((hit) => !told.has(hit));
}

function hitsOf({ tenant, evidence = [] }) {
  return evidence.map(({ ReportId }) => `${tenant} ${ReportId}`);
}

async function openStandIn(events) {
  const table = rowTable(columnsOfTable('DeviceEvents') ?? [], events);
  const answerer = createEngineAnswerer(createFileEvents({ DeviceEvents: table }), { elapsed: systemClock.monotonic });
  const emulator = await startEmulator({ port: 0, answerer, clock: systemClock, callsPerMinute: 1_000_000 });
  const [calls, taken] = [[], []];
  const server = createServer((incoming, response) => {
    const [, tenant, ...rest] = incoming.url.split('/');
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      if (tenant === 'hook') {
        taken.push(JSON.parse(body.toString()));
        return response.end();
      }
      if (incoming.method === 'POST' && rest.at(-1).startsWith('runHuntingQuery'))
        calls.push({ tenant, at: Date.now() });
      passOn(`${emulator.baseUrl}/${rest.join('/')}`, incoming, body, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await emulator.close();
  };
  return { port: server.address().port, emulator, calls, taken, close };
}

function passOn(url, { method, headers }, body, response) {
  const { host: _, connection: __, ...rest } = headers;
  const outgoing = request(url, { method, headers: { ...rest, 'content-length': body.length } }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  outgoing.end(body);
}

/** What a process reaches the database through: it can be cut, held, or cut while a commit goes through. */
async function openCable(port) {
  const pairs = new Set();
  let [isHeld, isCut, atCommit] = [false, false, null];
  const server = createTcpServer((near) => {
    const far = connect(port, '127.0.0.1');
    const pair = { near, far };
    pairs.add(pair);
    const drop = () => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const one of [near, far]) one.on('error', drop).on('close', drop);
    near.on('data', (chunk) => {
      if (isHeld) return;
      far.write(chunk);
      if (!atCommit || !chunk.includes('COMMIT')) return;
      const act = atCommit;
      atCommit = null;
      act(drop);
    });
    far.on('data', (chunk) => isHeld || near.write(chunk));
    if (isCut) drop();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dropAll = () => {
    for (const { near, far } of [...pairs]) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  };
  return {
    port: server.address().port,
    cut: (yes) => {
      isCut = yes;
      if (yes) dropAll();
    },
    /** Nothing goes through, and nobody is told; behind it the connections are gone, as what they carried is. */
    hold: (yes) => {
      isHeld = yes;
      if (!yes) dropAll();
    },
    onCommit: (act) => {
      atCommit = act;
    },
    close: () => {
      dropAll();
      server.close();
    },
  };
}

function configure(folder, { port, emulator: { application } }, shards) {
  const query = (id) =>
    `query: DeviceEvents | where ActionType == "${id}" | project Timestamp, DeviceId, DeviceName, ReportId`;
  const common = 'severity: high\nschedule: {every: 10s}\n';
  writeFileSync(
    join(folder, 'rules', 'rows.yaml'),
    `id: rows\nname: Rows\n${query('rows')}\n${common}alert: {limit: 10000}\n`,
  );
  writeFileSync(
    join(folder, 'rules', 'groups.yaml'),
    `id: groups\nname: Groups\n${query('groups')}\n${common}threshold: {measure: rows, operator: ">", value: 0, groupBy: [DeviceId]}\nalert: {evidence: 500}\n`,
  );
  const tenants = TENANTS.map((name) => {
    const base = `http://127.0.0.1:${port}/${name}`;
    const auth = `{tenantId: ${application.tenantId}, clientId: ${application.clientId}, clientSecret: "\${env:STAND_IN_SECRET}", authority: "${base}/${application.tenantId}"}`;
    return `  - {name: ${name}, source: {api: graph, baseUrl: "${base}", timeoutSeconds: 20, limits: {callsPerMinute: ${CALLS_PER_MINUTE}}}, auth: ${auth}}\n`;
  });
  writeFileSync(
    join(folder, 'huntwire.yaml'),
    `tenants:\n${tenants.join('')}rules: [rules/]\ntargets:\n  one: {type: webhook, url: "http://127.0.0.1:${port}/hook", shards: ${shards}}\ndefaultTargets: [one]\nwindows: {delay: 1s}\nstate: {url: "\${env:DATABASE}"}\nlog: {level: info, format: json}\n`,
  );
  writeFileSync(join(folder, 'secret'), application.clientSecret);
}

function createMachine(folder, database, cable) {
  let child = null;
  let log = '';
  let isOver = false;
  const start = () => {
    if (isOver || child) return;
    const secret = readFileSync(join(folder, 'secret'), 'utf8');
    const env = { ...process.env, DATABASE: database.urlOn(cable.port), STAND_IN_SECRET: secret };
    const args = ['--no-warnings', resolve(values.dist, 'main.js'), 'run', '--config', join(folder, 'huntwire.yaml')];
    const own = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
    child = own;
    own.stderr.on('data', (chunk) => {
      log = (log + chunk).slice(-200_000);
    });
    // A database that is away at its start is an error of its own, as it is for whoever starts it again.
    own.on('close', () => {
      if (child === own) child = null;
    });
  };
  const signal = (name) => child?.kill(name);
  return {
    cable,
    start,
    signal,
    pid: () => child?.pid ?? 0,
    log: () => log,
    kill: () => {
      isOver = true;
      signal('SIGKILL');
    },
    heal: () => {
      cable.cut(false);
      cable.onCommit(null);
      signal('SIGCONT');
      start();
    },
    end: async () => {
      isOver = true;
      const closed = child && once(child, 'close');
      signal('SIGTERM');
      await closed;
    },
  };
}

/** One thing that goes wrong, and for how long. */
async function makeFault({ random, machines, database }) {
  const machine = machines[Math.floor(random() * machines.length)];
  const ms = Math.round(500 + random() * 8000);
  const kinds = {
    kill: async () => {
      machine.signal('SIGKILL');
      await sleep(ms / 4);
      machine.start();
    },
    freeze: async () => {
      machine.signal('SIGSTOP');
      await sleep(ms);
      machine.signal('SIGCONT');
    },
    cut: async () => {
      machine.cable.cut(true);
      await sleep(ms);
      machine.cable.cut(false);
    },
    hold: async () => {
      machine.cable.hold(true);
      await sleep(ms);
      machine.cable.hold(false);
    },
    'cut at a commit': async () => {
      machine.cable.onCommit((drop) => drop());
      await sleep(ms / 2);
    },
    'killed at a commit': async () => {
      machine.cable.onCommit(() => machine.signal('SIGKILL'));
      await sleep(ms / 2);
    },
    'restart at a commit': async () => {
      machine.cable.onCommit(() => database.restart());
      await sleep(ms / 2);
    },
    stop: async () => {
      machine.signal('SIGTERM');
      await sleep(ms / 4);
    },
  };
  const names = Object.keys(kinds);
  const kind = names[Math.floor(random() * names.length)];
  await kinds[kind]();
  await sleep(1000 + random() * 2000);
  for (const one of machines) one.start();
  return kind;
}

function judge(seed, { expected, standIn: { calls, taken }, faults, startedAt, committed }) {
  const lost = missing(expected, taken).length;
  const doubled = [...idsByHit(taken).values()].filter((ids) => ids.size > 1).length;
  const disordered = outOfOrder(taken, committed);
  const most = Math.max(...TENANTS.map((tenant) => mostWithin(calls.filter((call) => call.tenant === tenant))));
  const well = lost === 0 && doubled === 0 && disordered === 0 && most <= CALLS_PER_MINUTE;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  return {
    seed,
    well,
    calls: calls.length,
    hits: expected.length,
    told: taken.length,
    lost,
    doubled,
    disordered,
    most,
    faults,
    seconds,
  };
}

/** Of rows: an event that a group tells anew in another alert is another hit. */
function idsByHit(taken) {
  const ids = new Map();
  for (const alert of taken.filter(({ rule }) => rule?.id === 'rows'))
    for (const hit of hitsOf(alert)) ids.set(hit, (ids.get(hit) ?? new Set()).add(alert.id));
  return ids;
}

/** Messages that came, for the first time, before one of their order key that was committed earlier. */
function outOfOrder(taken, committed) {
  const cameAt = new Map();
  for (const [at, { id, revision }] of taken.entries())
    if (!cameAt.has(`${id} ${revision}`)) cameAt.set(`${id} ${revision}`, at);
  const latest = new Map();
  let wrong = 0;
  for (const { id, revision, key } of committed) {
    const at = cameAt.get(`${id} ${revision}`);
    if (at === undefined) continue;
    if (at < (latest.get(key) ?? -1)) wrong += 1;
    latest.set(key, Math.max(at, latest.get(key) ?? -1));
  }
  return wrong;
}

/** In the order in which they were committed. */
async function committedIn({ port, urlOn }) {
  const client = new pg.Client(urlOn(port));
  await client.connect();
  const { rows } = await client.query(
    'SELECT alert_id AS id, revision::int, order_key AS key FROM outbox JOIN alert ON alert.id = outbox.alert ORDER BY outbox.id',
  );
  await client.end();
  return rows;
}

/** The most calls within a minute, less what a call may be late on its way. */
function mostWithin(calls) {
  let most = 0;
  for (let from = 0, to = 0; to < calls.length; to += 1) {
    while (calls[to].at - calls[from].at > 55_000) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

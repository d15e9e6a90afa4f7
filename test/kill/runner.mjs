/**
 * One life of a runner that is to be killed: compiled code, a real state file, the real delivery loop, planted
 * rows. Reads its orders from a JSON file, kills itself where they say so, and ends by itself once all is told and delivered.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';

const orders = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const load = (name) => import(pathToFileURL(join(orders.dist, name)).href);
const [lib, locks, stores, turns, schedules, clocks, meters, windows, loops, logs] = await Promise.all(
  [
    'lib/clock.js',
    'state/runner-lock.js',
    'state/sqlite-store.js',
    'run/turn.js',
    'run/schedule.js',
    'run/service-clock.js',
    'sources/quota/quota-meter.js',
    'run/windows.js',
    'outbox/delivery-loop.js',
    'lib/log.js',
  ].map(load),
);

let passed = 0;
function killAt(point) {
  if (orders.kill?.point !== point) return;
  passed += 1;
  if (passed === orders.kill.nth) process.kill(process.pid, 'SIGKILL');
}

let inCommit = false;
const exec = Database.prototype.exec;
Database.prototype.exec = function execOrDie(text) {
  if (inCommit && text === 'COMMIT') killAt('inside the commit');
  return exec.call(this, text);
};

const clock = lib.createFastClock(orders.now, 1);
const { silentLog: log } = logs;
const lock = locks.takeRunnerLock(orders.state);
const store = stores.openSqliteStore({ path: orders.state, clock, lock });
const idle = deferred();
let caughtUp = false;

const deadly = {
  ...store,
  commit: async (one) => {
    killAt('before the commit');
    inCommit = true;
    await store.commit(one);
    inCommit = false;
    killAt('after the commit');
  },
  delivered: async (ids, at) => {
    killAt('before the acknowledgement');
    await store.delivered(ids, at);
    killAt('after the acknowledgement');
    await endWhenIdle();
  },
};

/** As plain as a target can be, so that a life is short; the webhook itself is killed with the whole program in test/e2e. */
function post({ messageId, alert }, signal) {
  return new Promise((resolve) => {
    const failed = (error) => resolve({ kind: 'again', reason: error.message, status: null, retryAfterMs: null });
    const sent = request(
      orders.url,
      { method: 'POST', headers: { 'webhook-id': messageId }, agent, signal },
      (answer) =>
        answer
          .resume()
          .on('error', failed)
          .on('end', () => resolve({ kind: 'delivered' })),
    );
    sent.on('error', failed).end(JSON.stringify(alert));
  });
}

const agent = new Agent({ keepAlive: true });
const target = {
  name: 'soar',
  type: 'http',
  traits: { concurrency: 4, ratePerSecond: null },
  deliver: async (delivery, signal) => {
    killAt('before sending');
    const result = await post(delivery, signal);
    killAt('after the answer');
    return result;
  },
  close: async () => agent.destroy(),
};

const source = {
  api: 'graph',
  maxRows: 100_000,
  retentionMs: 30 * 86_400_000,
  retiresOn: null,
  quota: { callsPerMinute: null, callsPerHour: null, runSecondsPerHour: null, runSecondsPerDay: null, concurrency: 3 },
  query: async ({ query }, sink) => {
    const [, from, to] = /ingestion_time\(\) >= datetime\(([^)]+)\) and ingestion_time\(\) < datetime\(([^)]+)\)/.exec(
      query,
    );
    const rows = orders.rows.filter(
      ({ ingested }) => ingested <= clock.now() && ingested >= Date.parse(from) && ingested < Date.parse(to),
    );
    sink.schema(orders.columns);
    for (const { row } of rows) sink.row(row);
    return { rows: rows.length, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: clock.now() };
  },
  check: async () => [],
  close: async () => undefined,
};

const loop = loops.createDeliveryLoop({
  store: deadly,
  targets: [target],
  clock,
  log,
  random: () => 0.5,
  healthTargets: ['soar'],
  tenant: 'default',
});
const deps = {
  store: deadly,
  clock,
  log,
  settings: windows.DEFAULT_WINDOW_SETTINGS,
  targetsOf: () => ['soar'],
  healthTargets: ['soar'],
  newRunId: () => `run-${orders.now}-${passed}`,
  committed: loop.poke,
};
const meter = meters.createQuotaMeter({
  tenant: 'default',
  api: 'graph',
  limits: source.quota,
  store: store.quota,
  clock,
  serviceNow: clock.now,
});
const tenant = { name: 'default', source, meter, serviceClock: clocks.createServiceClock(clock), rules: [] };

function deferred() {
  let resolve = () => undefined;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

async function endWhenIdle() {
  const counts = await store.targetCounts();
  if (caughtUp && counts.every((count) => count.pending === 0)) idle.resolve();
}

async function runRule(given) {
  const place = () => ({ line: 1, column: 1 });
  const rule = { ...given, map: { file: 'rule.yaml', place, placeOf: place } };
  const timetable = schedules.timetableOf(rule);
  const options = { admit: async () => clock.now(), signal: new AbortController().signal, dryRun: false };
  await turns.takeTurn(
    { tenant, rule, timetable, kind: 'due', scheduledAt: timetable.latest(clock.now()) },
    options,
    deps,
  );
  const backlog = { tenant, rule, timetable, kind: 'backlog', scheduledAt: null };
  while (await turns.takeTurn(backlog, options, deps));
}

process.stdout.write('ready\n');
const stop = new AbortController();
const delivering = loop.run(stop.signal);
for (const rule of orders.rules) await runRule(rule);
caughtUp = true;
await endWhenIdle();
await idle.promise;
stop.abort();
await delivering;
await target.close();
await store.close();
lock.release();

/**
 * One life of a runner that is to be killed: compiled code, a real state file, the real delivery loop, planted
 * rows. Reads its orders from a JSON file, kills itself where they say so, and ends by itself once all is told and delivered.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import Database from 'libsql';
import { loadJoined } from './joined-script.mjs';
import { createRuns, named } from './wiring.mjs';

const orders = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { modules, keep } = loadJoined(orders.script);
const compiled = named(modules);

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

const { log } = compiled;
const clock = compiled.lib.createFastClock(orders.now, 1);
const lock = compiled.locks.takeRunnerLock(orders.state);
const store = compiled.stores.openSqliteStore({ path: orders.state, clock, lock });
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

const loop = compiled.loops.createDeliveryLoop({
  store: deadly,
  targets: [target],
  clock,
  log,
  random: () => 0.5,
  healthTargets: ['soar'],
  tenant: 'default',
});
const runRule = createRuns(compiled, {
  orders,
  store: deadly,
  clock,
  targets: ['soar'],
  committed: loop.poke,
  newRunId: () => `run-${orders.now}-${passed}`,
});

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
keep();

/**
 * Lives of runners that are to be killed, each on a state of its own: compiled code, real state files, the real delivery loop, planted
 * rows. Reads its orders from a JSON file. A life stops dead where they say so, and else ends once all is told and delivered; a line on
 * stdout tells either. Whoever started it kills it when none goes on any more.
 */
import { readFileSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { loadJoined } from './joined-script.mjs';
import { createLife, hasStopped, NEVER, openDeadlyStore, stopsAt } from './stops.mjs';
import { createRuns, named } from './wiring.mjs';

const orders = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { modules, keep } = loadJoined(orders.script);
const compiled = named(modules);
const { log } = compiled;
const agent = new Agent({ keepAlive: true });
const tell = (what) => writeSync(1, `${JSON.stringify(what)}\n`);

/** As plain as a target can be, so that a life is short; the webhook itself is killed with the whole program in test/e2e. */
function post(state, { messageId, alert }, signal) {
  return new Promise((resolve) => {
    const failed = (error) => resolve({ kind: 'again', reason: error.message, status: null, retryAfterMs: null });
    const sent = request(
      `${orders.url}/${state}`,
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

function targetOf(life, state) {
  return {
    name: 'soar',
    type: 'http',
    traits: { concurrency: 4, ratePerSecond: null },
    deliver: async (delivery, signal) => {
      if (stopsAt(life, 'before sending')) return NEVER;
      const result = await post(state, delivery, signal);
      return stopsAt(life, 'after the answer') ? NEVER : result;
    },
    close: async () => undefined,
  };
}

function deferred() {
  let resolve = () => undefined;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** The store, with somebody who looks whether all is done whenever a delivery has been stored. */
function watched(store, looked) {
  const delivered = async (...given) => {
    await store.delivered(...given);
    await looked();
  };
  return new Proxy(store, { get: (whole, name) => (name === 'delivered' ? delivered : whole[name]) });
}

async function live(life, state) {
  const clock = compiled.lib.createFastClock(orders.now, 1);
  const lock = compiled.locks.takeRunnerLock(life.state);
  const store = openDeadlyStore(life, () => compiled.stores.openSqliteStore({ path: life.state, clock, lock }));
  const idle = deferred();
  let caughtUp = false;
  const endWhenIdle = async () => {
    const counts = await store.targetCounts();
    if (caughtUp && counts.every((count) => count.pending === 0)) idle.resolve();
  };
  const target = targetOf(life, state);
  const loop = compiled.loops.createDeliveryLoop({
    store: watched(store, endWhenIdle),
    targets: [target],
    clock,
    log,
    random: () => 0.5,
    healthTargets: ['soar'],
    tenant: 'default',
  });
  let runs = 0;
  const runRule = createRuns(compiled, {
    orders,
    store,
    clock,
    targets: ['soar'],
    committed: loop.poke,
    newRunId: () => `run-${orders.now}-${++runs}`,
  });
  const stop = new AbortController();
  const delivering = loop.run(stop.signal);
  for (const rule of orders.rules) await runRule(rule);
  caughtUp = true;
  await endWhenIdle();
  await idle.promise;
  stop.abort();
  await delivering;
  await store.close();
  lock.release();
}

function beginLife({ path, kill }) {
  let passed = 0;
  return createLife(path, (point) => {
    if (point !== kill.point) return false;
    passed += 1;
    return passed === kill.nth;
  });
}

tell('ready');
const lives = orders.states.map(beginLife);
await Promise.all(
  lives.map(async (life, state) => {
    await Promise.race([live(life, state), life.over]);
    tell({ state, digest: life.digest });
  }),
);
agent.destroy();
if (lives.some(hasStopped)) setInterval(() => undefined, 60_000);
else keep();

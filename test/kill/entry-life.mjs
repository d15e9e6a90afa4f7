/**
 * Lives of the delivery loop on many real state files at once, each in the time of a manual clock: it does what its orders say, step by
 * step, and stops dead at the point that they name. When all have stopped or ended, the process tells what came of each state and, where
 * one has stopped, kills itself. Orders hold a list of lives for each state, which come one after another.
 * node test/kill/entry-life.mjs DIST ORDERS
 */
import { readFileSync, writeSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createLife, hasStopped, isTouched, NEVER, openDeadlyStore, stopsAt } from './stops.mjs';

const [, , dist, file] = process.argv;
const { url, states } = JSON.parse(readFileSync(file, 'utf8'));
const load = (name) => import(pathToFileURL(join(dist, name)).href);
const [{ createManualClock }, { openSqliteStore }, { takeRunnerLock }, { createDeliveryLoop }, { silentLog }] =
  await Promise.all(
    ['lib/clock.js', 'state/sqlite-store.js', 'state/runner-lock.js', 'outbox/delivery-loop.js', 'lib/log.js'].map(
      load,
    ),
  );

const STATUS = { 200: 'delivered', 401: 'blocked', 422: 'refused' };

/** Tells the receiver by the path whose it is and what to answer. */
function post({ life, orders }, name, id) {
  const path = `${orders.id}/${name === 'soar' ? orders.soar : 200}/${name}`;
  return new Promise((resolve) => {
    const failed = (error) => resolve({ kind: 'again', reason: error.message, status: null, retryAfterMs: null });
    const sent = request(`${url}/${path}`, { method: 'POST', headers: { 'webhook-id': id } }, (answer) => {
      if (stopsAt(life, 'answer not read')) return;
      const status = answer.statusCode;
      const result = {
        kind: STATUS[status] ?? 'again',
        reason: `HTTP ${status}`,
        status,
        retryAfterMs: null,
        answer: '',
      };
      answer.resume().on('end', () => resolve(result));
    });
    sent.on('error', failed).end();
  });
}

const targetOf = (one, name) => ({
  name,
  type: 'http',
  traits: { concurrency: 4, ratePerSecond: null },
  deliver: async ({ messageId }) => {
    if (stopsAt(one.life, 'picked up')) return NEVER;
    one.underWay += 1;
    const result = await post(one, name, messageId);
    one.underWay -= 1;
    return result;
  },
  check: async () => [],
  close: async () => undefined,
});

/** The requests that one second of the clock has caused are answered before the next one comes. */
async function advance(one, count) {
  for (let second = 0; second < count; second += 1) {
    if (hasStopped(one.life)) await NEVER;
    one.seconds += 1;
    await one.clock.advance(1000);
    do await new Promise((resolve) => setImmediate(resolve));
    while (one.underWay > 0);
  }
}

function beginLife(orders) {
  const clock = createManualClock(orders.now, 7_000_000_000);
  const one = { orders, clock, seconds: 0, underWay: 0 };
  one.life = createLife(orders.state, (point) => point === orders.kill && one.seconds >= orders.from);
  return one;
}

async function live(one) {
  const { life, orders, clock } = one;
  const lock = takeRunnerLock(orders.state);
  const store = openDeadlyStore(life, () => openSqliteStore({ path: orders.state, clock, lock }));
  const loop = createDeliveryLoop({
    store,
    targets: ['soar', 'pager'].map((name) => targetOf(one, name)),
    clock,
    log: silentLog,
    random: () => 0.5,
    healthTargets: [],
    tenant: 'contoso',
    fallbacks: new Map(orders.fallback ? [['soar', { target: 'pager', afterMs: 600_000 }]] : []),
  });
  const stop = new AbortController();
  let running = Promise.resolve();
  const STEPS = {
    run: () => {
      running = loop.run(stop.signal);
    },
    commit: ({ alerts, messages }) => store.commitHealth({ alerts, messages, health: [] }),
    replay: async () => {
      const letters = await store.deadLetterHeads({ target: null, ids: null });
      const ids = letters.map(({ id }) => id);
      await store.replay(ids, Math.round(clock.now()));
    },
    advance: ({ count }) => advance(one, count),
  };
  for (const step of orders.steps) await STEPS[step.do](step);
  stop.abort();
  let ended = false;
  void running.then(() => {
    ended = true;
  });
  while (!ended) await advance(one, 1);
  await store.close();
  lock.release();
}

/** Lives one after another; none comes after one that has stopped, which is returned. */
async function liveAll(all) {
  for (const orders of all) {
    const one = beginLife(orders);
    await Promise.race([live(one), one.life.over]);
    if (hasStopped(one.life)) return one.life;
  }
  return null;
}

const lives = await Promise.all(states.map(liveAll));
writeSync(
  1,
  JSON.stringify(lives.map((life) => ({ stopped: life !== null, touched: life !== null && isTouched(life) }))),
);
if (lives.some((life) => life !== null)) process.kill(process.pid, 'SIGKILL');

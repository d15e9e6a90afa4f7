/**
 * One life of the delivery loop on a real state file, in the time of a manual clock: does what its orders say, step by step, and kills
 * itself at the point that they name. The status that the receiver answers decides what becomes of an entry.
 * node test/kill/entry-life.mjs DIST ORDERS
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';

const [, , dist, file] = process.argv;
const orders = JSON.parse(readFileSync(file, 'utf8'));
const load = (name) => import(pathToFileURL(join(dist, name)).href);
const [{ createManualClock }, { openSqliteStore }, { takeRunnerLock }, { createDeliveryLoop }, { silentLog }] =
  await Promise.all(
    ['lib/clock.js', 'state/sqlite-store.js', 'state/runner-lock.js', 'outbox/delivery-loop.js', 'lib/log.js'].map(
      load,
    ),
  );

let seconds = 0;
function killAt(point) {
  if (point === orders.kill && seconds >= orders.from) process.kill(process.pid, 'SIGKILL');
}

let working = '';
const { exec } = Database.prototype;
Database.prototype.exec = function execOrDie(text) {
  if (text === 'COMMIT') killAt(`inside ${working}`);
  return exec.call(this, text);
};

const clock = createManualClock(orders.now, 7_000_000_000);
const lock = takeRunnerLock(orders.state);
const store = openSqliteStore({ path: orders.state, clock, lock });

/** Writes of the store, with a point before, inside and after each. Reads have none inside. */
const deadly = new Proxy(store, {
  get: (whole, name) => {
    const method = whole[name];
    if (typeof method !== 'function' || name === 'outboxNow') return method;
    return async (...given) => {
      killAt(`before ${name}`);
      working = name;
      const result = await method(...given);
      working = '';
      killAt(`after ${name}`);
      return result;
    };
  },
});

const STATUS = { 200: 'delivered', 401: 'blocked', 422: 'refused' };
let underWay = 0;

function post(name, id) {
  return new Promise((resolve) => {
    const failed = (error) => resolve({ kind: 'again', reason: error.message, status: null, retryAfterMs: null });
    const sent = request(`${orders.url}/${name}`, { method: 'POST', headers: { 'webhook-id': id } }, (answer) => {
      killAt('answer not read');
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

const targets = ['soar', 'pager'].map((name) => ({
  name,
  type: 'http',
  traits: { concurrency: 4, ratePerSecond: null },
  deliver: async ({ messageId }) => {
    killAt('picked up');
    underWay += 1;
    const result = await post(name, messageId);
    underWay -= 1;
    return result;
  },
  check: async () => [],
  close: async () => undefined,
}));

const loop = createDeliveryLoop({
  store: deadly,
  targets,
  clock,
  log: silentLog,
  random: () => 0.5,
  healthTargets: [],
  tenant: 'contoso',
  fallbacks: new Map(orders.fallback ? [['soar', { target: 'pager', afterMs: 600_000 }]] : []),
});

/** The requests that one second of the clock has caused are answered before the next one comes. */
async function advance(count) {
  for (let second = 0; second < count; second += 1) {
    seconds += 1;
    await clock.advance(1000);
    do await new Promise((resolve) => setImmediate(resolve));
    while (underWay > 0);
  }
}

const STEPS = {
  commit: ({ alerts, messages }) => deadly.commitHealth({ alerts, messages, health: [] }),
  replay: async () => {
    const letters = await store.deadLetterHeads({ target: null, ids: null });
    await deadly.replay(
      letters.map(({ id }) => id),
      Math.round(clock.now()),
    );
  },
  advance: ({ count }) => advance(count),
};

let stop = null;
let running = Promise.resolve();
for (const step of orders.steps) {
  if (step.do === 'run') {
    stop = new AbortController();
    running = loop.run(stop.signal);
  } else await STEPS[step.do](step);
}
stop?.abort();
let ended = false;
void running.then(() => {
  ended = true;
});
while (!ended) await advance(1);
await store.close();
lock.release();

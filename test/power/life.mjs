/**
 * One life of a runner whose system calls are recorded: compiled code, a real state file, the real loops, a file target and one that
 * answers in every way. What was acknowledged is marked, so that the record tells what must outlive a power failure from then on.
 */
import { openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { createRuns, loadCompiled } from '../kill/wiring.mjs';

const orders = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const life = orders.lives[Number(process.argv[3])];
const compiled = await loadCompiled(orders.dist);
const { create: createFileTarget } = await compiled.load('targets/file.js');

const marks = openSync(join(orders.folder, 'marks'), 'a');
const mark = (what) => writeSync(marks, `${JSON.stringify(what)}\n`);

let now = life.now;
const fast = compiled.lib.createFastClock(0, 1);
const clock = { now: () => now + fast.now(), monotonic: fast.monotonic, sleep: fast.sleep };
const state = join(orders.folder, 'data', 'state.db');
const lock = compiled.locks.takeRunnerLock(state);
// All but the first write by a thread, as `run` does.
const { openThreadedStore } = await compiled.load('state/threaded-store.js');
const open = Number(process.argv[3]) > 0 ? openThreadedStore : compiled.stores.openSqliteStore;
const store = await open({ path: state, clock, lock });
mark({ did: 'open', fence: store.fence });

/** What each call leaves behind for good, once it has returned. */
const DONE = {
  commit: ({ run, alerts, messages }) => ({
    run: run.runId,
    alerts: alerts.map(({ id, revision }) => `${id}-${revision}`),
    messages: messages.map(({ messageId, target }) => `${messageId} ${target}`),
  }),
  commitHealth: ({ alerts, messages }) => ({
    alerts: alerts.map(({ id, revision }) => `${id}-${revision}`),
    messages: messages.map(({ messageId, target }) => `${messageId} ${target}`),
  }),
  delivered: (ids) => ({ ids }),
  retryLater: (changes) => ({ ids: changes.map(({ id }) => id) }),
  bury: (burials) => ({ ids: burials.map(({ id }) => id) }),
  setTargetState: ({ target, blockedSince }) => ({ target, blocked: blockedSince !== null }),
  replay: (ids) => ({ ids }),
};
const marking = Object.fromEntries(
  Object.entries(DONE).map(([did, tell]) => [
    did,
    async (...given) => {
      const result = await store[did](...given);
      mark({ did, ...tell(...given) });
      return result;
    },
  ]),
);
const marked = { ...store, ...marking };

const AGAIN = { kind: 'again', reason: 'HTTP 503', status: 503, retryAfterMs: null };
const REFUSED = { kind: 'refused', reason: 'HTTP 422', status: 422, answer: 'no' };
const BLOCKED = { kind: 'blocked', reason: 'HTTP 401', status: 401, retryAfterMs: null };
const answers = [AGAIN, { kind: 'delivered' }, REFUSED, { kind: 'delivered' }, BLOCKED];
let asked = life.now % answers.length;
const moody = {
  name: 'moody',
  type: 'moody',
  traits: { concurrency: 2, ratePerSecond: null },
  deliver: async () => answers[asked++ % answers.length],
  close: async () => undefined,
};

const format = (alert) => ({ body: JSON.stringify(alert), contentType: 'application/json' });
const deps = { name: 'file', clock, log: compiled.log, version: '0', format };
const real = createFileTarget({ type: 'file', path: join(orders.folder, 'alerts.jsonl') }, deps);
const file = {
  ...real,
  deliver: async (delivery, signal) => {
    const result = await real.deliver(delivery, signal);
    if (result.kind === 'delivered') mark({ did: 'line', message: delivery.messageId });
    return result;
  },
};

const loop = compiled.loops.createDeliveryLoop({
  store: marked,
  targets: [file, moody],
  clock,
  log: compiled.log,
  random: () => 0.5,
  healthTargets: ['file'],
  tenant: 'default',
});
let runs = 0;
const runRule = createRuns(compiled, {
  orders,
  store: marked,
  clock,
  targets: ['file', 'moody'],
  committed: loop.poke,
  newRunId: () => `run-${life.now}-${++runs}`,
});

const STEPS = {
  run: async () => {
    for (const rule of orders.rules) await runRule(rule);
    now += orders.stepMs;
  },
  drain: () => loop.drain({ deadline: clock.monotonic(), ignoreBackoff: true, signal: new AbortController().signal }),
  checkpoint: async () => {
    const beside = new Database(state);
    beside.exec('PRAGMA wal_checkpoint(RESTART)');
    beside.close();
  },
  replay: async () => {
    const letters = await store.deadLetters({ target: null, ids: null });
    await marked.replay(
      letters.slice(0, 1).map(({ id }) => id),
      clock.now(),
    );
  },
  note: async () => {
    await store.cache.set(`key-${now}`, 'x'.repeat(3000));
    const call = await store.quota.beginCall('default', 'graph', { at: now, runMs: 1 });
    await store.quota.endCall(call, 5);
  },
  close: async () => {
    await file.close();
    await store.close();
    lock.release();
    mark({ did: 'close' });
  },
  die: async () => process.kill(process.pid, 'SIGKILL'),
};
for (const step of life.steps) await STEPS[step]();

/**
 * How fast the state takes runs of 1,000 alerts of 2 KB (key, alert, one outbox entry each), finds keys, hands out and settles entries.
 * node bench/commit.mjs [--size 0.01..1] [--dist dist]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { alertOf } from './data/alert.mjs';

const RUN_ALERTS = 1000;
const RUNS = 40;
const KEYS = 100_000;
const BUDGET = 12_000;

const { values } = parseArgs({ options: { size: { type: 'string' }, dist: { type: 'string' } } });
const size = Number(values.size ?? '1');
const dist = resolve(values.dist ?? join(import.meta.dirname, '../dist'));
const { openSqliteStore } = await import(join(dist, 'state/sqlite-store.js'));
const { systemClock } = await import(join(dist, 'lib/clock.js'));

const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 32);

const suppressed = { duplicate: 0, quiet: 0, silenced: 0, excepted: 0, maintenance: 0, overflow: 0 };

function commitOf(run, fence, tell) {
  const ids = Array.from({ length: RUN_ALERTS }, (_, index) => hash(`${run}-${index}`));
  const at = 1_767_225_600_000 + run * 60_000;
  const message = (id) => ({ messageId: id, alertId: id, revision: 0, target: 'soar', orderKey: id });
  return {
    fence,
    tenant: 'default',
    ruleId: `rule-${run % 5}`,
    rule: {
      frontier: at,
      ledger: [],
      sliceMs: null,
      condition: 'ok',
      failingSince: null,
      failures: 0,
      lastError: null,
      ruleTrait: null,
      changedAt: null,
    },
    keys: ids.map((key) => ({
      key,
      state: 'told',
      toldTo: null,
      toldBefore: [],
      heldTo: null,
      heldNewest: null,
      heldBefore: [],
      lastReturned: at,
    })),
    forgetBefore: at - 4 * 86_400_000,
    alerts: tell ? ids.map(alertOf) : [],
    messages: tell ? ids.map(message) : [],
    quiet: [],
    firing: [],
    health: [],
    run: {
      runId: hash(`run-${run}-${tell}`),
      tenant: 'default',
      ruleId: `rule-${run % 5}`,
      api: 'graph',
      window: null,
      logicalTime: at,
      startedAt: at,
      endedAt: at,
      outcome: 'ok',
      error: null,
      calls: 1,
      rows: RUN_ALERTS,
      hits: RUN_ALERTS,
      alerts: RUN_ALERTS,
      suppressed,
      truncated: false,
    },
  };
}

async function timed(count, work) {
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  return { count, ms: Math.round(ms), perSecond: Math.round((count / ms) * 1000) };
}

const folder = mkdtempSync(join(tmpdir(), 'huntwire-bench-'));
const store = openSqliteStore({ path: join(folder, 'state.db'), clock: systemClock });
const runs = Math.max(1, Math.round(RUNS * size));
const commits = Array.from({ length: runs }, (_, run) => commitOf(run, store.fence, true));
const alertBytes = JSON.stringify(commits[0].alerts[0]).length;

const commit = await timed(runs * RUN_ALERTS, async () => {
  for (const one of commits) await store.commit(one);
});
const touch = await timed(runs * RUN_ALERTS, async () => {
  for (let run = 0; run < runs; run += 1) await store.commit(commitOf(run, store.fence, false));
});
const wanted = Array.from({ length: Math.round(KEYS * size) }, (_, index) => hash(`${(index % 10) * 5}-${index}`));
const findKeys = await timed(wanted.length, () => store.findKeys('default', 'rule-0', wanted));
const now = Date.now() + 1000;
const fetched = [];
const pending = await timed(runs * RUN_ALERTS, async () => {
  const except = new Set();
  const query = { now, limit: 500, except, ignoreBackoff: false };
  for (;;) {
    const entries = await store.pending('soar', query);
    if (entries.length === 0) break;
    fetched.push(...entries);
    await store.delivered(
      entries.map((entry) => entry.id),
      now,
    );
  }
});
await store.close();
rmSync(folder, { recursive: true, force: true });

const result = {
  name: 'commit',
  size,
  alertBytes,
  budget: BUDGET,
  commit,
  touch,
  findKeys,
  pendingAndDelivered: pending,
};
const share = (commit.perSecond / BUDGET).toFixed(2);
console.error(
  `commit: ${commit.perSecond} alerts/s of ${alertBytes} bytes (${share} x budget); keys only ${touch.perSecond}/s; findKeys ${findKeys.perSecond}/s; fetch and settle ${pending.perSecond}/s`,
);
console.log(JSON.stringify(result));
if (fetched.length !== runs * RUN_ALERTS)
  throw new Error(`${fetched.length} of ${runs * RUN_ALERTS} entries came back`);

/**
 * Delivers alerts of 60 KB to a syslog receiver through the outbox, until none is left: `node frozen-syslog.mjs DIST FOLDER PORT COUNT`.
 * Prints one JSON line when it gives the receiver up for the first time, and one at the end, each with the most bytes that were held
 * outside the heap. The waits of outbox and target pass ten times as fast.
 */
import { join } from 'node:path';

const [dist, folder, port, count] = process.argv.slice(2);
const load = (file) => import(join(dist, file));
const { openSqliteStore } = await load('state/sqlite-store.js');
const { createDeliveryLoop } = await load('outbox/delivery-loop.js');
const { create } = await load('targets/syslog.js');
const { createFastClock } = await load('lib/clock.js');
const { silentLog } = await load('lib/log.js');

const clock = createFastClock(Date.now(), 10);
const store = openSqliteStore({ path: join(folder, 'state.db'), clock });
const text = 'x'.repeat(60_000);
const rule = {
  id: 'r',
  name: 'r',
  version: '1.0.0',
  hash: '0',
  references: [],
  runbook: null,
  falsePositives: [],
  tags: [],
};
const alertOf = (id) => ({
  id,
  revision: 0,
  kind: 'detection',
  status: 'firing',
  time: '2026-01-01T00:00:00Z',
  tenant: 't',
  rule,
  title: id,
  description: text,
  severity: 'high',
});
for (let from = 0; from < Number(count); from += 20) {
  const alerts = Array.from({ length: 20 }, (_, at) => alertOf(`frozen-${from + at}`));
  const messages = alerts.map(({ id }) => ({ messageId: id, alertId: id, revision: 0, target: 'siem', orderKey: id }));
  await store.commitHealth({ alerts, messages, health: [] });
}
const format = (alert) => ({ body: `${alert.id} ${alert.description}`, contentType: 'text/plain' });
const config = { type: 'syslog', host: '127.0.0.1', port: Number(port), hostname: 'sensor', maxMessageBytes: 100_000 };
const target = create(config, { name: 'siem', clock, log: silentLog, version: '0.0.0', format, preset: null });
const stop = new AbortController();
let most = 0;
let isGivenUp = false;
const tell = (what) => process.stdout.write(`${JSON.stringify({ ...what, most })}\n`);
const watch = setInterval(async () => {
  const { external } = process.memoryUsage();
  most = Math.max(most, external);
  const { attempts, reason } = (await store.targetNotes(['siem'])).get('siem') ?? {};
  if (attempts > 0 && !isGivenUp) {
    isGivenUp = true;
    tell({ reason });
  }
  if ((await store.pendingTargets()).length === 0) stop.abort();
}, 50);
const options = {
  store,
  targets: [target],
  clock,
  log: silentLog,
  random: Math.random,
  healthTargets: [],
  tenant: 't',
};
await createDeliveryLoop(options).run(stop.signal);
clearInterval(watch);
tell({ done: true });
await target.close();
await store.close();

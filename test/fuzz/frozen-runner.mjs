/**
 * A delivery loop as it runs, compiled, with the state on disk: large alerts for four targets. Orders come as JSON in the first
 * argument; `stop` from the parent ends it. Says at the end what is left, and how much memory it has taken.
 */
import { join } from 'node:path';

const { dist, state, count, characters, targets } = JSON.parse(process.argv[2]);
const load = (name) => import(join(dist, name));
const { openSqliteStore } = await load('state/sqlite-store.js');
const { createDeliveryLoop } = await load('outbox/delivery-loop.js');
const { TARGETS } = await load('targets/registry.js');
const { FORMATS } = await load('formats/registry.js');
const { createFastClock } = await load('lib/clock.js');
const { silentLog: log } = await load('lib/log.js');
const { Secret } = await load('lib/secret.js');

/** Pauses between attempts pass ten times as fast. */
const clock = createFastClock(Date.now(), 10);
const store = openSqliteStore({ path: state, clock, log });
const time = new Date().toISOString();
const RULE = {
  id: 'r',
  name: 'R',
  version: '1',
  hash: 'h',
  references: [],
  runbook: null,
  falsePositives: [],
  tags: [],
};
const AT_ONCE = 40;

function alertOf(number) {
  const id = `a${String(number).padStart(6, '0')}`;
  const text = { title: id, description: id.padEnd(characters, 'y'), dedupKey: id, runId: 'run', source: 'graph' };
  const lists = { attack: [], entities: [], observables: [], details: {}, evidence: [] };
  const times = { time, window: null, firstSeen: time, lastSeen: time };
  const head = { schemaVersion: '1.0', id, revision: 0, kind: 'detection', status: 'firing', tenant: 'default' };
  return {
    ...head,
    ...times,
    ...text,
    ...lists,
    rule: RULE,
    severity: 'high',
    rowCount: 1,
    truncated: false,
    suppressedCount: 0,
  };
}

for (let first = 0; first < count; first += AT_ONCE) {
  const alerts = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, at) => alertOf(first + at));
  const messages = alerts.flatMap(({ id }) =>
    Object.keys(targets).map((target) => ({ messageId: id, alertId: id, revision: 0, target, orderKey: id })),
  );
  await store.commitHealth({ alerts, messages, health: [] });
}

const format = FORMATS.get('native').format;
const opened = Object.entries(targets).map(([name, { url, ...settings }]) => {
  const config = { ...settings, ...(url && { url: new Secret(url) }) };
  return TARGETS.get(config.type).create(config, { name, clock, log, version: '0.0.0', format });
});
const loop = createDeliveryLoop({
  store,
  targets: opened,
  clock,
  log,
  random: Math.random,
  healthTargets: [],
  tenant: 'default',
});
const stop = new AbortController();
process.on('message', () => stop.abort());
process.send('started');
await loop.run(stop.signal);
await Promise.all(opened.map((target) => target.close()));
const pending = (await store.targetCounts()).reduce((sum, one) => sum + one.pending, 0);
const dead = (await store.deadLetters({ target: null, ids: null })).length;
await store.close();
process.send({ pending, dead, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }, () =>
  process.disconnect(),
);

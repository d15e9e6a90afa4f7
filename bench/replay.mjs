/**
 * Replay of 100,000 dead letters of 2 KB (`dlq replay`), with the state on disk: found by their heads, put back into the outbox a thousand
 * at a time, each thousand in a transaction of its own; how long the longest took stands beside it. Yardstick: one bare UPDATE of the same columns of the same rows in a table of its own, without order keys, in the same
 * process; rounds alternate, the best counts.
 * node bench/replay.mjs [--size 0.01..1] [--dist dist]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'libsql';
import { alertOf } from './data/alert.mjs';

const { values } = parseArgs({ options: { size: { type: 'string', default: '1' }, dist: { type: 'string' } } });
const dist = resolve(values.dist ?? join(import.meta.dirname, '../dist'));
const { openSqliteStore } = await import(join(dist, 'state/sqlite-store.js'));
const { systemClock } = await import(join(dist, 'lib/clock.js'));
const ENTRIES = Math.max(1000, Math.round(100_000 * Number(values.size)));
const ROUNDS = Number(values.size) < 0.1 ? 1 : 3;
const AT_ONCE = 1000;
/** Entries of one order key go out one after another, and so are looked at together. */
const KEYS = 100;

const idOf = (at) => at.toString(16).padStart(32, '0');

async function fill(store) {
  for (let from = 0; from < ENTRIES; from += AT_ONCE) {
    const ids = Array.from({ length: Math.min(AT_ONCE, ENTRIES - from) }, (_, at) => idOf(from + at));
    const messages = ids.map((id, at) => ({
      messageId: id,
      alertId: id,
      revision: 0,
      target: 'soar',
      orderKey: `key ${(from + at) % KEYS}`,
    }));
    await store.commitHealth({ alerts: ids.map(alertOf), messages, health: [] });
  }
}

/** Milliseconds from the question to the last entry that is back, and of the longest transaction. */
async function replayOnce(store) {
  await store.buryPending('soar', { reason: 'bench', at: Date.now() });
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const heads = await store.deadLetterHeads({ target: 'soar', ids: null });
  let count = 0;
  let longest = 0;
  for (let from = 0; from < heads.length; from += AT_ONCE) {
    const ids = heads.slice(from, from + AT_ONCE).map(({ id }) => id);
    const started = performance.now();
    count += await store.replay(ids, Date.now());
    longest = Math.max(longest, performance.now() - started);
  }
  const took = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  if (count !== ENTRIES) throw new Error(`${count} of ${ENTRIES} dead letters came back`);
  return { took, longest, cpuMs: Math.round((user + system) / 1000) };
}

/** The same rows, and nothing that has to be kept in line with them. */
function openBare(path) {
  const bare = new Database(path);
  bare.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  bare.exec(
    'CREATE TABLE entry (id INTEGER PRIMARY KEY, order_key TEXT, attempts INTEGER, created_at INTEGER, next_at INTEGER, settled_at INTEGER, dead_at INTEGER, reason TEXT, answer TEXT)',
  );
  bare.exec('BEGIN');
  const insert = bare.prepare("INSERT INTO entry VALUES (?, ?, 1, 1, 1, 1, 1, 'bench', '')");
  for (let at = 1; at <= ENTRIES; at += 1) insert.run(at, `key ${at % KEYS}`);
  bare.exec('COMMIT');
  return bare;
}

function updateOnce(bare) {
  bare.exec("UPDATE entry SET settled_at = 1, dead_at = 1, reason = 'bench', answer = ''");
  const begun = performance.now();
  bare.exec(
    'UPDATE entry SET attempts = 0, created_at = 2, next_at = 2, settled_at = NULL, dead_at = NULL, reason = NULL, answer = NULL WHERE dead_at IS NOT NULL',
  );
  return performance.now() - begun;
}

const folder = mkdtempSync(join(tmpdir(), 'huntwire-bench-'));
const store = openSqliteStore({ path: join(folder, 'state.db'), clock: systemClock });
const bare = openBare(join(folder, 'bare.db'));
try {
  await fill(store);
  const ours = [];
  const yardstick = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await replayOnce(store));
    yardstick.push(updateOnce(bare));
  }
  const ms = Math.round(Math.min(...ours.map(({ took }) => took)));
  const longestMs = Math.round(Math.min(...ours.map(({ longest }) => longest)));
  const cpuMs = Math.min(...ours.map((one) => one.cpuMs));
  const bareMs = Math.round(Math.min(...yardstick));
  const ratio = Number((ms / Math.max(1, bareMs)).toFixed(2));
  const perSecond = Math.round((ENTRIES / ms) * 1000);
  process.stderr.write(
    `replay: ${ENTRIES} dead letters in ${ms} ms, ${cpuMs} ms of processor time (${perSecond}/s; the longest transaction ${longestMs} ms), ${ratio} x a bare UPDATE of as many rows (${bareMs} ms)\n`,
  );
  process.stdout.write(
    `${JSON.stringify({ bench: 'replay', size: Number(values.size), entries: ENTRIES, ms, cpuMs, longestMs, perSecond, bareMs, ratio })}\n`,
  );
} finally {
  bare.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}

/**
 * The KQL engine over a million DeviceProcessEvents rows of 16 columns in memory: filter with projection, dcount by three keys, a join
 * with 200,000 devices, a sort by two keys, a top, a filter by regex. Yardsticks in the same process, rounds alternating, the best processor time of each
 * side: loops by hand over the same arrays, and DuckDB in memory with one thread where it is installed (`--duckdb FOLDER`, a folder with
 * node_modules; it is no dependency of ours). Budget: at most 1 x DuckDB and 2 x the loop. The query is parsed in every run; that
 * part is told beside it, and the first run too, which makes what later ones find made.
 * node bench/engine.mjs [--size 0.01..1] [--dist dist] [--only join] [--rounds 5] [--duckdb FOLDER]
 * Prints one line a query for people on stderr and one JSON document on stdout.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadTable, openDuckDb } from './data/duckdb.mjs';
import { CASES } from './data/engine-cases.mjs';
import { DEVICES, deviceInfo, processEvents } from './data/process-events.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    dist: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    duckdb: { type: 'string' },
  },
});
const size = Number(values.size);
const dist = resolve(values.dist ?? join(import.meta.dirname, '../dist'));
const { createKqlEngine } = await import(join(dist, 'engine/kql-engine.js'));
const { defenderSchema } = await import(join(dist, 'kql/defender.js'));

const BUDGET = { duckDb: 1, loop: 2 };
const events = processEvents(Math.round(1_000_000 * size));
const devices = deviceInfo(Math.round(DEVICES * size));

const engine = createKqlEngine({
  schema: defenderSchema(),
  tables: { DeviceProcessEvents: events, DeviceInfo: devices },
  now: Date.UTC(2026, 0, 20),
  elapsed: () => performance.now(),
});
const empty = createKqlEngine({ schema: defenderSchema(), tables: {}, now: 0, elapsed: () => performance.now() });
const { signal } = new AbortController();
const countRows = (query) => engine.run(query, { signal }).then((result) => result.rowCount);
/** The same query over no rows: what parsing and compiling take. */
const parseOnly = (query) => empty.run(query, { signal }).then(() => null);

async function openYardstick(folder) {
  if (!folder) return null;
  const duckDb = await openDuckDb(folder);
  await loadTable(duckDb, 'DeviceProcessEvents', events);
  await loadTable(duckDb, 'DeviceInfo', devices);
  return async (sql) => (await duckDb.connection.run(sql)).rowCount;
}

async function timed(work) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const rows = await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { rows, ms, cpuMs: (user + system) / 1000 };
}

const tenth = (number) => Math.round(number * 10) / 10;
const least = (rounds, field) => (rounds.length === 0 ? null : tenth(Math.min(...rounds.map((round) => round[field]))));
const ratioOf = (ms, other) => (other ? Number((ms / other).toFixed(2)) : null);

async function measure({ name, query, sql, byHand, beforeMs }, duckDb) {
  const rounds = { engine: [], loop: [], parse: [], duckDb: [] };
  for (let round = 0; round < Number(values.rounds); round += 1) {
    rounds.loop.push(await timed(async () => byHand({ events, devices })));
    rounds.engine.push(await timed(() => countRows(query)));
    rounds.parse.push(await timed(() => parseOnly(query)));
    if (duckDb) rounds.duckDb.push(await timed(() => duckDb(sql)));
    const expected = rounds.loop[round].rows;
    for (const [side, of] of Object.entries({ engine: rounds.engine, duckDb: rounds.duckDb }))
      if (of[round] && of[round].rows !== expected)
        throw new Error(`${name}: ${side} made ${of[round].rows} rows, the loop ${expected}`);
  }
  // Of the processor: what a busy machine lets each of them wait for is no fact about it.
  const [cpuMs, loopMs, parseMs, duckDbMs] = [rounds.engine, rounds.loop, rounds.parse, rounds.duckDb].map((side) =>
    least(side, 'cpuMs'),
  );
  const ratios = { loop: ratioOf(cpuMs, loopMs), duckDb: ratioOf(cpuMs, duckDbMs) };
  const met = ratios.loop <= BUDGET.loop && (ratios.duckDb ?? 0) <= BUDGET.duckDb;
  const ms = least(rounds.engine, 'ms');
  const firstMs = tenth(rounds.engine[0].ms);
  const beforeBudgetMs = beforeMs && beforeMs * size;
  return {
    name,
    rows: rounds.loop[0].rows,
    ms,
    cpuMs,
    firstMs,
    loopMs,
    parseMs,
    duckDbMs,
    ratios,
    beforeBudgetMs,
    met,
  };
}

const duckDb = await openYardstick(values.duckdb);
const measured = [];
for (const one of CASES.filter(({ name }) => !values.only || values.only === name)) {
  const result = await measure(one, duckDb);
  measured.push(result);
  const { name, ms, cpuMs, firstMs, loopMs, duckDbMs, ratios, met } = result;
  const beside = duckDbMs === null ? '' : `, ${ratios.duckDb} x DuckDB (${duckDbMs} ms)`;
  process.stderr.write(
    `engine, ${events.rowCount} rows, ${name}: ${cpuMs} ms (waited for ${ms} ms, first ${firstMs} ms)${beside}, ${ratios.loop} x the loop (${loopMs} ms): ${met ? 'met' : 'NOT met'}\n`,
  );
}
process.stdout.write(
  `${JSON.stringify({ bench: 'engine', rows: events.rowCount, columns: 16, budget: BUDGET, measured })}\n`,
);

/**
 * The KQL engine over a million DeviceProcessEvents rows of 16 columns in memory: filter with projection, dcount by three keys, a join
 * with 200,000 devices. Yardstick: loops by hand over the same arrays with the same result, in the same process; rounds alternate, the
 * best of each side counts. Budgets: 0.5 s, 1 s and 0.6 s, and each at most 4 x its loop. The query is parsed in every run; that
 * part is told beside it.
 * node bench/engine.mjs [--size 0.01..1] [--dist dist] [--only join] [--rounds 5]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEVICES, deviceInfo, processEvents } from './data/process-events.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    dist: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
});
const size = Number(values.size);
const dist = resolve(values.dist ?? join(import.meta.dirname, '../dist'));
const { createKqlEngine } = await import(join(dist, 'engine/kql-engine.js'));
const { defenderSchema } = await import(join(dist, 'kql/defender.js'));

const RATIO = 4;
const events = processEvents(Math.round(1_000_000 * size));
const devices = deviceInfo(Math.round(DEVICES * size));

const COLUMNS = ['Timestamp', 'DeviceName', 'AccountName', 'ProcessCommandLine', 'ReportId'];

/** Rows that are kept, then the wanted columns of them. */
function filterByHand() {
  const { FileName, ProcessId, ProcessCommandLine } = events.arrays;
  const kept = [];
  for (let row = 0; row < events.rowCount; row += 1) {
    if (FileName[row].toLowerCase() !== 'powershell.exe' || ProcessId[row] <= 2000) continue;
    if (/(?<![\p{L}\p{N}])hidden(?![\p{L}\p{N}])/iu.test(ProcessCommandLine[row])) kept.push(row);
  }
  return COLUMNS.map((name) => kept.map((row) => events.arrays[name][row]))[0].length;
}

/** A set for each combination of the three keys. */
function dcountByHand() {
  const { DeviceName, FileName, AccountName, ProcessId } = events.arrays;
  const groups = new Map();
  for (let row = 0; row < events.rowCount; row += 1) {
    const key = `${DeviceName[row]}\n${FileName[row]}\n${AccountName[row]}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { DeviceName: DeviceName[row], FileName: FileName[row], AccountName: AccountName[row], seen: new Set() };
      groups.set(key, group);
    }
    group.seen.add(ProcessId[row]);
  }
  const rows = [...groups.values()].map((group) => [
    group.DeviceName,
    group.FileName,
    group.AccountName,
    group.seen.size,
  ]);
  return rows.length;
}

/** A map from id to row, then the columns of both sides. */
function joinByHand() {
  const byId = new Map();
  const ids = devices.arrays.DeviceId;
  for (let row = 0; row < devices.rowCount; row += 1) byId.set(ids[row], row);
  const left = [];
  const right = [];
  const wanted = events.arrays.DeviceId;
  for (let row = 0; row < events.rowCount; row += 1) {
    const found = byId.get(wanted[row]);
    if (found === undefined) continue;
    left.push(row);
    right.push(found);
  }
  const ours = ['Timestamp', 'FileName', 'AccountName'].map((name) => left.map((row) => events.arrays[name][row]));
  const theirs = ['OSPlatform', 'MachineGroup'].map((name) => right.map((row) => devices.arrays[name][row]));
  return [...ours, ...theirs][0].length;
}

const CASES = [
  {
    name: 'filter',
    budgetMs: 500,
    query: `DeviceProcessEvents | where FileName =~ 'powershell.exe' and ProcessId > 2000 and ProcessCommandLine has 'hidden' | project ${COLUMNS.join(', ')}`,
    byHand: filterByHand,
  },
  {
    name: 'dcount',
    budgetMs: 1000,
    query: 'DeviceProcessEvents | summarize dcount(ProcessId) by DeviceName, FileName, AccountName',
    byHand: dcountByHand,
  },
  {
    name: 'join',
    budgetMs: 600,
    query:
      'DeviceProcessEvents | join kind=inner (DeviceInfo | project DeviceId, OSPlatform, MachineGroup) on DeviceId | project Timestamp, FileName, AccountName, OSPlatform, MachineGroup',
    byHand: joinByHand,
  },
];

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

async function timed(work) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const rows = await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { rows, ms, cpuMs: (user + system) / 1000 };
}

const least = (rounds, field) => Math.round(Math.min(...rounds.map((round) => round[field])) * 10) / 10;

async function measure({ name, query, byHand, budgetMs }) {
  const rounds = { engine: [], loop: [], parse: [] };
  for (let round = 0; round < Number(values.rounds); round += 1) {
    rounds.loop.push(await timed(async () => byHand()));
    rounds.engine.push(await timed(() => countRows(query)));
    rounds.parse.push(await timed(() => parseOnly(query)));
    const expected = rounds.loop[round].rows;
    const got = rounds.engine[round].rows;
    if (got !== expected) throw new Error(`${name}: the engine made ${got} rows, the loop ${expected}`);
  }
  const [ms, loopMs, parseMs] = [rounds.engine, rounds.loop, rounds.parse].map((side) => least(side, 'ms'));
  const [cpuMs, loopCpuMs] = [rounds.engine, rounds.loop].map((side) => least(side, 'cpuMs'));
  const ratio = Number((ms / loopMs).toFixed(2));
  const met = ms <= budgetMs * size && ratio <= RATIO;
  return {
    name,
    rows: rounds.loop[0].rows,
    ms,
    cpuMs,
    loopMs,
    loopCpuMs,
    parseMs,
    ratio,
    budgetMs: budgetMs * size,
    met,
  };
}

const measured = [];
for (const one of CASES.filter(({ name }) => !values.only || values.only === name)) measured.push(await measure(one));
const words = measured.map(
  ({ name, ms, cpuMs, budgetMs, ratio, met }) =>
    `${name} ${ms} ms (processor ${cpuMs} ms; budget ${budgetMs} ms), ${ratio} x the loop (budget ${RATIO}): ${met ? 'met' : 'NOT met'}`,
);
process.stderr.write(`engine, ${events.rowCount} rows: ${words.join('; ')}\n`);
process.stdout.write(
  `${JSON.stringify({ bench: 'engine', rows: events.rowCount, columns: 16, ratioBudget: RATIO, measured })}\n`,
);

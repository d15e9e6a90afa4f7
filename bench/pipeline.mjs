/**
 * Rows to alerts to ajv to commit with outbox (docs/benchmarks.md): runs of 1,000 rows that each become an alert of about 2 KB for one
 * target, and runs whose rows are all known or below the threshold. As `run` does it, with a thread that writes and three rules at a
 * time: in rounds, where the next three runs begin when all three are committed (this is compared with the budget), and on and on, where
 * each rule begins its next run when its last is committed, as the scheduler has it; and as `once` does, with neither. How late the event loop is meanwhile stands beside each. Yardstick in the same process: the
 * same number of rows through `JSON.stringify` and one bare insert each in a transaction of the same size.
 * Usage: node bench/pipeline.mjs [--size 1] [--dist dist] [--turns]: also what the main thread works between two turns of its event loop,
 * in processor time, which other programs change less than how late it is (Linux; it costs time of its own).
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const option = (name, fallback) => {
  const index = process.argv.indexOf(`--${name}`);
  return index < 0 ? fallback : process.argv[index + 1];
};
const size = Number(option('size', '1'));
const dist = pathToFileURL(resolve(option('dist', 'dist')));
const load = (file) => import(`${dist}/${file}`);
const { openSqliteStore } = await load('state/sqlite-store.js');
const { openThreadedStore } = await load('state/threaded-store.js');
const { takeRunnerLock } = await load('state/runner-lock.js');
const { takeTurn } = await load('run/turn.js');
const { timetableOf } = await load('run/schedule.js');
const { ourServiceClock } = await load('run/clock/our-service-clock.js');
const { DEFAULT_WINDOW_SETTINGS } = await load('run/windows.js');
const { createQuotaMeter } = await load('sources/quota/quota-meter.js');
const { silentLog } = await load('lib/log.js');

const RUN_ROWS = 1000;
/** Rows of 64 KB, as a socket gives them. */
const PIECE_ROWS = 100;
/** Runs at a time, as the default concurrency of a tenant has it. */
const AT_ONCE = 3;
const runs = Math.max(2, Math.round(40 * size));
const T0 = Date.parse('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;

const COLUMNS = [
  'DeviceId',
  'DeviceName',
  'FileName',
  'FolderPath',
  'AccountName',
  'AccountDomain',
  'AccountSid',
  'ProcessCommandLine',
  'InitiatingProcessFileName',
  'InitiatingProcessCommandLine',
];
const columns = [
  { name: 'Timestamp', type: 'datetime' },
  { name: 'ReportId', type: 'long' },
  { name: 'ProcessId', type: 'long' },
  ...COLUMNS.map((name) => ({ name, type: 'string' })),
];

function rowOf(run, index) {
  const device = `device-${index % 200}`;
  return {
    Timestamp: new Date(T0 + run * HOUR + index * 1000).toISOString(),
    ReportId: run * RUN_ROWS + index,
    ProcessId: 1000 + index,
    DeviceId: device.padEnd(40, '0'),
    DeviceName: `${device}.contoso.example`,
    FileName: 'powershell.exe',
    FolderPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0',
    AccountName: `user${index % 500}`,
    AccountDomain: 'contoso',
    AccountSid: `S-1-5-21-1004336348-1177238915-682003330-${index % 500}`,
    ProcessCommandLine: `powershell.exe -enc QQBB ${index}`,
    InitiatingProcessFileName: 'winword.exe',
    InitiatingProcessCommandLine: 'winword.exe /n invoice.docm',
  };
}

function ruleOf(threshold, number) {
  return {
    id: `bench-${number}`,
    name: 'Bench',
    description: 'A rule of a benchmark.',
    severity: 'high',
    version: '1.0.0',
    status: 'enabled',
    attack: ['T1059.001'],
    tags: ['bench'],
    author: null,
    references: [],
    falsePositives: [],
    runbook: null,
    params: {},
    query: 'T',
    shape: null,
    schedule: { kind: 'every', everyMs: HOUR, lookbackMs: null },
    window: { basis: 'ingestion', tables: {}, keepFilters: 'never' },
    threshold: { measure: 'rows', column: null, operator: '>', value: threshold, groupBy: [] },
    alert: {
      per: 'row',
      title: '{{FileName}} on {{DeviceName}}',
      description: '{{ProcessCommandLine}}',
      severityColumn: null,
      entities: null,
      details: { CommandLine: 'ProcessCommandLine' },
      dedupColumns: null,
      suppressMs: null,
      limit: 10_000,
      evidence: 20,
    },
    exceptions: [],
    targets: null,
    tests: [],
    hash: 'bench',
    map: { file: 'bench', place: () => ({ line: 1, column: 1 }), placeOf: () => ({ line: 1, column: 1 }) },
    effectiveShape: 'stream',
    lookbackMs: HOUR,
    prepared: {
      text: 'T',
      basis: 'ingestion',
      preludeAt: 0,
      shape: 'stream',
      shapeReason: '',
      tables: [],
      timeCalls: [],
      ownFilters: [],
      absorbed: [],
      absorbedMs: null,
      upperMs: 0,
      reachMs: 0,
      usesTime: false,
      usesWindowNames: false,
      identity: { kind: 'event', columns: ['Timestamp', 'DeviceId', 'ReportId'] },
      columns,
      findings: [],
    },
  };
}

/** Counts stretches of work above a millisecond, in ms, for as long as `isOn` says. */
function countStretches(stretches, isOn) {
  if (!process.argv.includes('--turns')) return;
  const worked = () => Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  let last = worked();
  const look = () => {
    const now = worked();
    if (now - last > 1) stretches.push(Math.round((now - last) * 10) / 10);
    last = worked();
    if (isOn()) setImmediate(look);
  };
  setImmediate(look);
}

/** A rule with a tenant and a clock of its own, which goes on by an hour with each of its runs. */
function laneOf(number, { threshold, store, shared }) {
  const lane = { now: T0, rows: [] };
  const clock = clockOf(lane);
  const source = {
    api: 'graph',
    maxRows: 100_000,
    retentionMs: 30 * 24 * HOUR,
    retiresOn: null,
    quota: {
      callsPerMinute: null,
      callsPerHour: null,
      runSecondsPerHour: null,
      runSecondsPerDay: null,
      concurrency: 1,
    },
    async query(_request, sink) {
      sink.schema(columns);
      // An answer comes over the network in pieces: other work has its turn between them.
      for (const [index, row] of lane.rows.entries()) {
        if (index % PIECE_ROWS === 0) await new Promise(setImmediate);
        sink.row(row);
      }
      return { rows: lane.rows.length, truncated: false, bytes: 0, elapsedMs: 0, serviceTime: null };
    },
  };
  const meter = createQuotaMeter({
    tenant: 'default',
    api: 'graph',
    limits: source.quota,
    store: store.quota,
    clock,
    serviceNow: clock.now,
  });
  const tenant = { name: 'default', source, meter, serviceClock: ourServiceClock(clock), rules: [] };
  const rule = ruleOf(threshold, number);
  const turn = { tenant, rule, timetable: timetableOf(rule), kind: 'due', scheduledAt: null };
  const options = { admit: async () => lane.now, signal: new AbortController().signal, dryRun: false };
  const deps = { ...shared, store, clock };
  return async (rows) => {
    lane.now += HOUR;
    lane.rows = rows;
    const report = await takeTurn(turn, options, deps);
    if (report.run.outcome !== 'ok') throw new Error(JSON.stringify(report.run.error));
    return report;
  };
}

function clockOf(lane) {
  return { now: () => lane.now, monotonic: () => performance.now(), sleep: async () => undefined };
}

/** `threaded`: with the thread that writes, three rules at a time; `inRounds`: the next three runs begin when all three are done. */
async function measure({ threshold, rowsPerRun, threaded, inRounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-bench-'));
  const clock = clockOf({ now: T0 });
  const path = join(folder, 'state.db');
  const lock = takeRunnerLock(path);
  const store = threaded ? await openThreadedStore({ path, clock, lock }) : openSqliteStore({ path, clock, lock });
  let id = 0;
  const shared = {
    log: silentLog,
    settings: DEFAULT_WINDOW_SETTINGS,
    waysOf: () => [{ target: 'soar' }],
    healthTargets: [],
    newRunId: () => `run-${++id}`,
    committed: () => undefined,
  };
  const rowsOf = (run) => Array.from({ length: rowsPerRun }, (_, index) => rowOf(run, index));
  const lanes = Array.from({ length: threaded ? AT_ONCE : 1 }, (_, number) =>
    laneOf(number, { threshold, store, shared }),
  );
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const stretches = [];
  let elapsed = 0;
  let cpu = 0;
  const first = await Promise.all(lanes.map((play) => play(rowsOf(0))));
  const bytes = first[0].alerts[0] ? JSON.stringify(first[0].alerts[0]).length : 0;
  let alerts = first.reduce((sum, { run }) => sum + run.alerts, 0);
  const numbers = Array.from({ length: Math.ceil(runs / lanes.length) - 1 }, (_, index) => index + 1);
  if (numbers.length === 0) numbers.push(1);
  const stages = inRounds ? numbers.map((run) => [run]) : [numbers];
  for (const stage of stages) {
    const answers = stage.map(rowsOf);
    let isOn = true;
    countStretches(stretches, () => isOn);
    delay.enable();
    const begun = performance.now();
    const processor = process.cpuUsage();
    const played = lanes.map(async (play) => {
      for (const rows of answers) {
        const report = await play(rows);
        alerts += report.run.alerts;
      }
    });
    await Promise.all(played);
    elapsed += performance.now() - begun;
    const used = process.cpuUsage(processor);
    cpu += used.user + used.system;
    // The delay of the turn that ended last is noted when the loop comes round.
    await new Promise((done) => setTimeout(done, 2));
    isOn = false;
    delay.disable();
  }
  const counted = numbers.length * lanes.length * rowsPerRun;
  await store.close();
  lock.release();
  rmSync(folder, { recursive: true });
  stretches.sort((a, b) => b - a);
  return {
    ...(stretches.length > 0 && { longestStretches: stretches.slice(0, 5), stretches: stretches.length }),
    perSecond: Math.round((counted * 1000) / elapsed),
    cpuMicros: Math.round(cpu / counted),
    alerts,
    bytes,
    delayP99: Math.round(delay.percentile(99) / 1e5) / 10,
    delayMost: Math.round(delay.max / 1e5) / 10,
  };
}

/** What nobody can go below: the rows as JSON, one insert each, in transactions of the same size, fully synchronous. */
async function yardstick() {
  const { default: Database } = await import('libsql');
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-bench-'));
  const database = new Database(join(folder, 'bare.db'));
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)',
  );
  const insert = database.prepare('INSERT INTO t (body) VALUES (?)');
  let elapsed = 0;
  for (let run = 0; run < runs; run += 1) {
    const rows = Array.from({ length: RUN_ROWS }, (_, index) => rowOf(run, index));
    const begun = performance.now();
    database.exec('BEGIN');
    for (const row of rows) insert.run(JSON.stringify([row, row]));
    database.exec('COMMIT');
    elapsed += performance.now() - begun;
  }
  database.close();
  rmSync(folder, { recursive: true });
  return Math.round((runs * RUN_ROWS * 1000) / elapsed);
}

const bare = await yardstick();
const told = await measure({ threshold: 0, rowsPerRun: RUN_ROWS, threaded: true, inRounds: true });
const onAndOn = await measure({ threshold: 0, rowsPerRun: RUN_ROWS, threaded: true, inRounds: false });
const here = await measure({ threshold: 0, rowsPerRun: RUN_ROWS, threaded: false, inRounds: true });
for (const { alerts } of [told, onAndOn, here])
  if (alerts < runs * RUN_ROWS) throw new Error(`expected ${runs * RUN_ROWS} alerts, got ${alerts}`);
const quiet = await measure({ threshold: 1e9, rowsPerRun: RUN_ROWS * 10, threaded: true, inRounds: true });
if (quiet.alerts !== 0) throw new Error('rows below the threshold made alerts');
const result = {
  bench: 'pipeline',
  runs,
  alertBytes: told.bytes,
  alertsPerSecond: told.perSecond,
  cpuMicrosPerAlert: told.cpuMicros,
  delayP99: told.delayP99,
  delayMost: told.delayMost,
  withThread: told,
  onAndOn,
  withoutThread: here,
  rowsPerSecondWithoutAlert: quiet.perSecond,
  quiet,
  bareInsertsPerSecond: bare,
  ratioToBare: Number((told.perSecond / bare).toFixed(3)),
};
console.log(JSON.stringify(result));
console.log(
  `pipeline: ${told.perSecond} alerts/s of ${told.bytes} bytes (budget 12000; ${told.cpuMicros} µs of processor each), event loop late by ${told.delayP99} ms at p99 (budget 50); on and on ${onAndOn.perSecond}/s, ${onAndOn.cpuMicros} µs, ${onAndOn.delayP99} ms; without a thread ${here.perSecond}/s, ${here.cpuMicros} µs, ${here.delayP99} ms; ${quiet.perSecond} rows/s without alert (budget 100000); bare inserts ${bare}/s`,
);

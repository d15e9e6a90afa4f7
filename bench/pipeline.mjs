/**
 * Rows to alerts to ajv to commit with outbox (docs/benchmarks.md): runs of 1,000 rows that each become an alert of about 2 KB for one
 * target, and runs whose rows are all known or below the threshold. Yardstick in the same process: the same number of rows through
 * `JSON.stringify` and one bare insert each in a transaction of the same size.
 * Usage: node bench/pipeline.mjs [--size 1] [--dist dist]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const option = (name, fallback) => {
  const index = process.argv.indexOf(`--${name}`);
  return index < 0 ? fallback : process.argv[index + 1];
};
const size = Number(option('size', '1'));
const dist = pathToFileURL(resolve(option('dist', 'dist')));
const load = (file) => import(`${dist}/${file}`);
const { openSqliteStore } = await load('state/sqlite-store.js');
const { takeTurn } = await load('run/turn.js');
const { timetableOf } = await load('run/schedule.js');
const { ourServiceClock } = await load('run/clock/our-service-clock.js');
const { DEFAULT_WINDOW_SETTINGS } = await load('run/windows.js');
const { createQuotaMeter } = await load('sources/quota/quota-meter.js');
const { silentLog } = await load('lib/log.js');

const RUN_ROWS = 1000;
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

function ruleOf(threshold) {
  return {
    id: 'bench',
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

async function measure(threshold, rowsPerRun) {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-bench-'));
  let now = T0;
  const clock = { now: () => now, monotonic: () => performance.now(), sleep: async () => undefined };
  const store = openSqliteStore({ path: join(folder, 'state.db'), clock });
  let rows = [];
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
      for (const row of rows) sink.row(row);
      return { rows: rows.length, truncated: false, bytes: 0, elapsedMs: 0, serviceTime: null };
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
  let id = 0;
  const deps = {
    store,
    clock,
    log: silentLog,
    settings: DEFAULT_WINDOW_SETTINGS,
    waysOf: () => [{ target: 'soar' }],
    healthTargets: [],
    newRunId: () => `run-${++id}`,
    committed: () => undefined,
  };
  const rule = ruleOf(threshold);
  const turn = { tenant, rule, timetable: timetableOf(rule), kind: 'due', scheduledAt: null };
  const options = { admit: async () => now, signal: new AbortController().signal, dryRun: false };
  let elapsed = 0;
  let cpu = 0;
  let alerts = 0;
  let bytes = 0;
  for (let run = 0; run < runs; run += 1) {
    rows = Array.from({ length: rowsPerRun }, (_, index) => rowOf(run, index));
    now += HOUR;
    const begun = performance.now();
    const processor = process.cpuUsage();
    const report = await takeTurn(turn, options, deps);
    if (run > 0) elapsed += performance.now() - begun;
    const used = process.cpuUsage(processor);
    if (run > 0) cpu += used.user + used.system;
    if (report.run.outcome !== 'ok') throw new Error(JSON.stringify(report.run.error));
    alerts += report.run.alerts;
    if (run === 0 && report.alerts[0]) bytes = JSON.stringify(report.alerts[0]).length;
  }
  await store.close();
  rmSync(folder, { recursive: true });
  return {
    perSecond: Math.round(((runs - 1) * rowsPerRun * 1000) / elapsed),
    cpuMicros: Math.round(cpu / ((runs - 1) * rowsPerRun)),
    alerts,
    bytes,
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
const told = await measure(0, RUN_ROWS);
if (told.alerts !== runs * RUN_ROWS) throw new Error(`expected ${runs * RUN_ROWS} alerts, got ${told.alerts}`);
const quiet = await measure(1e9, RUN_ROWS * 10);
if (quiet.alerts !== 0) throw new Error('rows below the threshold made alerts');
const result = {
  bench: 'pipeline',
  runs,
  alertBytes: told.bytes,
  alertsPerSecond: told.perSecond,
  cpuMicrosPerAlert: told.cpuMicros,
  rowsPerSecondWithoutAlert: quiet.perSecond,
  bareInsertsPerSecond: bare,
  ratioToBare: Number((told.perSecond / bare).toFixed(3)),
};
console.log(JSON.stringify(result));
console.log(
  `pipeline: ${told.perSecond} alerts/s of ${told.bytes} bytes (budget 12000), ${quiet.perSecond} rows/s without alert (budget 100000); bare inserts ${bare}/s`,
);

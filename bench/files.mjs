/**
 * Queries over files: 300,000 DeviceProcessEvents rows of 16 columns as JSON Lines, CSV and Parquet, one filter and a count, so that one
 * column of sixteen is wanted. Yardsticks, in the same run: for JSON Lines a loop by hand (lines, JSON.parse, compare), and DuckDB with one
 * thread where it is installed (`--duckdb FOLDER` with node_modules; it is no dependency of ours). Also `print 1` with and without the
 * files, and whole processes (`huntwire query … --data`), whose start is told apart: that of `print 1` beside the file. Times are of the
 * processor, best of the rounds: a busy machine makes them worse, not wrong. Budget: at most 3 x DuckDB for JSON Lines and Parquet, of the query.
 * node bench/files.mjs [--size 0.01..1] [--dist dist] [--rounds 3] [--duckdb FOLDER]
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { parquetWriteBuffer } from 'hyparquet-writer';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    dist: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    duckdb: { type: 'string' },
  },
});
const rows = Math.max(100, Math.round(300_000 * Number(values.size)));
const dist = resolve(values.dist ?? join(import.meta.dirname, '../dist'));
const { createKqlEngine } = await import(join(dist, 'engine/kql-engine.js'));
const { defenderSchema } = await import(join(dist, 'kql/defender.js'));

const TOLD_BY = join(import.meta.dirname, 'data/tell-processor-time.cjs');
const PROGRAMS = ['powershell.exe', 'cmd.exe', 'svchost.exe', 'chrome.exe', 'winword.exe'];

function rowOf(index) {
  return {
    Timestamp: new Date(1.79e12 + index * 100).toISOString(),
    DeviceId: String(index % 5000).padStart(40, 'd'),
    DeviceName: `pc${index % 5000}.contoso.example`,
    ActionType: 'ProcessCreated',
    FileName: PROGRAMS[index % PROGRAMS.length],
    FolderPath: `C:\\Windows\\System32\\${index % 100}`,
    SHA1: String(index).padStart(40, 'a'),
    SHA256: String(index).padStart(64, 'b'),
    ProcessId: index % 65_536,
    ProcessCommandLine: `powershell.exe -nop -w hidden -enc ${'QUJD'.repeat(10 + (index % 20))}`,
    ProcessCreationTime: new Date(1.79e12 + index * 100).toISOString(),
    AccountDomain: 'contoso',
    AccountName: `user${index % 3000}`,
    InitiatingProcessFileName: 'explorer.exe',
    InitiatingProcessCommandLine: `C:\\Windows\\explorer.exe /factory,{${index}}`,
    ReportId: index,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'huntwire-bench-files-'));
const NAMES = Object.keys(rowOf(0));
const places = Object.fromEntries(
  ['jsonl', 'csv', 'parquet'].map((form) => [form, join(folder, `DeviceProcessEvents.${form}`)]),
);

async function writeText(form, head, lineOf) {
  const file = createWriteStream(places[form]);
  let text = head;
  for (let index = 0; index < rows; index += 1) {
    text += lineOf(rowOf(index));
    if (text.length < 1_000_000) continue;
    if (!file.write(text)) await new Promise((done) => file.once('drain', done));
    text = '';
  }
  file.end(text);
  await finished(file);
}

function writeParquet() {
  const columns = NAMES.map((name) => ({
    name,
    data: [],
    type: name === 'ProcessId' || name === 'ReportId' ? 'INT64' : 'STRING',
  }));
  for (let index = 0; index < rows; index += 1) {
    const row = rowOf(index);
    for (const { name, data, type } of columns) data.push(type === 'INT64' ? BigInt(row[name]) : row[name]);
  }
  writeFileSync(places.parquet, Buffer.from(parquetWriteBuffer({ columnData: columns, rowGroupSize: 50_000 })));
}

/** Best processor time of the rounds, in ms; every round must give the right answer. */
async function measured(work, expected) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const before = process.cpuUsage();
    const found = await work();
    const { user, system } = process.cpuUsage(before);
    if (found !== expected) throw new Error(`${found} instead of ${expected}`);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

const QUERY = 'DeviceProcessEvents | where FileName == "cmd.exe" | count';
const EXPECTED = Math.floor((rows + 3) / PROGRAMS.length);

function engineOver(paths) {
  return createKqlEngine({
    schema: defenderSchema(),
    ...(paths && { files: { paths } }),
    now: 0,
    elapsed: () => performance.now(),
  });
}

async function count(paths) {
  const result = await engineOver(paths).run(QUERY, { signal: new AbortController().signal });
  return result.values('Count')[0];
}

async function printOne(paths) {
  const result = await engineOver(paths).run('print 1', { signal: new AbortController().signal });
  return result.rowCount;
}

async function byHand() {
  let found = 0;
  for await (const line of createInterface({ input: createReadStream(places.jsonl) }))
    if (JSON.parse(line).FileName === 'cmd.exe') found += 1;
  return found;
}

/** Processor time of `huntwire query` in a process of its own, best of the rounds, in ms. */
function programCost(query, path) {
  const args = ['--require', TOLD_BY, join(dist, 'main.js'), 'query', query, '--data', path];
  const costs = Array.from({ length: Math.min(3, Number(values.rounds)) }, () => {
    const ended = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], encoding: 'utf8' });
    if (ended.status !== 0) throw new Error(`${query}: exit ${ended.status}: ${ended.stderr}`);
    return Number(ended.output[3]);
  });
  return Math.min(...costs);
}

/** What a process takes to start, and with the query, in ms. */
function programs() {
  const whole = ['jsonl', 'parquet'].map((form) => [form, programCost(QUERY, places[form])]);
  return { start: programCost('print 1', folder), ...Object.fromEntries(whole) };
}

async function openDuckDb() {
  if (!values.duckdb) return null;
  const entry = createRequire(`${resolve(values.duckdb)}/`).resolve('@duckdb/node-api');
  const { DuckDBInstance } = await import(pathToFileURL(entry).href);
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const readers = { jsonl: 'read_json_auto', csv: 'read_csv_auto', parquet: 'read_parquet' };
  return async (form) => {
    const read = await connection.runAndReadAll(
      `select count(*) from ${readers[form]}('${places[form]}') where FileName = 'cmd.exe'`,
    );
    return Number(read.getRows()[0][0]);
  };
}

const quoted = (cell) => (/[",]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell);
try {
  await writeText('jsonl', '', (row) => `${JSON.stringify(row)}\n`);
  await writeText('csv', `${NAMES.join(',')}\n`, (row) => `${NAMES.map((name) => quoted(row[name])).join(',')}\n`);
  writeParquet();
  await printOne(null);
  const duckDb = await openDuckDb();
  const document = { rows, cpu: cpus()[0]?.model, node: process.version, forms: {} };
  for (const form of Object.keys(places)) {
    const ours = await measured(() => count(places[form]), EXPECTED);
    const hand = form === 'jsonl' ? await measured(byHand, EXPECTED) : null;
    const theirs = duckDb ? await measured(() => duckDb(form), EXPECTED) : null;
    document.forms[form] = { ours, byHand: hand, duckDb: theirs };
    const ratios = [
      hand && `${(ours / hand).toFixed(2)} x by hand`,
      theirs && `${(ours / theirs).toFixed(2)} x DuckDB (${Math.round(theirs)} ms)`,
    ];
    console.error(
      `${form}: ${Math.round(ours)} ms${ratios
        .filter(Boolean)
        .map((ratio) => `, ${ratio}`)
        .join('')}`,
    );
  }
  document.print = {
    alone: await measured(() => printOne(null), 1),
    beside: await measured(() => printOne(folder), 1),
  };
  console.error(
    `print 1: ${document.print.alone.toFixed(1)} ms alone, ${document.print.beside.toFixed(1)} ms beside the files`,
  );
  document.programs = programs();
  const wholes = Object.entries(document.programs).map(([name, ms]) => `${name} ${Math.round(ms)} ms`);
  console.error(`processes of their own: ${wholes.join(', ')}`);
  document.peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify(document));
} finally {
  rmSync(folder, { recursive: true });
}

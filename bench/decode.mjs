/**
 * Decoding of a 100,000-row answer against collecting the body and JSON.parse, each in a process of its own, median of five.
 * Budget: at most 0.5 of the time, at most 80 MB peak memory. `--size 0.01` takes that share of the rows; `--dist DIR` another build;
 * `--api xdr`, `graph` or `loganalytics` one of the forms of answers.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    runs: { type: 'string', default: '5' },
    dist: { type: 'string', default: 'dist' },
    role: { type: 'string' },
    body: { type: 'string' },
    api: { type: 'string', default: 'xdr,graph,loganalytics' },
  },
});
const rows = Math.max(1, Math.round(100_000 * Number(values.size)));

const TYPES = {
  Timestamp: 'DateTime',
  ProcessId: 'Int64',
  ReportId: 'Int64',
  IsInitiatingProcessRemoteSession: 'SByte',
};

function rowOf(index) {
  const two = (number) => String(number).padStart(2, '0');
  return {
    Timestamp: `2026-11-20T${two(index % 24)}:${two(index % 60)}:26.${String(index + 1_000_001).padStart(7, '0')}Z`,
    DeviceId: (index * 7919).toString(16).padStart(40, '0'),
    DeviceName: `pc-${index % 500}.contoso.example`,
    ActionType: 'ProcessCreated',
    FileName: 'powershell.exe',
    FolderPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    SHA1: (index * 104_729).toString(16).padStart(40, 'a'),
    ProcessCommandLine: `powershell.exe -NoProfile -ExecutionPolicy Bypass -File "C:\\scripts\\run-${index}.ps1" -Mode fast`,
    AccountName: `user${index % 300}`,
    ProcessId: index % 65_536,
    ReportId: index,
    InitiatingProcessFileName: 'explorer.exe',
    InitiatingProcessCommandLine:
      'C:\\Windows\\explorer.exe /factory,{75dff2b7-6936-4c06-a8bb-676a7b00b24b} -Embedding',
    IsInitiatingProcessRemoteSession: index % 2,
  };
}

/** Graph names the type of a boolean beside it, and writes null as an empty object without a type. */
function graphRow(index) {
  const { IsInitiatingProcessRemoteSession: remote, ...row } = rowOf(index);
  if (index % 7 === 0) return { ...row, IsInitiatingProcessRemoteSession: {} };
  const sidecar = { 'IsInitiatingProcessRemoteSession@odata.type': '#SByte' };
  return { ...row, ...sidecar, IsInitiatingProcessRemoteSession: remote };
}

/** The answers of xdr and mde differ in nothing that is measured. */
const ENVELOPES = {
  xdr: { schema: 'Schema', results: 'Results', name: 'Name', type: 'Type', row: rowOf },
  graph: { schema: 'schema', results: 'results', name: 'name', type: 'type', row: graphRow },
};

const KQL_TYPES = { DateTime: 'datetime', Int64: 'long', SByte: 'bool', String: 'string' };

/** Rows are lists of cells there. */
function writeTables(path) {
  const file = openSync(path, 'w');
  const columns = Object.keys(rowOf(0)).map((name) => ({ name, type: KQL_TYPES[TYPES[name] ?? 'String'] }));
  writeSync(file, `{"tables":[{"name":"PrimaryResult","columns":${JSON.stringify(columns)},"rows":[`);
  for (let index = 0; index < rows; index++) {
    const { IsInitiatingProcessRemoteSession: remote, ...row } = rowOf(index);
    writeSync(file, `${index ? ',' : ''}${JSON.stringify([...Object.values(row), remote === 1])}`);
  }
  writeSync(file, ']}]}');
  closeSync(file);
}

function writeBody(path, api) {
  if (api === 'loganalytics') return writeTables(path);
  const { schema, results, name, type, row } = ENVELOPES[api];
  const file = openSync(path, 'w');
  const columns = Object.keys(rowOf(0)).map((column) => ({ [name]: column, [type]: TYPES[column] ?? 'String' }));
  writeSync(file, `{"${schema}":${JSON.stringify(columns)},"${results}":[`);
  for (let index = 0; index < rows; index++) writeSync(file, `${index ? ',' : ''}${JSON.stringify(row(index))}`);
  writeSync(file, ']}');
  closeSync(file);
}

/**
 * The body in chunks of 64 KB, each in memory of its own, as a socket gives them. Read at once: waking a thread for each, as a stream of a
 * file does, took longer than decoding it where the processors were idle, and says nothing of either side.
 */
function* chunksOf(path) {
  const file = openSync(path, 'r');
  for (;;) {
    const chunk = Buffer.allocUnsafeSlow(65_536);
    const size = readSync(file, chunk);
    if (size === 0) break;
    yield chunk.subarray(0, size);
  }
  closeSync(file);
}

function parseWhole(path) {
  const chunks = [...chunksOf(path)];
  const whole = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  return (whole.Results ?? whole.results ?? whole.tables[0].rows).length;
}

async function decodeStream(path, api) {
  const load = (name) => import(pathToFileURL(resolve(import.meta.dirname, '..', values.dist, name)).href);
  const [{ createRowDecoder, DECODE_LIMITS }, { createRowNormalizer }] = await Promise.all([
    load('sources/decode-rows.js'),
    load('sources/decode/normalize-row.js'),
  ]);
  const form = api === 'loganalytics' && (await load('sources/decode/tables-answer.js')).tablesAnswer(String);
  const begin = performance.now();
  let normalizer;
  let count = 0;
  const sink = {
    schema: (columns) => {
      normalizer = createRowNormalizer(columns);
    },
    form: () => normalizer,
    row: (row) => {
      if (row.DeviceName) count++;
    },
  };
  const decoder = createRowDecoder(
    { ...DECODE_LIMITS, maxBytes: 2 ** 31, maxRows: rows + 1 },
    sink,
    ...(form ? [form] : []),
  );
  for (const chunk of chunksOf(path)) decoder.push(chunk);
  decoder.end();
  return { count, begin };
}

async function playRole(role, path, api) {
  let begin = performance.now();
  let count = 0;
  if (role === 'parse') count = parseWhole(path);
  else ({ count, begin } = await decodeStream(path, api));
  const ms = performance.now() - begin;
  const { user, system } = process.cpuUsage();
  console.log(
    JSON.stringify({ ms, cpuMs: (user + system) / 1000, count, peakMb: process.resourceUsage().maxRSS / 1024 }),
  );
}

function measure(role, path, api) {
  const self = fileURLToPath(import.meta.url);
  const child = spawnSync(
    process.execPath,
    [self, '--role', role, '--body', path, '--size', values.size, '--dist', values.dist, '--api', api],
    { encoding: 'utf8' },
  );
  if (child.status !== 0) throw new Error(`${role} failed: ${child.stderr}`);
  const result = JSON.parse(child.stdout);
  if (result.count !== rows) throw new Error(`${role} saw ${result.count} rows of ${rows}`);
  return result;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

function compare(api) {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-decode-'));
  try {
    const path = join(folder, 'body.json');
    writeBody(path, api);
    const parsed = [];
    const decoded = [];
    for (let run = 0; run < Number(values.runs); run++) {
      parsed.push(measure('parse', path, api));
      decoded.push(measure('decode', path, api));
    }
    report(api, parsed, decoded);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(api, parsed, decoded) {
  const parseMs = median(parsed.map((one) => one.ms));
  const decodeMs = median(decoded.map((one) => one.ms));
  const peakMb = Math.max(...decoded.map((one) => one.peakMb));
  const ratio = decodeMs / parseMs;
  const cpuRatio = median(decoded.map((one) => one.cpuMs)) / median(parsed.map((one) => one.cpuMs));
  const met = ratio <= 0.5 && peakMb <= 80;
  const round = (number) => Math.round(number * 100) / 100;
  const figures = {
    rows,
    api,
    parseMs: round(parseMs),
    decodeMs: round(decodeMs),
    ratio: round(ratio),
    cpuRatio: round(cpuRatio),
    peakMb: round(peakMb),
  };
  console.log(
    JSON.stringify({ benchmark: 'decode', ...figures, budget: { ratio: 0.5, peakMb: 80 }, met, cpus: cpus().length }),
  );
  console.log(
    `decode and normalize ${rows} rows of ${api}: ${figures.decodeMs} ms, ${figures.ratio} x JSON.parse (${figures.parseMs} ms; budget 0.5), ` +
      `peak ${figures.peakMb} MB (budget 80): ${met ? 'met' : 'NOT met'}`,
  );
}

if (values.role) await playRole(values.role, values.body, values.api);
else for (const api of values.api.split(',')) compare(api);

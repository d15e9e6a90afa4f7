/**
 * A folder of 5 GB of JSON Lines (DeviceProcessEvents, 16 columns, ten files), one filter and a projection of what it keeps, in a process of
 * its own whose peak memory is what is measured. Budget: 1 GB. Yardstick: the same reading once without keeping anything (`count`).
 * node bench/large-files.mjs [--size 0.01..1] [--dist dist]
 * Prints one line for people on stderr and one JSON document on stdout.
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1' },
    dist: { type: 'string' },
    folder: { type: 'string' },
    query: { type: 'string' },
  },
});
const size = Number(values.size);
const dist = resolve(values.dist ?? join(import.meta.dirname, '../dist'));
const BUDGET_MB = 1000;
const FILES = 10;
const ROWS = Math.max(1000, Math.round(7_300_000 * size));
const PROGRAMS = ['powershell.exe', 'cmd.exe', 'svchost.exe', 'chrome.exe', 'winword.exe'];
const FILTER = 'where FileName == "cmd.exe" and ProcessId < 1000';
const QUERIES = {
  filter: `DeviceProcessEvents | ${FILTER} | project Timestamp, DeviceName, AccountName, ProcessCommandLine`,
  count: 'DeviceProcessEvents | count',
};

function lineOf(index) {
  const time = new Date(1.79e12 + index * 100).toISOString();
  const [device, processId] = [index % 5000, index % 65_536];
  return `{"Timestamp":"${time}","DeviceId":"${String(device).padStart(40, 'd')}","DeviceName":"pc${device}.contoso.example","ActionType":"ProcessCreated","FileName":"${PROGRAMS[index % 5]}","FolderPath":"C:\\\\Windows\\\\System32\\\\${index % 100}","SHA1":"${String(index).padStart(40, 'a')}","SHA256":"${String(index).padStart(64, 'b')}","ProcessId":${processId},"ProcessCommandLine":"powershell.exe -nop -w hidden -enc ${'QUJD'.repeat(10 + (index % 20))}","ProcessCreationTime":"${time}","AccountDomain":"contoso","AccountName":"user${index % 3000}","InitiatingProcessFileName":"explorer.exe","InitiatingProcessCommandLine":"C:\\\\Windows\\\\explorer.exe /factory,{${index}}","ReportId":${index}}\n`;
}

async function writeFolder(folder) {
  let bytes = 0;
  for (let number = 0; number < FILES; number += 1) {
    const path = join(folder, `DeviceProcessEvents_${number}.jsonl`);
    const file = createWriteStream(path);
    let text = '';
    for (let index = number; index < ROWS; index += FILES) {
      text += lineOf(index);
      if (text.length < 4_000_000) continue;
      if (!file.write(text)) await new Promise((done) => file.once('drain', done));
      text = '';
    }
    file.end(text);
    await finished(file);
    bytes += statSync(path).size;
  }
  return bytes;
}

/** In the process that is measured. */
async function ask(folder, query) {
  const { createKqlEngine } = await import(join(dist, 'engine/kql-engine.js'));
  const { defenderSchema } = await import(join(dist, 'kql/defender.js'));
  const files = { paths: folder };
  const engine = createKqlEngine({ schema: defenderSchema(), files, now: 0, elapsed: () => performance.now() });
  const start = performance.now();
  const result = await engine.run(QUERIES[query], { signal: new AbortController().signal });
  const rows = query === 'count' ? result.values('Count')[0] : result.rowCount;
  const seconds = Math.round(performance.now() - start) / 1000;
  console.log(JSON.stringify({ rows, seconds, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }));
}

function measure(folder, query) {
  const args = [import.meta.filename, '--dist', dist, '--folder', folder, '--query', query];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`${query}: exit ${child.status}: ${child.stderr}`);
  return JSON.parse(child.stdout);
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-bench-large-'));
  try {
    const bytes = await writeFolder(folder);
    const [filter, count] = [measure(folder, 'filter'), measure(folder, 'count')];
    let expected = 0;
    for (let index = 1; index < ROWS; index += 5) if (index % 65_536 < 1000) expected += 1;
    if (filter.rows !== expected || count.rows !== ROWS) throw new Error(`${filter.rows} and ${count.rows} rows`);
    const met = filter.peakMb <= BUDGET_MB;
    process.stderr.write(
      `large files, ${(bytes / 1e9).toFixed(2)} GB: a filter peaks at ${filter.peakMb} MB (budget ${BUDGET_MB} MB: ${met ? 'met' : 'NOT met'}) and takes ${filter.seconds} s; count ${count.peakMb} MB, ${count.seconds} s\n`,
    );
    console.log(JSON.stringify({ bench: 'large-files', bytes, rows: ROWS, filter, count, budgetMb: BUDGET_MB, met }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (values.folder) await ask(values.folder, values.query);
else await main();

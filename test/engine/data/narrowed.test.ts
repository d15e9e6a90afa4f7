import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, test } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { createKqlEngine } from '../../../src/engine/kql-engine.ts';
import type { KqlResult } from '../../../src/engine/result.ts';
import type { Narrowing, TableData, TableSource } from '../../../src/engine/table-data.ts';
import { defenderSchema } from '../../../src/kql/defender.ts';
import { ask, tableOf } from '../ask.ts';

const PROGRAMS = ['cmd.exe', 'CMD.exe', 'powershell.exe', '', 'a.exe'];
let root = '';

function eventOf(row: number) {
  return {
    Timestamp: new Date(Date.UTC(2026, 0, 1) + row * 1000).toISOString(),
    DeviceName: `pc${row % 7}`,
    FileName: PROGRAMS[row % PROGRAMS.length],
    ProcessId: row % 11 === 0 ? 'none' : row,
    AdditionalFields: `{"x":${row % 3}}`,
    ...(row % 4 === 0 && { Extra: row }),
  };
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'huntwire-narrowed-'));
  const rows = Array.from({ length: 400 }, (_, row) => eventOf(row));
  const lines = rows.slice(0, 200).map((row) => JSON.stringify(row));
  writeFileSync(join(root, 'DeviceProcessEvents_1.jsonl'), `${lines.join('\n')}\n`);
  const csv = rows.slice(200, 300).map((row) => [row.Timestamp, row.DeviceName, row.FileName, row.ProcessId].join(','));
  writeFileSync(
    join(root, 'DeviceProcessEvents_2.csv'),
    `Timestamp,DeviceName,FileName,ProcessId\n${csv.join('\n')}\n`,
  );
  const texts = (['Timestamp', 'DeviceName', 'FileName'] as const).map((name) => ({
    name,
    type: 'STRING' as const,
    data: rows.slice(300).map((row) => row[name] ?? ''),
  }));
  const parquet = parquetWriteBuffer({ columnData: texts, rowGroupSize: 30 });
  writeFileSync(join(root, 'DeviceProcessEvents_3.parquet'), Buffer.from(parquet));
  writeFileSync(
    join(root, 'DeviceInfo.csv'),
    'Timestamp,DeviceName,OSPlatform\n05/01/2026,pc1,Windows\n25/01/2026,pc2,Linux\n',
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function answer(query: string, largeFrom: number): Promise<unknown> {
  const options = {
    schema: defenderSchema(),
    files: { paths: root, largeFrom },
    now: Date.UTC(2026, 0, 1),
    elapsed: () => 0,
  };
  try {
    const result: KqlResult = await createKqlEngine(options).run(query, { signal: new AbortController().signal });
    return { columns: result.columns, rows: [...result.rows()], warnings: [...result.warnings].sort() };
  } catch (error) {
    return String(error);
  }
}

test.each([
  'T | where FileName =~ "cmd.exe"',
  'T | where FileName =~ "cmd.exe" | count',
  'T | where ProcessId > 100 and DeviceName has "pc1" | project Timestamp, ProcessId, Extra',
  'T | where isnull(ProcessId) | summarize count() by DeviceName, FileName',
  'T | where Extra > 3 | summarize sum(Extra) by DeviceName',
  'T | where Timestamp > ago(-2m) | where FileName == "a.exe" | sort by Timestamp asc',
  'T | where Timestamp > datetime(2026-01-01T00:03:00Z) | extend at = ingestion_time() | summarize max(at), min(at)',
  'T | where ProcessId > 100 | where DeviceName has "pc1" | where FileName != "" | project ProcessId, DeviceName',
  '(T | where ProcessId > 100) | where toint(substring(FileName, 0, -1)) == 3 | where DeviceName == "pc1" | count',
  'T | where ProcessId > 300 | where FileName == "a.exe" | union (T | where DeviceName == "pc3" | where ProcessId < 90) | count',
  'T | where AdditionalFields.x == 1 | count',
  'T | where tostring(parse_json(AdditionalFields).x) == "2" | count',
  'T | where rand() >= 0 | count',
  'T | where FileName in ((DeviceInfo | where OSPlatform == "no" | project DeviceName)) | count',
  'T | where ProcessId == toscalar(T | where FileName == "a.exe" | summarize max(ProcessId)) | project ProcessId',
  'T | where FileName == "a.exe" | join kind=inner (T | where FileName == "cmd.exe") on DeviceName | count',
  'T | where FileName == "a.exe" | union (T | where DeviceName == "pc3" | where ProcessId < 90) | count',
  'T | where FileName == "a.exe" | union (T | take 5) | count',
  'let least = 20; let programs = dynamic(["a.exe"]); T | where ProcessId > least and FileName in (programs) | count',
  'let names = T | where DeviceName == "pc2" | distinct FileName; T | where FileName !in (names) | count',
  'let busy = (n:long) { T | where ProcessId > n }; busy(390) | union busy(20) | count',
  'let T2 = T; T2 | where DeviceName == "pc0" | count',
  'T | where DeviceName == "pc0" | mv-apply x = range(1, 3) to typeof(long) on (where x > 2) | count',
  'T | where DeviceName == "nobody" | project DeviceName, FileName',
  'T | count',
  'T | take 3 | where DeviceName == "pc1"',
  'T | where DeviceName == "pc1" | take 3',
  'DeviceInfo | where Timestamp > datetime(2026-01-10) | project Timestamp, DeviceName, OSPlatform',
  'DeviceInfo | where OSPlatform == "Linux" | join kind=leftouter (T | where FileName == "") on DeviceName | count',
  'T | where toint(substring(FileName, 0, -1)) == 3',
  'union DeviceInfo, T | where DeviceName == "pc1" | summarize count() by FileName, OSPlatform',
  'search in (T) "powershell" | count',
])('the rows of large files are those of small ones: %s', async (steps) => {
  const query = steps.replaceAll(/\bT\b/g, 'DeviceProcessEvents');
  expect(await answer(query, 0)).toEqual(await answer(query, Number.POSITIVE_INFINITY));
});

const known = tableOf('Name: string, N: long', [
  ['a', 1],
  ['b', 2],
]);

/** What a query lets through of two rows, as its source is told: null where it wants all. */
async function askedOf(query: string): Promise<readonly number[] | null> {
  let asked: readonly number[] | null = null;
  const spy: TableSource = {
    columns: known.columns,
    async load(columns, signal, narrow?: Narrowing | null): Promise<TableData> {
      const data = await known.load(columns, signal);
      asked = narrow ? [...narrow(data)] : null;
      return data;
    },
  };
  await ask(query, { S: spy });
  return asked;
}

it.each([
  ['S | where N > 1', [1]],
  ['S | where N > 1 | summarize count() by Name', [1]],
  ['S | where N > 1 | union (S | where Name == "a")', [0, 1]],
  ['let most = 1; S | where N <= most', [0]],
  ['S | where N > 0 | where Name == "b"', [1]],
  ['((S | where N > 0)) | where N < 9 | where Name == "b" | project N', [1]],
  ['S | where N > 1 | where Name == "a"', []],
  ['S | where N > 0 | where rand() >= 0 | where Name == "a"', [0, 1]],
  ['S | where N > 0 | extend x = 1 | where Name == "a"', [0, 1]],
  ['let f = S | where N > 0; f | where Name == "b"', [0, 1]],
  ['let f = (n:long) { S | where N > n | where Name != "q" }; f(1) | union f(5)', [1]],
  ['S | where N > 0 | where Name == "b" | union (S | where Name == "a")', [0, 1]],
  ['S | where N > 1 | union S', null],
  ['S | where rand() > 0.5', null],
  ['S | where N > toscalar(print 1)', null],
  ['S | extend N = 5 | where N > 1', null],
  ['S | sort by N asc | where row_number() > 1', null],
  ['let f = (n:long) { n > 1 }; S | where f(N)', null],
  ['S | take 1', null],
])('tells a source which rows it can need: %s', async (query, rows) => {
  expect(await askedOf(query)).toEqual(rows);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { openDataFolder } from '../../../src/engine/data/folder.ts';
import { createKqlEngine } from '../../../src/engine/kql-engine.ts';
import type { Narrowing, RangeOf, TableSource, ValueRange } from '../../../src/engine/table-data.ts';
import { defenderSchema } from '../../../src/kql/defender.ts';
import { tries } from '../../tries.ts';
import { ask, tableOf } from '../ask.ts';

const START = Date.UTC(2026, 0, 1);
const NOW = START + 3_600_000;

interface Event {
  readonly second: number | null;
  readonly report: bigint | null;
  readonly name: string | null;
}

const event = fc.record({
  second: fc.option(fc.nat(3600), { freq: 9 }),
  report: fc.option(fc.oneof(fc.bigInt({ min: -3n, max: 20n }), fc.constantFrom(2n ** 60n, -(2n ** 60n))), { freq: 9 }),
  name: fc.option(fc.constantFrom('a.exe', 'b.exe', 'ä', '😀', 'Z', ''), { freq: 9 }),
});
const condition = fc.oneof(
  fc.nat(3600).map((second) => `Timestamp > datetime(${new Date(START + second * 1000).toISOString()})`),
  fc.nat(3600).map((second) => `Timestamp <= ago(${second}s)`),
  fc.tuple(fc.nat(3600), fc.nat(900)).map(([at, span]) => `Timestamp between (ago(${at}s) .. ${span}s)`),
  fc.nat(3600).map((second) => `Timestamp between (ago(${second}s) .. now())`),
  fc.integer({ min: -4, max: 21 }).map((bound) => `ReportId >= ${bound}`),
  fc.integer({ min: -4, max: 21 }).map((bound) => `${bound} > ReportId`),
  fc.array(fc.integer({ min: -4, max: 21 }), { minLength: 1, maxLength: 3 }).map((list) => `ReportId in (${list})`),
  fc.constantFrom('a.exe', 'A.exe', '😀', 'Z', '').map((name) => `FileName == "${name}"`),
  fc.constantFrom('ReportId == 1152921504606846976', 'FileName has "exe"', 'isnull(Timestamp)', 'DeviceName == "pc1"'),
  fc.constantFrom(
    'not(ReportId > 3)',
    'ReportId != 3',
    'FileName =~ "A.EXE"',
    'strlen(FileName) > 2',
    'tolower(FileName) == "a.exe"',
  ),
);
const conditions = fc
  .array(fc.tuple(fc.constantFrom('and', 'or'), condition), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map(([word, part], at) => (at === 0 ? part : `${word} ${part}`)).join(' '));

function write(path: string, events: readonly Event[], rowGroupSize: number): void {
  const timeOf = ({ second }: Event) => (second === null ? null : new Date(START + second * 1000));
  const columnData = [
    { name: 'Timestamp', type: 'TIMESTAMP' as const, data: events.map(timeOf) },
    { name: 'ReportId', type: 'INT64' as const, data: events.map(({ report }) => report) },
    { name: 'FileName', type: 'STRING' as const, data: events.map(({ name }) => name) },
    { name: 'DeviceName', type: 'STRING' as const, data: events.map((_, row) => `pc${row % 3}`) },
    {
      name: 'ProcessId',
      type: 'STRING' as const,
      data: events.map((_, row) => (row % 5 === 4 ? 'none' : String(row))),
    },
    { name: 'Extra', type: 'JSON' as const, data: events.map((_, row) => ({ row })) },
  ];
  writeFileSync(path, Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize })));
}

async function answer(folder: string, query: string): Promise<unknown> {
  const { tables } = await openDataFolder(folder);
  const engine = createKqlEngine({ schema: defenderSchema(), tables, now: NOW, elapsed: () => 0 });
  const result = await engine.run(query, { signal: new AbortController().signal });
  return { columns: result.columns, rows: [...result.rows()] };
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-pruned-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('gives the rows of a Parquet file that a plain reading gives, whatever is asked and however the file is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { maxLength: 80 }),
      fc.boolean(),
      fc.constantFrom(1, 4, 17, 100),
      conditions,
      (events, isSorted, rowGroupSize, asked) =>
        inFolder(async (folder) => {
          const rows = isSorted ? [...events].sort((a, b) => (a.second ?? 0) - (b.second ?? 0)) : events;
          write(join(folder, 'DeviceProcessEvents.parquet'), rows, rowGroupSize);
          const kept = `where ${asked} | project Timestamp, ReportId, FileName, DeviceName, ProcessId, Extra`;
          const plain = await answer(folder, `DeviceProcessEvents | extend x = 1 | ${kept}`);
          expect(await answer(folder, `DeviceProcessEvents | ${kept}`)).toEqual(plain);
        }),
    ),
    { numRuns: tries(15, 40) },
  );
});

test('what no row can be needed of is not read', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'DeviceProcessEvents.parquet');
    const events = Array.from({ length: 400 }, (_, row) => ({ second: row, report: BigInt(row), name: `${row}.exe` }));
    write(path, events, 100);
    const bytes = readFileSync(path);
    bytes.fill(255, 20, 60);
    writeFileSync(path, bytes);
    const late = 'DeviceProcessEvents | where Timestamp > datetime(2026-01-01T00:06:38Z) | project FileName, Timestamp';
    expect(await answer(folder, late)).toMatchObject({ rows: [{ FileName: '399.exe' }] });
    await expect(answer(folder, late.replace('00:06:38', '00:00:00'))).rejects.toThrow('cannot be read as Parquet');
  });
});

test('cells that became null are told whether their rows are needed or not', async () => {
  await inFolder(async (folder) => {
    write(join(folder, 'DeviceProcessEvents.parquet'), Array(20).fill({ second: 5, report: 1n, name: 'a.exe' }), 10);
    const folders = await openDataFolder(folder);
    const engine = createKqlEngine({ tables: folders.tables, now: NOW, elapsed: () => 0 });
    const query = 'DeviceProcessEvents | where ReportId > 7 | project ProcessId';
    await engine.run(query, { signal: new AbortController().signal });
    expect(folders.notes().join()).toMatch(/ProcessId: 4 cells are no long .* in row 5\./);
  });
});

const known = tableOf('Name: string, N: long, At: datetime, R: real, D: dynamic', [['a', 1, 0, 1, null]]);

/** Whether a part with these ranges may hold a row that the query keeps. */
async function mayKeep(query: string, ranges: Readonly<Record<string, ValueRange>>): Promise<boolean | null> {
  let told: Narrowing | null = null;
  const spy: TableSource = {
    columns: known.columns,
    load(columns, signal, narrow) {
      told = narrow ?? null;
      return known.load(columns, signal);
    },
  };
  await ask(query, { S: spy });
  const rangeOf: RangeOf = (column) => ranges[column] ?? null;
  return (told as Narrowing | null)?.mayKeep(rangeOf) ?? null;
}

const range = (least: ValueRange['least'], most: ValueRange['most']): ValueRange => ({ least, most });

it.each<[string, Record<string, ValueRange>, boolean]>([
  ['N > 5', { N: range(1, 5) }, false],
  ['N >= 5', { N: range(1, 5) }, true],
  ['5 < N', { N: range(1, 5) }, false],
  ['N == 7', { N: range(1, 5) }, false],
  ['N == 2', { N: range(1, 2n ** 60n) }, true],
  ['N in (0, 7)', { N: range(1, 5) }, false],
  ['N in (0, 3)', { N: range(1, 5) }, true],
  ['N !in (0, 3)', { N: range(0, 0) }, true],
  ['N between (6 .. 9)', { N: range(1, 5) }, false],
  ['N !between (6 .. 9)', { N: range(7, 8) }, true],
  ['N > 5 and Name has "x"', { N: range(1, 5) }, false],
  ['N > 5 or Name has "x"', { N: range(1, 5) }, true],
  ['N > 5 or Name == "q"', { N: range(1, 5), Name: range('a', 'p') }, false],
  ['N > 5 and strcat(Name, "x") == "yx"', { N: range(1, 5) }, true],
  ['not(N > 5)', { N: range(7, 9) }, true],
  ['N + 1 > 9', { N: range(1, 2) }, true],
  ['N > 5.5', { N: range(1, 2) }, true],
  ['N == long(null)', { N: range(1, 2) }, true],
  ['Name == "z"', { Name: range('a', 'p') }, false],
  ['Name == ""', { Name: range('a', 'p') }, true],
  ['Name =~ "Z"', { Name: range('a', 'p') }, true],
  ['Name == "\uFF5E"', { Name: range('a', '😀') }, true],
  ['Name in ("q", "z")', { Name: range('a', 'p') }, false],
  ['Name in~ ("q", "z")', { Name: range('a', 'p') }, true],
  ['At > ago(1h)', { At: range(0, 1) }, false],
  ['At between (ago(1h) .. 2h)', { At: range(0, 1) }, false],
  ['At between (datetime(2013-01-01) .. now())', { At: range(0, 1) }, true],
  ['R > 5', { R: range(1, 2) }, true],
  ['D > 5', { D: range(1, 2) }, true],
  ['N > 5', {}, true],
  ['Name has "a" | where N > 5', { N: range(1, 5) }, false],
  ['N > 5 | where strcat(Name, "x") == "ax"', { N: range(1, 5) }, false],
  ['strcat(Name, "x") == "ax" | where N > 5', { N: range(1, 5) }, true],
])('%s in a part with %j: %s', async (asked, ranges, kept) => {
  expect(await mayKeep(`S | where ${asked}`, ranges)).toBe(kept);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { openDataFolder } from '../../../src/engine/data/folder.ts';
import { createKqlEngine } from '../../../src/engine/kql-engine.ts';
import { defenderSchema } from '../../../src/kql/defender.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'huntwire-parquet-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('reads Parquet: exact longs, times to the millisecond, booleans, nulls, and only the columns asked for', async () => {
  const columnData = [
    {
      name: 'Timestamp',
      data: [new Date('2026-01-01T00:00:00.123Z'), new Date('1969-12-31T23:59:59.5Z')],
      type: 'TIMESTAMP' as const,
    },
    { name: 'DeviceName', data: ['a', 'b'], type: 'STRING' as const },
    { name: 'ReportId', data: [639199803770463703n, 2n], type: 'INT64' as const },
    { name: 'AdditionalFields', data: ['{"x":1}', ''], type: 'STRING' as const },
  ];
  writeFileSync(join(root, 'DeviceEvents.parquet'), Buffer.from(parquetWriteBuffer({ columnData })));
  const { tables } = await openDataFolder(root);
  const engine = createKqlEngine({ schema: defenderSchema(), tables, now: 0, elapsed: () => 0 });
  const query = 'DeviceEvents | project DeviceName, Timestamp, ReportId, X = toint(parse_json(AdditionalFields).x)';
  const result = await engine.run(query, { signal: new AbortController().signal });
  expect([...result.rows()]).toEqual([
    { DeviceName: 'a', Timestamp: '2026-01-01T00:00:00.123Z', ReportId: '639199803770463703', X: 1 },
    { DeviceName: 'b', Timestamp: '1969-12-31T23:59:59.5Z', ReportId: 2, X: null },
  ]);
});

it.each([
  ['nothing', Buffer.alloc(0), 'it has 0 bytes, too few for such a file'],
  ['a group of more rows than any has', footer(10n ** 12n), 'a group of it is said to have 1000000000000 rows'],
])('refuses %s', async (_what, bytes, reason) => {
  writeFileSync(join(root, 'DeviceEvents.parquet'), bytes);
  const engine = createKqlEngine({ schema: defenderSchema(), files: { paths: root }, now: 0, elapsed: () => 0 });
  const asked = engine.run('DeviceEvents | count', { signal: new AbortController().signal });
  await expect(asked).rejects.toThrow(`DeviceEvents.parquet cannot be read as Parquet: ${reason}.`);
});

/** A file that is all footer: no column, one group of so many rows. */
function footer(rows: bigint): Buffer {
  const zigzag = (value: bigint): number[] => {
    const bytes = (rest: bigint): number[] =>
      rest < 128n ? [Number(rest)] : [Number(rest & 127n) | 128, ...bytes(rest >> 7n)];
    return bytes(value * 2n);
  };
  const root = [0x48, 4, ...Buffer.from('root'), 0x15, 0, 0];
  const group = [0x19, 0x0c, 0x16, 0, 0x16, ...zigzag(rows), 0];
  const told = Buffer.from([0x15, 2, 0x19, 0x1c, ...root, 0x16, ...zigzag(rows), 0x19, 0x1c, ...group, 0]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(told.length);
  return Buffer.concat([Buffer.from('PAR1'), told, size, Buffer.from('PAR1')]);
}

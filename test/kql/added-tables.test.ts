import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { tableOfName } from '../../src/engine/data/table-name.ts';
import { columnsOfTable, defenderTables, hasDevices, isColumnName, timeColumnOf } from '../../src/kql/defender.ts';
import { prepareKey } from '../../src/kql/prepare-key.ts';
import { prepareQuery } from '../../src/kql/prepare-query.ts';
import { addedVersion, useAddedTables } from '../../src/kql/schemas/added-tables.ts';
import { parseSchemaFile } from '../../src/kql/schemas/schema-file.ts';
import type { Column } from '../../src/kql/types.ts';

const column = (name: string, type: Column['type']): Column => ({ name, type });
const TABLES = {
  Events_CL: {
    columns: [column('Created', 'datetime'), column('Who', 'string'), column('DeviceName', 'string')],
    time: 'Created',
    ingestionTime: false,
  },
  DeviceEvents: { columns: [column('Elsewhere', 'string')], time: null, ingestionTime: true },
};
const OPTIONS = { basis: 'ingestion', tables: {}, params: {}, keepFilters: 'never', lookbackMs: null } as never;

afterEach(() => useAddedTables({}));

describe('tables of a schema file', () => {
  it('are known beside those of Defender, of which none is another', async () => {
    const before = { names: defenderTables().length, version: addedVersion(), key: prepareKey('T', OPTIONS) };
    useAddedTables(TABLES);
    expect(defenderTables()).toHaveLength(before.names + 1);
    expect(columnsOfTable('Events_CL')).toEqual(TABLES.Events_CL.columns);
    expect(columnsOfTable('DeviceEvents')?.length).toBeGreaterThan(10);
    expect([timeColumnOf('Events_CL'), timeColumnOf('DeviceEvents')]).toEqual(['Created', 'Timestamp']);
    expect([hasDevices('Events_CL'), isColumnName('Who'), tableOfName('events_cl', '')]).toEqual([
      true,
      true,
      'Events_CL',
    ]);
    expect([addedVersion() === before.version, prepareKey('T', OPTIONS) === before.key]).toEqual([false, false]);
    useAddedTables({});
    expect([columnsOfTable('Events_CL'), isColumnName('Who'), prepareKey('T', OPTIONS)]).toEqual([
      null,
      false,
      before.key,
    ]);
  });

  it('count before those of Defender where they are the own tables of a source', async () => {
    const columns = [column('TimeGenerated', 'datetime'), column('AccountUPN', 'string')];
    const IdentityInfo = { columns, time: 'TimeGenerated', ingestionTime: true };
    const query = 'SigninLogs | join kind=leftouter (IdentityInfo | distinct AccountUPN) on AccountUPN';
    const lookedUp = async () => (await prepareQuery(query, OPTIONS)).tables[1];
    useAddedTables({ IdentityInfo });
    expect([columnsOfTable('IdentityInfo')?.length === 2, timeColumnOf('IdentityInfo')]).toEqual([false, 'Timestamp']);
    const lookbackMs = 7 * 86_400_000;
    expect(await lookedUp()).toMatchObject({ timeColumn: 'Timestamp', role: 'entity', lookbackMs });
    useAddedTables({ IdentityInfo: { ...IdentityInfo, isOwn: true } });
    expect([columnsOfTable('IdentityInfo'), timeColumnOf('IdentityInfo')]).toEqual([columns, 'TimeGenerated']);
    expect(await lookedUp()).toMatchObject({ timeColumn: 'TimeGenerated', lookbackMs: 15 * 86_400_000 });
    expect(columnsOfTable('DeviceEvents')?.length).toBeGreaterThan(10);
  });

  it('are what queries are analysed by', async () => {
    const query = 'Events_CL | where Whoo == "x"';
    expect((await prepareQuery(query, OPTIONS)).tables).toMatchObject([{ known: false }]);
    useAddedTables(TABLES);
    const prepared = await prepareQuery(query, OPTIONS);
    expect(prepared.tables).toMatchObject([{ table: 'Events_CL', known: true, timeColumn: 'Created' }]);
    expect(prepared.findings.map(({ message }) => message).join()).toContain('Whoo');
  });
});

describe('a schema file', () => {
  it('that is shipped has the tables of Sentinel, of which Defender has one of the same name', () => {
    const text = readFileSync(resolve(import.meta.dirname, '../../schemas/sentinel.json'), 'utf8');
    const tables = parseSchemaFile(text, 'sentinel.json');
    expect(Object.keys(tables).length).toBeGreaterThan(60);
    expect(Object.keys(tables).filter((name) => columnsOfTable(name) !== null)).toEqual(['IdentityInfo']);
    expect(Object.entries(tables).filter(([, { time }]) => time !== 'TimeGenerated')).toEqual([]);
    expect(tables.SigninLogs?.columns).toContainEqual({ name: 'UserPrincipalName', type: 'string' });
  });

  it.each([
    ['{', 'it is no JSON'],
    ['[]', 'no "tables"'],
    ['{"tables":{"T":{}}}', 'the table "T" has no "columns"'],
    ['{"tables":{"T":{"columns":[{"name":"A","type":"text"}]}}}', 'no type of KQL'],
    ['{"tables":{"T":{"columns":[{"name":"A","type":"string"}],"time":"A"}}}', 'names no datetime column'],
  ])('%s is none', (text, says) => {
    expect(() => parseSchemaFile(text, 'a.json')).toThrow(says);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { EmulatedApi } from '../../src/emulator/answer.ts';
import { columnsOfTable } from '../../src/kql/defender.ts';
import { useAddedTables } from '../../src/kql/schemas/added-tables.ts';
import { parseSchemaFile } from '../../src/kql/schemas/schema-file.ts';
import { configText, eventOf, openStage, ruleText, type Stage } from '../e2e/stage.ts';

const KUSTO = ', cluster: "https://c.kusto.windows.net", database: Security';

let open: Stage[] = [];
afterEach(async () => {
  useAddedTables({});
  await Promise.all(open.map((stage) => stage.close()));
  open = [];
});

async function stageOf(api: EmulatedApi, source = ''): Promise<Stage> {
  const stage = await openStage({ events: [eventOf('a-rule', 1)] });
  open.push(stage);
  stage.write('huntwire.yaml', configText(stage, api, { source }));
  stage.write('rules/a-rule.yaml', ruleText('a-rule'));
  return stage;
}

describe('huntwire schema pull', () => {
  it.each<[EmulatedApi, string, boolean]>([
    ['graph', '', true],
    ['kusto', KUSTO, true],
    ['lake', '', false],
  ])('asks %s for the columns of a table, and writes what "schemas" reads', async (api, source, ingestionTime) => {
    const stage = await stageOf(api, source);
    const ended = await stage.cli('schema', 'pull', 'DeviceEvents', '--output', 'own.json');
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    const text = readFileSync(join(stage.folder, 'own.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ name: 'default', date: '2026-01-10' });
    const { DeviceEvents } = parseSchemaFile(text, 'own.json');
    expect(DeviceEvents).toEqual({ columns: columnsOfTable('DeviceEvents'), time: 'Timestamp', ingestionTime });
  });

  it.each<[EmulatedApi, string, number]>([
    ['loganalytics', ', workspaces: [12345678-1234-1234-1234-1234567890ab]', 1],
    // Whether rows have an ingestion time is asked for each.
    ['kusto', KUSTO, 3],
    ['graph', '', 2],
  ])('asks %s for several tables at once, where that can be', async (api, source, calls) => {
    const stage = await stageOf(api, source);
    const ended = await stage.cli('schema', 'pull', 'DeviceEvents', 'EmailEvents');
    expect(ended.code).toBe(0);
    const { tables } = JSON.parse(ended.stdout);
    expect(tables.DeviceEvents).toEqual({
      columns: columnsOfTable('DeviceEvents'),
      time: 'Timestamp',
      ingestionTime: true,
    });
    expect(Object.keys(tables)).toEqual(['DeviceEvents', 'EmailEvents']);
    expect(stage.emulator.seen).toHaveLength(calls);
  });

  it('asks one by one where the one call is refused, and for what it did not tell', async () => {
    const stage = await stageOf('kusto', KUSTO);
    stage.write('huntwire.yaml', stage.read('huntwire.yaml').replace('database: Security', 'database: Other'));
    const ended = await stage.cli('schema', 'pull', 'DeviceEvents', 'Nothing_CL');
    expect(ended).toMatchObject({ code: 5, stderr: expect.stringContaining('Nothing_CL: SOURCE_TABLE_MISSING') });
    expect(Object.keys(JSON.parse(ended.stdout).tables)).toEqual(['DeviceEvents']);
  });

  it('tells a table that is not there, and gives the others', async () => {
    const stage = await stageOf('graph');
    const ended = await stage.cli('schema', 'pull', 'Nothing_CL', 'DeviceEvents');
    expect(ended.code).toBe(5);
    expect(ended.stderr).toContain('Nothing_CL: SOURCE_TABLE_MISSING');
    expect(Object.keys(JSON.parse(ended.stdout).tables)).toEqual(['DeviceEvents']);
  });

  it('asks for the tables of rules that are not known, where none is named', async () => {
    const stage = await stageOf('graph');
    expect(await stage.cli('schema', 'pull')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Name tables'),
    });
    stage.write('rules/a-rule.yaml', ruleText('a-rule').replace('DeviceEvents', 'Other_CL'));
    const ended = await stage.cli('schema', 'pull');
    expect(ended).toMatchObject({ code: 5, stderr: expect.stringContaining('Other_CL') });
  });
});

it('query --data knows the tables of schema files without a configuration', async () => {
  const stage = await stageOf('graph');
  stage.write('events/SecurityEvent.jsonl', '{"TimeGenerated":"2026-01-10T11:00:00Z","EventID":"4625"}\n');
  const ask = (...more: string[]) =>
    stage.cli('query', 'SecurityEvent | project EventID, Account', '--data', 'events', '--format', 'json', ...more);
  expect(await ask()).toMatchObject({ code: 5, stdout: expect.stringContaining('Account') });
  const { columns, rows } = JSON.parse((await ask('--schema', 'sentinel')).stdout);
  expect({ columns, rows }).toMatchObject({
    columns: [{ type: 'int' }, { type: 'string' }],
    rows: [{ EventID: 4625 }],
  });
  expect(await stage.cli('query', 'T', '--schema', 'sentinel')).toMatchObject({ code: 2 });
});

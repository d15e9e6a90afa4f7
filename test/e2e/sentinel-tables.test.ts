import { afterEach, expect, it } from '@jest/globals';
import { takeSchemas } from '../../src/cli/schema-files.ts';
import { createEngineAnswerer } from '../../src/emulator/engine-answerer.ts';
import { createFileEvents } from '../../src/emulator/file-events.ts';
import { rowTable } from '../../src/engine/data/row-table.ts';
import { columnsOfTable } from '../../src/kql/defender.ts';
import { useAddedTables } from '../../src/kql/schemas/added-tables.ts';
import { configText, documentOf, MINUTE, openStage, type Stage, T0 } from './stage.ts';

let open: Stage[] = [];
afterEach(async () => {
  useAddedTables({});
  await Promise.all(open.map((stage) => stage.close()));
  open = [];
});

const RULE = `
id: 0f2c2d3a-0f0f-4f4f-9f9f-0123456789ab
name: Sign-in that failed
description: A sign-in failed.
severity: Medium
status: Available
kind: Scheduled
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics: [InitialAccess]
relevantTechniques: [T1078]
query: |
  SigninLogs
  | where ResultType != "0"
  | project TimeGenerated, UserPrincipalName, IPAddress, ResultType
entityMappings:
  - entityType: IP
    fieldMappings:
      - {identifier: Address, columnName: IPAddress}
version: 1.0.0
`;

const ROWS = ['0', '50126'].map((ResultType) => ({
  TimeGenerated: new Date(T0 - 10 * MINUTE).toISOString(),
  UserPrincipalName: 'a@contoso.example',
  IPAddress: '192.0.2.1',
  ResultType,
}));

it('a Sentinel rule over a table of Sentinel is linted by its columns, runs in a workspace, and tells its entity', async () => {
  takeSchemas(['sentinel']);
  const tables = { SigninLogs: rowTable(columnsOfTable('SigninLogs') ?? [], ROWS) };
  let elapsed = 0;
  const answerer = createEngineAnswerer(createFileEvents(tables), { elapsed: () => elapsed++ });
  const stage = await openStage({ emulator: { answerer } });
  open.push(stage);
  const source = ', workspaces: [12345678-1234-1234-1234-1234567890ab]';
  stage.write('huntwire.yaml', configText(stage, 'loganalytics', { source, more: 'schemas: [sentinel]' }));
  stage.write('rules/a-rule.yaml', RULE);
  stage.write('rules/wrong.yaml', RULE.replace('0f2c2d3a', '1f2c2d3a').replace('where ResultType', 'where ResultTipe'));
  const lint = await stage.cli('lint', '--format', 'json');
  const { findings } = documentOf(lint) as { findings: readonly { file: string; message: string }[] };
  expect(
    findings
      .filter(({ file }) => file.endsWith('wrong.yaml'))
      .map(({ message }) => message)
      .join(),
  ).toContain('ResultTipe');
  expect(
    findings
      .filter(({ file }) => file.endsWith('a-rule.yaml'))
      .map(({ message }) => message)
      .join(),
  ).not.toContain('SigninLogs');
  stage.write('rules/wrong.yaml', '');
  const ended = await stage.cli('once', '--skip-broken', '--format', 'json');
  expect(documentOf(ended)).toMatchObject({ runs: [{ outcome: 'ok', rows: 1, alerts: 1 }] });
  expect(stage.alerts()).toMatchObject([
    { source: 'loganalytics', entities: [{ type: 'ip' }], title: expect.any(String) },
  ]);
  // Nobody asked for the schema of a table that is known.
  expect(stage.emulator.seen.filter(({ body }) => body.includes('getschema'))).toEqual([]);
});

import { expect, it } from '@jest/globals';
import { createAnalyst } from '../../src/kql/analyst.ts';
import { parseRules } from '../../src/rules/load-rules.ts';
import { prepareRules } from '../../src/rules/prepare-rules.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import { testRule } from '../../src/trial/test-rule.ts';

const RULE = (test: string) => `
id: quiet
name: A query that a broken event never reaches
severity: high
attack: [T1059]
query: |
  DeviceProcessEvents
  | where FileName == "evil.exe"
  | join kind=leftouter (DeviceInfo | summarize arg_max(Timestamp, *) by DeviceId) on DeviceId
  | project Timestamp, DeviceId, ReportId
schedule: {every: 1h}
tests:
  - ${test}
`;

async function differences(test: string): Promise<readonly string[]> {
  const { rules, problems } = parseRules('rule.yaml', RULE(test));
  expect(problems).toEqual([]);
  const [rule] = (await prepareRules(rules, createAnalyst({ form: 'in-process' }))).rules;
  const [first] = rule?.tests ?? [];
  if (!rule || !first) throw new Error('the rule did not load');
  const result = await testRule(rule, first, { openStore: (clock) => openMemoryStore({ clock }) });
  return result.differences.map(({ path, actual }) => `${path}: ${actual}`);
}

const event = (cells: string) =>
  `{name: broken, tables: {DeviceProcessEvents: [{FileName: evil.exe, DeviceName: a, ${cells}}]}, alerts: [{}]}`;

it.each([
  [
    '{name: misspelt, tables: {DeviceProcesEvents: [{FileName: evil.exe}]}, alerts: []}',
    /^tables\.DeviceProcesEvents: .*Did you mean "DeviceProcessEvents"/,
  ],
  [
    '{name: unread, tables: {DeviceFileEvents: [{FileName: evil.exe}]}, alerts: []}',
    /^tables\.DeviceFileEvents: the query/,
  ],
  ['{name: unread and empty, tables: {DeviceFileEvents: []}, alerts: []}', /^tables\.DeviceFileEvents: the query/],
  [
    event('Timestamp: "2026-01-00T11:58:00Z"'),
    /^tables\.DeviceProcessEvents\[0\]\.Timestamp: "2026-01-00T11:58:00Z" cannot/,
  ],
  [event('Timestamp: "13/01/2026 11:58:00"'), /\.Timestamp: "13\/01\/2026 11:58:00" does not say/],
  [event('Timestamp: "03/01/2026 11:58:00"'), /\.Timestamp: .* does not say/],
  [event('_ingested: soon'), /\._ingested: "soon" cannot/],
  [event('ProcessId: abc'), /\.ProcessId: "abc" cannot/],
  [event('ProcessId: 1.5'), /\.ProcessId: 1\.5 cannot/],
  [event('ProcessId: [1]'), /\.ProcessId: 1 cannot/],
  [event('IsInitiatingProcessRemoteSession: perhaps'), /\.IsInitiatingProcessRemoteSession: "perhaps" cannot/],
  [
    '{name: rows, rows: [{Timestamp: yesterday, DeviceId: a}], alerts: [{}]}',
    /^rows\[0\]\.Timestamp: "yesterday" cannot/,
  ],
])('a test fails that gives what its query cannot see: %s', async (test, message) => {
  expect(await differences(test)).toEqual([expect.stringMatching(message)]);
});

it('takes what can be read, whatever its form, and empty cells', async () => {
  expect(
    await differences(
      event(
        'Timestamp: "2026-01-01T11:58:00.1234567Z", ProcessId: "7", ProcessUniqueId: 639199803770463703, FileSize: ""',
      ),
    ),
  ).toEqual([]);
});

it('tells every broken cell at once', async () => {
  const two = await differences(
    '{name: two, tables: {DeviceProcessEvents: [{ProcessId: x}, {FileName: a}, {ProcessId: y, FileSize: z}], DeviceInfo: []}, alerts: []}',
  );
  expect(two.map((text) => text.split(':')[0])).toEqual([
    'tables.DeviceProcessEvents[0].ProcessId',
    'tables.DeviceProcessEvents[2].FileSize',
    'tables.DeviceProcessEvents[2].ProcessId',
  ]);
});

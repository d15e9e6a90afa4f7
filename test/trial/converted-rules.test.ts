import { describe, expect, it } from '@jest/globals';
import { createAnalyst } from '../../src/kql/analyst.ts';
import { renderQuery } from '../../src/kql/render.ts';
import { parseRules } from '../../src/rules/load-rules.ts';
import { prepareRules } from '../../src/rules/prepare-rules.ts';
import type { RuleTest, RunnableRule } from '../../src/rules/rule.ts';
import { writeRule } from '../../src/rules/write/write-rule.ts';
import { askedWindow, DEFAULT_WINDOW_SETTINGS } from '../../src/run/windows.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import { testRule } from '../../src/trial/test-rule.ts';
import { sentinelText } from '../rules/readers/sentinel-text.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');

async function runnable(file: string, text: string): Promise<RunnableRule> {
  const { rules, problems, refusals } = parseRules(file, text);
  expect([...problems, ...refusals]).toEqual([]);
  const prepared = await prepareRules(rules, createAnalyst({ form: 'in-process' }));
  const [rule] = prepared.rules;
  if (!rule) throw new Error(JSON.stringify([...prepared.problems, ...prepared.refusals]));
  return rule;
}

function sentOf(rule: RunnableRule): string {
  const window = askedWindow(rule, { from: NOW - rule.lookbackMs, to: NOW }, DEFAULT_WINDOW_SETTINGS);
  return renderQuery(rule.prepared, { logicalTime: NOW, window, latenessMs: 0, params: rule.params }).text;
}

const SET =
  '|\n  DeviceProcessEvents\n  | where Timestamp > ago(1h)\n  | summarize n = count(), Timestamp = max(Timestamp) by DeviceName\n';
const DETECTION = JSON.stringify({
  id: 'd1',
  displayName: 'Archive tool',
  status: 'enabled',
  queryCondition: { queryText: 'DeviceProcessEvents\r\n| where FileName == "7z.exe"' },
  schedule: { frequency: 'PT1H' },
  detectionAction: {
    alertTemplate: {
      title: '{{FileName}}',
      severity: 'low',
      entityMappings: { hosts: [{ nameColumn: 'DeviceName' }] },
    },
    automatedActions: { isolateDevices: [{ deviceIdColumn: 'DeviceId' }] },
  },
});

const ROWS = [
  { FileName: '7z.exe', DeviceName: 'pc1' },
  { FileName: '7z.exe', DeviceName: 'pc1' },
  { FileName: '7z.exe', DeviceName: 'pc2' },
];

describe('a rule of another product and what convert writes of it', () => {
  it.each([
    ['a stream', 'r.yaml', sentinelText(), 'ingestion_time()', 1],
    ['a set', 'r.yaml', sentinelText({ query: SET }), 'Timestamp >= datetime(', 1],
    ['a threshold', 'r.yaml', sentinelText({ triggerThreshold: '2' }), 'Timestamp >= datetime(', 1],
    ['a threshold that is not reached', 'r.yaml', sentinelText({ triggerThreshold: '3' }), 'Timestamp >= datetime(', 0],
    ['one for each row', 'r.yaml', sentinelText({ eventGroupingSettings: '{aggregationKind: AlertPerResult}' }), '', 3],
    ['a custom detection', 'r.json', DETECTION, 'ingestion_time()', 2],
  ])('send the same query and make the same alerts: %s', async (_, file, text, filter, alerts) => {
    const theirs = await runnable(file, text);
    const [read] = parseRules(file, text).rules;
    const ours = await runnable('converted.yaml', read ? writeRule(read) : '');
    expect(sentOf(ours)).toBe(sentOf(theirs));
    expect(sentOf(theirs)).toContain(filter);
    expect(ours.hash).toBe(theirs.hash);
    const test: RuleTest = {
      name: 't',
      line: 1,
      column: 1,
      now: NOW,
      rows: null,
      tables: { DeviceProcessEvents: ROWS },
      functions: {},
      externaldata: {},
      alerts: Array.from({ length: alerts }, () => ({})),
    };
    const deps = { openStore: (clock: Parameters<typeof openMemoryStore>[0]['clock']) => openMemoryStore({ clock }) };
    const results = await Promise.all([theirs, ours].map((rule) => testRule(rule, test, deps)));
    expect(results.map(({ differences }) => differences)).toEqual([[], []]);
  });
});
